#include "stress/night/test_id.h"

#include <sys/utsname.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/hash.h"

namespace ordeal::stress {
namespace {

utsname Uname() {
  utsname u = {};
  uname(&u);
  return u;
}

}  // namespace

std::string HostName() {
  std::string name = Uname().nodename;
  for (char& c : name)
    if (!std::isalnum(static_cast<unsigned char>(c)) && c != '-' && c != '.') c = '-';
  return name.empty() ? "host" : name;
}

std::string Architecture() { return Uname().machine; }

std::string CpuModel() {
  const absl::StatusOr<std::string> text = ReadFile("/proc/cpuinfo");
  if (!text.ok()) return "unknown";
  for (const absl::string_view key : {"model name", "cpu\t", "CPU part", "Processor"}) {
    for (absl::string_view line : absl::StrSplit(*text, '\n'))
      if (absl::ConsumePrefix(&line, key)) return std::string(absl::StripAsciiWhitespace(line.substr(line.find(':') + 1)));
  }
  return "unknown";
}

absl::StatusOr<u64> BinaryHash() {
  const absl::StatusOr<std::string> bytes = ReadFile("/proc/self/exe");
  if (!bytes.ok()) return bytes.status();
  return HashBytes(*bytes);
}

std::string TestId(const std::string& version, const std::vector<std::string>& flags, const std::vector<std::string>& more) {
  const absl::StatusOr<u64> binary = BinaryHash();
  const utsname u = Uname();
  std::string out =
      absl::StrFormat("version: %s\nbinary: %s\ncompiler: %s\nkernel: %s %s %s\nhost: %s\ncpu: %s\nprocessors: %d online\ntime: %s\n", version,
                      binary.ok() ? absl::StrFormat("%016x", *binary) : "unknown", __VERSION__, u.sysname, u.release, u.machine, HostName(),
                      CpuModel(), sysconf(_SC_NPROCESSORS_ONLN), absl::FormatTime(absl::RFC3339_sec, absl::Now(), absl::UTCTimeZone()));
  for (const std::string& line : more) absl::StrAppend(&out, line, "\n");
  return absl::StrCat(out, "flags: ", absl::StrJoin(flags, " "), "\n");
}

}  // namespace ordeal::stress
