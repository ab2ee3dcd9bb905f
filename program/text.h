// How does a reproducer look in a file that people read, edit and mail? Lines of words; `#` begins a comment.
//
//   ordeal 1
//   allocator slub
//   model lkmm
//   bug user.publish_relaxed
//   geometry page=64K order=1 object=65536 exts=in-object cpus=2 slabs=1
//   op 0 cpu 0 alloc a charged
//   op 1 cpu 0 write a.1
//   op 2 cpu 0 publish a s0 release
//   op 3 cpu 1 consume b s0 acquire
//   op 4 cpu 1 forward s1 s2 acquire release
//   op 5 cpu 0 alloc a charged=2 counted
//   op 6 cpu 0 share a s3 release
//   op 7 cpu 0 put a refcount
//   op 8 cpu 0 link b c
//   op 9 cpu 1 offline 1
//   op 10 cpu 1 free c later
//   op 11 cpu 0 flush 1
//   op 12 cpu 1 migrate 0 irq 4
//   decision 3.1 switch cpu 1
//   decision 4.2 read 1.1
//   decision 4.3 insert 2.1
//   expect violation stale-contents
//   expect headline ordering/LKMM
//   expect owner user
//
// `ordeal 1` comes first and geometry before ops and decisions; what is left out has the default of reproducer.h. The byte form,
// for fuzzers, is bytes.h. Thread-safe.
#pragma once
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "program/reproducer.h"

namespace ordeal {

// The canonical text, ending with a line break. Lossless: Parse(Format(r)) == r if Validate(r).ok(); otherwise a text for
// debugging, in which a value without a name is "?".
std::string Format(const Reproducer& reproducer);

// One line of it, without the line break: "op 2 cpu 0 publish a s0 release". For reports.
std::string FormatGeometry(const Geometry& geometry);
std::string FormatOp(const Op& op);
std::string FormatDecision(const Decision& decision);

// Only reproducers that Validate come out. Every error is InvalidArgument and one line: `FILE:LINE: got X, expected Y`.
// At most kMaxTextBytes are looked at. `file_name` is for messages alone.
absl::StatusOr<Reproducer> Parse(std::string_view text, std::string_view file_name);

inline constexpr size_t kMaxTextBytes = 1 << 20;

}  // namespace ordeal
