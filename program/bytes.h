// How does a reproducer look in a fuzzer's corpus? A few dozen bytes, so that engines which know nothing of it are quick.
//
//   "ORD" 1                        magic, version
//   geometry                       page | order << 2 | exts << 4 | (slabs - 1) << 6 | more << 7, cpus, varint object_bytes / 8,
//                                  [nodes | cgroups << 2 | no dwcas << 4 | stride << 5], which is not 0
//   varint n, n ops                kind | cpu << 3 | charged << 6 | has_id << 7, [kind - 7, where the kind above is 7;
//                                  an interrupt: 7 there, and kind | 1 << 7, access], [varint id], operands, [publish | consume << 4]. Operands: register | slot, field, put or second register << 4;
//                                  forward: slot | slot2 << 4; alloc: register | (cgroup - 1 if charged) << 4 | counted << 7;
//                                  free: register | later << 7; offline: the cgroup; flush and migrate: the CPU; drain, stats, shrink and destroy: 0
//   varint n, n decisions          varint op, varint k, kind | cpu << 2 | init << 7, [varint op, varint k of the store]
//   allocator, model               a length byte and that many characters, as the following
//   varint n, n bugs
//   violation, headline, owner
//
// An id is written only where it is not the previous one plus 1; the first is 0. Integers have one encoding, unused bits are 0
// and nothing follows the end, so that two different inputs never mean the same reproducer. Thread-safe.
#pragma once
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "program/reproducer.h"

namespace ordeal {

// Decode(Encode(r)) == r. Requires Validate(r).ok(), which is checked.
std::string Encode(const Reproducer& reproducer);

// Encode(Decode(b)) == b. InvalidArgument and one line for everything else: `byte 17: got X, expected Y` where the form is wrong
// (17 bytes were read until then), Validate's message where the contents are. No more than a few hundred kilobytes are allocated.
absl::StatusOr<Reproducer> Decode(std::span<const uint8_t> bytes);

// The hash of a program alone, the same on every machine: for seeds, names and memos. Requires Validate(program).ok().
uint64_t ProgramHash(const Program& program);

}  // namespace ordeal
