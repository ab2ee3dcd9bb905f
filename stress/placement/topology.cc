#include "stress/placement/topology.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "hwloc.h"
#include "stress/placement/seats.h"

namespace ordeal::stress {
namespace {

constexpr int kMostPus = 1 << 14;  // twice what kernels are built for; a slip of the finger in a description must not eat the memory

// Variables that only make hwloc talk are harmless; any other may change what it finds.
absl::Status CheckEnvironment() {
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
    const absl::string_view text(*variable);
    const absl::string_view name = text.substr(0, text.find('='));
    if (!absl::StartsWith(name, "HWLOC_") || name == "HWLOC_HIDE_ERRORS" || absl::EndsWith(name, "_VERBOSE")) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "topology: ", name,
        " is set in the environment and would change what hwloc finds; unset it, and say --topology=synthetic:STRING or xml:FILE instead"));
  }
  return absl::OkStatus();
}

// How many PUs a synthetic description makes: the product of its counts. What stands in parentheses are attributes.
double CountOf(absl::string_view description) {
  double pus = 1;
  int depth = 0;
  for (size_t i = 0; i < description.size(); ++i) {
    depth += description[i] == '(' ? 1 : description[i] == ')' ? -1 : 0;
    const bool begins = i == 0 || description[i - 1] == ':' || description[i - 1] == ' ';
    if (depth != 0 || !begins || description[i] < '0' || description[i] > '9') continue;
    double count = 0;
    if (absl::SimpleAtod(description.substr(i, description.find_first_not_of("0123456789", i) - i), &count)) pus *= count;
  }
  return pus;
}

absl::Status SetSynthetic(hwloc_topology* raw, const std::string& description) {
  if (CountOf(description) > kMostPus)
    return absl::InvalidArgumentError(absl::StrCat("topology: expected at most ", kMostPus, " PUs, got synthetic:", description));
  if (hwloc_topology_set_synthetic(raw, description.c_str()) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "topology: expected a description as in \"synthetic:pack:2 [numa(memory=8GB)] l3:1 core:16 pu:4\", got \"synthetic:", description, "\""));
}

// The file is read here: then what is wrong with it has a name.
absl::Status SetXml(hwloc_topology* raw, const std::string& file) {
  absl::StatusOr<std::string> text = ReadFile(file, size_t{1} << 28);
  if (!text.ok()) return absl::Status(text.status().code(), absl::StrCat("topology: xml:", text.status().message()));
  if (hwloc_topology_set_xmlbuffer(raw, text->c_str(), static_cast<int>(text->size()) + 1) == 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("topology: expected hwloc's XML in ", file, ", hwloc refuses it"));
}

}  // namespace

absl::StatusOr<Topology> Topology::Load(std::string_view spec) {
  if (absl::Status s = CheckEnvironment(); !s.ok()) return s;
  const std::string text(spec);
  const size_t colon = text.find(':');
  const std::string kind = text.substr(0, colon), argument = colon == std::string::npos ? "" : text.substr(colon + 1);
  const bool known = kind == "native" ? colon == std::string::npos : (kind == "synthetic" || kind == "xml") && !argument.empty();
  if (!known) return absl::InvalidArgumentError(absl::StrCat("topology: expected native, synthetic:STRING or xml:FILE, got \"", text, "\""));
  Topology t;
  t.spec_ = text;
  if (absl::Status s = t.Open(kind, argument); !s.ok()) return s;
  if (absl::Status s = t.ReadSeats(); !s.ok()) return s;
  if (absl::Status s = t.ReadUsable(); !s.ok()) return s;
  t.ReadCacheLine();
  return t;
}

absl::Status Topology::Open(std::string_view kind, const std::string& argument) {
  hwloc_topology_t raw = nullptr;
  if (hwloc_topology_init(&raw) != 0) return absl::ResourceExhaustedError("topology: hwloc cannot begin a topology");
  raw_ = std::shared_ptr<hwloc_topology>(raw, hwloc_topology_destroy);
  // All of the machine is wanted, with what we may not use: it is drawn, and L# then means the same inside a cpuset and outside.
  unsigned long flags = HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED;
#if HWLOC_API_VERSION >= 0x00020500
  flags |= HWLOC_TOPOLOGY_FLAG_DONT_CHANGE_BINDING;
#endif
  if (hwloc_topology_set_flags(raw, flags) != 0) return absl::InternalError("topology: hwloc refuses its own flags");
  absl::Status set = kind == "synthetic" ? SetSynthetic(raw, argument) : kind == "xml" ? SetXml(raw, argument) : absl::OkStatus();
  if (!set.ok()) return set;
  if (hwloc_topology_load(raw) != 0) {
    if (kind == "native") return absl::InternalError(absl::StrCat("topology: hwloc cannot read this machine: ", std::strerror(errno)));
    return absl::InvalidArgumentError(absl::StrCat("topology: hwloc cannot make a machine of \"", spec_, "\""));
  }
  const bool real = hwloc_topology_is_thissystem(raw) != 0;
  if (real != (kind == "native"))
    return absl::InternalError(
        absl::StrCat("topology: asked for ", spec_, ", hwloc loaded ", real ? "this machine" : "a machine that is not this one"));
  const hwloc_topology_support* can = hwloc_topology_get_support(raw);
  this_system_ = real && can->cpubind->set_thisthread_cpubind && can->cpubind->get_thisthread_cpubind;
  return absl::OkStatus();
}

