#include "memory/litmus/parser.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "memory/litmus/condition_parser.h"
#include "memory/litmus/cursor.h"
#include "memory/litmus/draft.h"
#include "memory/litmus/init_parser.h"
#include "memory/litmus/lexer.h"
#include "memory/litmus/thread_parser.h"

namespace ordeal::litmus {
namespace {

absl::Status ParseThreads(Cursor& in, Draft& draft) {
  std::vector<Thread>& threads = draft.test.threads;
  while (!in.AtEnd()) {
    if (ThreadNumber(in.Peek()) != static_cast<int>(threads.size())) in.Fail(absl::StrCat("thread P", threads.size()));
    if (threads.size() == kMaxThreads) in.Fail(in.Peek(), "more threads", absl::StrCat("at most ", kMaxThreads));
    if (!in.status().ok()) break;
    in.Next();
    threads.emplace_back();
    ThreadParser(in, draft).Run();
  }
  return in.status();
}

absl::Status SetInitialRegisters(const std::vector<InitialRegister>& registers, Cursor& in, Draft& draft) {
  const int threads = static_cast<int>(draft.test.threads.size());
  for (const InitialRegister& r : registers) {
    if (r.thread >= threads) in.Fail(r.at, absl::StrCat("a register of thread '", r.at.text, "'"), absl::StrCat("one of ", threads, " threads"));
    if (!in.status().ok()) break;
    const int reg = draft.RegisterNamed(in, r.thread, r.name);
    if (in.status().ok()) draft.test.threads[r.thread].registers[reg].initial = r.value;
  }
  return in.status();
}

}  // namespace

absl::StatusOr<Test> ParseLitmus(std::string_view text, std::string_view file_name) {
  const absl::string_view file(file_name.data(), file_name.size());
  const absl::StatusOr<LexedTest> lexed = Lex(absl::string_view(text.data(), text.size()), file);
  if (!lexed.ok()) return lexed.status();
  Draft draft;
  draft.test.name = lexed->name;
  Cursor init(lexed->init, file), threads(lexed->threads, file), finals(lexed->finals, file);
  const std::vector<InitialRegister> registers = ParseInit(init, draft);
  if (!init.status().ok()) return init.status();
  if (absl::Status s = ParseThreads(threads, draft); !s.ok()) return s;
  if (absl::Status s = SetInitialRegisters(registers, init, draft); !s.ok()) return s;
  ParseFinals(finals, draft);
  if (!finals.status().ok()) return finals.status();
  return std::move(draft.test);
}

}  // namespace ordeal::litmus
