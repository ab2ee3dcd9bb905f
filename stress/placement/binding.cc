#include "stress/placement/binding.h"

#include <cerrno>
#include <cstring>
#include <memory>

#include "absl/strings/str_cat.h"
#include "hwloc.h"

namespace ordeal::stress {
namespace {

using Bitmap = std::unique_ptr<hwloc_bitmap_s, void (*)(hwloc_bitmap_t)>;

Bitmap NewBitmap() { return {hwloc_bitmap_alloc(), hwloc_bitmap_free}; }

std::string Text(const Bitmap& set) {
  char text[128] = "?";
  hwloc_bitmap_list_snprintf(text, sizeof text, set.get());
  return text;
}

// What of the two is not as it should be; empty if all is well.
std::string Astray(const Topology& topology, const Seat& seat) {
  const Bitmap mask = NewBitmap(), last = NewBitmap();
  if (mask == nullptr || last == nullptr) return "no memory for a set of PUs";
  const auto only_seat = [&](const Bitmap& set) {
    return hwloc_bitmap_weight(set.get()) == 1 && hwloc_bitmap_isset(set.get(), static_cast<unsigned>(seat.os));
  };
  if (hwloc_get_cpubind(topology.raw(), mask.get(), HWLOC_CPUBIND_THREAD) != 0)
    return absl::StrCat("its mask cannot be read: ", std::strerror(errno));
  if (!only_seat(mask)) return absl::StrCat("its mask is P#", Text(mask));
  // Not every system tells where a thread ran; the mask then has to do.
  if (hwloc_get_last_cpu_location(topology.raw(), last.get(), HWLOC_CPUBIND_THREAD) == 0 && !only_seat(last))
    return absl::StrCat("it ran on P#", Text(last));
  return "";
}

}  // namespace

absl::Status PinThisThread(const Topology& topology, const Seat& seat) {
  if (!topology.this_system())
    return absl::FailedPreconditionError(
        absl::StrCat("cannot bind to P#", seat.os, ": ",
                     topology.spec() == "native" ? "this system binds no threads" : "the topology is a description, not this machine"));
  const Bitmap one = NewBitmap();
  if (one == nullptr || hwloc_bitmap_only(one.get(), static_cast<unsigned>(seat.os)) != 0)
    return absl::ResourceExhaustedError("no memory for a set of PUs");
  if (hwloc_set_cpubind(topology.raw(), one.get(), HWLOC_CPUBIND_THREAD | HWLOC_CPUBIND_STRICT) != 0)
    return absl::FailedPreconditionError(absl::StrCat("cannot bind to P#", seat.os, ": ", std::strerror(errno)));
  if (const std::string astray = Astray(topology, seat); !astray.empty())
    return absl::FailedPreconditionError(absl::StrCat("bound to P#", seat.os, ", but ", astray));
  return absl::OkStatus();
}

bool StillThere(const Topology& topology, const Seat& seat) { return topology.this_system() && Astray(topology, seat).empty(); }

}  // namespace ordeal::stress
