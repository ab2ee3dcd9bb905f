#include "stress/night/journal.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "base/file.h"
#include "base/random.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "stress/night/scratch_testing.h"

namespace ordeal::stress {
namespace {

using Schema = std::map<std::string, std::map<std::string, std::string>>;  // event, field: type

// The table's rows of four.
Schema ReadSchema(const std::string& path) {
  Schema schema;
  const std::string page = ReadFile(path).value();
  for (absl::string_view line : absl::StrSplit(page, '\n')) {
    std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() != 6) continue;
    for (std::string& cell : cells) cell = std::string(absl::StripAsciiWhitespace(cell));
    if (cells[1] == "event" || absl::StartsWith(cells[1], "---")) continue;
    EXPECT_TRUE(schema[cells[1]].emplace(cells[2], cells[3]).second) << line << ": twice";
  }
  return schema;
}

const char* TypeOf(const Json& value) {
  if (value.is_number_unsigned()) return "count";
  if (value.is_number_float()) return "number";
  if (value.is_boolean()) return "flag";
  if (value.is_string()) return "text";
  if (value.is_array() && value.size() == 1) return value[0].is_string() ? "texts" : "counts";
  return "?";
}

template <size_t... I>
std::vector<NightEvent> OneOfEach(std::index_sequence<I...>) {
  return {NightEvent(std::in_place_index<I>)...};
}
// Every kind that can be written at all, with something in every list.
std::vector<NightEvent> OneOfEach() {
  std::vector<NightEvent> all = OneOfEach(std::make_index_sequence<std::variant_size_v<NightEvent>>());
  for (NightEvent& e : all) {
    if (auto* plan = std::get_if<PlanEvent>(&e)) plan->scenarios = {"xfree"};
    if (auto* placement = std::get_if<PlacementEvent>(&e)) placement->cpus = {1};
  }
  return all;
}

TEST(Journal, WritesExactlyWhatTheDocumentSays) {
  Schema written;
  for (const NightEvent& event : OneOfEach()) {
    const Json line = Json::parse(EventLine(1.5, event));
    EXPECT_EQ(line["v"], 1);
    EXPECT_EQ(line["t"], 1.5);
    std::map<std::string, std::string>& fields = written[line["event"].get<std::string>()];
    EXPECT_TRUE(fields.empty()) << line << ": two kinds of one name";
    for (const auto& [name, value] : line.items())
      if (name != "v" && name != "t" && name != "event") fields[name] = TypeOf(value);
  }
  EXPECT_EQ(written, ReadSchema("docs/events.md"));
}

TEST(Journal, IsReadBackLineByLine) {
  Scratch scratch;
  const std::string path = scratch / "events.jsonl";
  {
    absl::StatusOr<Journal> journal = Journal::Open(path, 100);
    ASSERT_TRUE(journal.ok()) << journal.status();
    for (const NightEvent& event : OneOfEach()) ASSERT_TRUE(journal->Write(event).ok());
    ASSERT_TRUE(journal->Write(WarningEvent{"two\nlines, \"quotes\" and \xff"}).ok());
    ASSERT_TRUE(journal->Sync().ok());
  }
  const absl::StatusOr<std::vector<Json>> lines = ReadJournal(path);
  ASSERT_TRUE(lines.ok()) << lines.status();
  ASSERT_EQ(lines->size(), OneOfEach().size() + 1);
  EXPECT_EQ(lines->back()["text"], "two\nlines, \"quotes\" and \ufffd");
  EXPECT_GE(lines->front()["t"], 100.0);
  EXPECT_LT(lines->front()["t"], 200.0);
}

// Torn anywhere: it is read as if the last line had not been there, and after it is opened again every line of the file is whole.
TEST(Journal, ATornLineIsMended) {
  Scratch scratch;
  const std::string path = scratch / "events.jsonl";
  const std::string first = EventLine(1, CheckpointEvent{}), second = EventLine(2, EndEvent{"PASS"});
  for (size_t cut = 0; cut <= second.size(); ++cut) {
    ASSERT_TRUE(WriteFile(path, first + second.substr(0, cut)).ok());
    EXPECT_EQ(ReadJournal(path)->size(), cut == second.size() ? 2u : 1u) << cut;
    ASSERT_TRUE(Journal::Open(path, 0)->Write(ResumedEvent{}).ok());
    const absl::StatusOr<std::vector<Json>> lines = ReadJournal(path);
    ASSERT_TRUE(lines.ok()) << lines.status();
    EXPECT_EQ(lines->size(), cut + 1 >= second.size() ? 3u : 2u) << "what is all there is kept; " << cut;
    EXPECT_EQ(lines->front()["event"], "checkpoint");
    EXPECT_EQ(lines->back()["event"], "resumed");
  }
}

TEST(Journal, DamageIsOneLineThatNamesThePlace) {
  Scratch scratch;
  const std::string path = scratch / "events.jsonl";
  const std::string line = EventLine(1, WarningEvent{"w"});
  const auto error = [&](const std::string& text) {
    EXPECT_TRUE(WriteFile(path, text).ok());
    return std::string(ReadJournal(path).status().message());
  };
  EXPECT_EQ(error(line + "x\n" + line), path + ":2: expected JSON, the text is damaged or ends too early");
  EXPECT_EQ(error("{\"v\":2}\n"), path + ":1: expected version 1 of the format");
  EXPECT_EQ(error("7\n"), path + ":1: expected an object");
  EXPECT_EQ(error("{\"v\":1,\"t\":0}\n"), path + ":1: expected \"event\" to be a text");
  EXPECT_TRUE(absl::StartsWith(ReadJournal(scratch / "none").status().message(), scratch / "none"));
  // Random bytes anywhere: an answer, or one line.
  Rng rng(6);
  for (int i = 0; i < 500; ++i) {
    std::string text = line + line + line;
    for (u64 n = 1 + rng.Below(3); n > 0; --n) text[rng.Below(text.size())] = static_cast<char>(rng.Below(256));
    EXPECT_FALSE(absl::StrContains(error(text), "\n"));
    EXPECT_TRUE(Journal::Open(path, 0).ok());
  }
}

TEST(Journal, AFullDiskLeavesWholeLines) {
  Scratch scratch;
  const std::string path = scratch / "events.jsonl";
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};  // in the middle of a line
    setrlimit(RLIMIT_FSIZE, &limit);
    absl::StatusOr<Journal> journal = Journal::Open(path, 0);
    absl::Status status = journal.status();
    for (int i = 0; i < 100 && status.ok(); ++i) status = journal->Write(CheckpointEvent{});
    _exit(absl::StartsWith(status.message(), path + ": write") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  const std::string text = ReadFile(path).value();
  EXPECT_GT(text.size(), 800u);
  EXPECT_EQ(text.back(), '\n');
  EXPECT_TRUE(ReadJournal(path).ok());
}

}  // namespace
}  // namespace ordeal::stress
