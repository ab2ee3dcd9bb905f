// Which programs make sense? Two levels: well-formed (every part of the project accepts it) and disciplined (the users of the
// allocator keep their side of the contract, so that whatever goes wrong is not their fault).
//
// All functions are pure and thread-safe.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "program/reproducer.h"

namespace ordeal {

inline constexpr u32 kPageSizes[] = {4096, 16384, 65536};
inline constexpr size_t kMaxDecisions = 4096;
inline constexpr size_t kMaxBugs = 32;
inline constexpr size_t kMaxNameBytes = 64;

// Allocators, models, bugs, expectations: 1 to kMaxNameBytes of letters, digits and `_ . - / + : =`.
bool IsName(std::string_view word);

// Within the limits of program.h, geometry.h and the above; ids unique; fields that an op or a decision does not use have
// their defaults, so that equal means equal. InvalidArgument, one line, e.g. `op 3: got cpu 4, expected 0..1`.
// Decisions may name ops that are not there (they have no effect): deleting an op leaves the rest in place.
absl::Status Validate(const Reproducer& reproducer);
absl::Status Validate(const Program& program);

// The same for one part; `got X, expected Y` without saying where.
absl::Status ValidateGeometry(const Geometry& geometry);
absl::Status ValidateOp(const Op& op, const Geometry& geometry);
absl::Status ValidateDecision(const Decision& decision, const Geometry& geometry);

// The highest number of a cgroup that an alloc may name: 1, the one page counter, where the geometry has no cgroups.
constexpr u8 MostCgroups(const Geometry& geometry) { return geometry.cgroups > 1 ? geometry.cgroups : 1; }

// The op with every field that its kind does not use at its default.
Op Canonical(const Op& op);

// Strong enough for any later use of the object, by LKMM: see discipline.cc for each one's reason.
bool KeepsDiscipline(Publish publish);  // release, mb, xchg, locked
bool KeepsDiscipline(Consume consume);  // once, rmb, acquire, xchg, xchg_acquire, locked

// The static discipline under which correct users are silent: an op uses a register only where it is filled, and with what the op
// is for (custody.h: an object that counts its references ends by put and no other does, ...); a slot is published at most once and
// taken at most once in the whole program, by a hand-over that is strong enough, under its lock on both sides or on neither; some
// order of the ops lets every consume find its slot filled and every take_next its link; and no cgroup goes offline twice. A filled
// register may be overwritten, or never freed: a leak breaks no contract. Requires Validate(program).ok().
bool KeepsDiscipline(const Program& program);

// Empty, or the first breach: "op 5: free b: the register is empty".
std::string BrokenDiscipline(const Program& program);

}  // namespace ordeal