absl::Status Topology::ReadSeats() {
  seats_ = SeatsOf(raw_.get());
  if (seats_.empty()) return absl::InvalidArgumentError(absl::StrCat("topology: no PU in \"", spec_, "\""));
  if (seats_.size() > kMostPus)
    return absl::InvalidArgumentError(absl::StrCat("topology: expected at most ", kMostPus, " PUs, got ", seats_.size(), " in \"", spec_, "\""));
  std::map<int, int> pus_of_core, pus_of_package;
  for (const Seat& s : seats_) {
    smt_width_ = std::max(smt_width_, ++pus_of_core[s.core]);
    ++pus_of_package[s.package];
  }
  cores_ = static_cast<int>(pus_of_core.size());
  packages_ = static_cast<int>(pus_of_package.size());
  nodes_os_ = NodesOf(raw_.get());
  const int kinds = hwloc_cpukinds_get_nr(raw_.get(), 0);
  kinds_ = std::max(kinds, 0);  // -1: it cannot tell
  return absl::OkStatus();
}

absl::Status Topology::ReadUsable() {
  const std::unique_ptr<hwloc_bitmap_s, void (*)(hwloc_bitmap_t)> set(hwloc_bitmap_dup(hwloc_topology_get_allowed_cpuset(raw_.get())),
                                                                      hwloc_bitmap_free);
  const std::unique_ptr<hwloc_bitmap_s, void (*)(hwloc_bitmap_t)> bound(hwloc_bitmap_alloc(), hwloc_bitmap_free);
  if (set == nullptr || bound == nullptr) return absl::ResourceExhaustedError("topology: no memory for a set of PUs");
  if (spec_ == "native") {
    // taskset does not show in the allowed set: it is the cpuset's alone.
    if (hwloc_get_cpubind(raw_.get(), bound.get(), HWLOC_CPUBIND_PROCESS) != 0)
      return absl::InternalError(absl::StrCat("topology: cannot read which processors this process is bound to: ", std::strerror(errno)));
    if (hwloc_bitmap_and(set.get(), set.get(), bound.get()) != 0) return absl::ResourceExhaustedError("topology: no memory for a set of PUs");
  }
  for (const Seat& s : seats_)
    if (hwloc_bitmap_isset(set.get(), static_cast<unsigned>(s.os))) usable_.push_back(s);
  if (usable_.empty()) return absl::FailedPreconditionError(absl::StrCat("topology: of ", seats_.size(), " PUs of ", spec_, " none may be used"));
  return absl::OkStatus();
}

void Topology::ReadCacheLine() {
  // A synthetic machine says 64 whatever it stands for.
  if (!absl::StartsWith(spec_, "synthetic:"))
    if (const int bytes = LongestCacheLineOf(raw_.get()); bytes > 0) {
      cache_line_ = {bytes, "hwloc"};
      return;
    }
  const int bytes = spec_ == "native" ? CacheLineFromSysfs("") : 0;
  cache_line_ = bytes > 0 ? CacheLine{bytes, "sysfs"} : CacheLine{BuiltInCacheLine(), "a constant of this architecture"};
}

bool Topology::IsUsable(const Seat& seat) const {
  const auto at = std::lower_bound(usable_.begin(), usable_.end(), seat, [](const Seat& a, const Seat& b) { return a.logical < b.logical; });
  return at != usable_.end() && *at == seat;
}

absl::StatusOr<std::string> Topology::ToXml() const {
  char* text = nullptr;
  int length = 0;
  if (hwloc_topology_export_xmlbuffer(raw_.get(), &text, &length, 0) != 0)
    return absl::InternalError(absl::StrCat("topology: hwloc cannot write XML: ", std::strerror(errno)));
  std::string xml(text, static_cast<size_t>(length > 0 ? length - 1 : 0));  // it counts the final NUL
  hwloc_free_xmlbuffer(raw_.get(), text);
  return xml;
}

}  // namespace ordeal::stress
