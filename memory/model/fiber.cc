#include "memory/model/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/check.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ORDEAL_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ORDEAL_ASAN 1
#endif
#ifdef ORDEAL_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#endif

namespace ordeal::model {
namespace bc = boost::context::detail;

// Without these two the sanitizer takes a fiber's stack for wild memory: an exception, or anything else that does not return, is then not
// followed. Its frames of an abandoned execution are used again by the next: nobody could tell it that they are dead.
void Fiber::Leave([[maybe_unused]] const Fiber& to) {
#ifdef ORDEAL_ASAN
  __sanitizer_start_switch_fiber(&fake_stack_, to.bottom_, to.bytes_);
#endif
}

// That is where the first stack's place is learnt, too: the fiber that comes from it is told.
void Fiber::Arrive([[maybe_unused]] Fiber& from) {
#ifdef ORDEAL_ASAN
  __sanitizer_finish_switch_fiber(fake_stack_, &from.bottom_, &from.bytes_);
#endif
}

void Fiber::Trampoline(bc::transfer_t t) {
  auto** pair = static_cast<Fiber**>(t.data);
  Fiber* const from = pair[0];
  Fiber* const self = pair[1];
  self->Arrive(*from);
  from->context_ = t.fctx;
  self->entry_(self);
  ORDEAL_CHECK(false, "a fiber's entry returned");
}

void Fiber::Prepare(Entry entry) {
  if (stack_ == nullptr) {
    const u64 page = static_cast<u64>(sysconf(_SC_PAGESIZE));
    const u64 bytes = (kStackBytes + page - 1) / page * page + page;
    void* const m = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    ORDEAL_CHECK(m != MAP_FAILED, "no memory for a fiber's stack");
    ORDEAL_CHECK(mprotect(m, page, PROT_NONE) == 0, "no guard page for a fiber's stack");
    stack_ = static_cast<u8*>(m) + page;
  }
#ifdef ORDEAL_ASAN
  __asan_unpoison_memory_region(stack_, kStackBytes);  // an abandoned execution leaves its frames' poison behind
#endif
  entry_ = entry;
  bottom_ = stack_;
  bytes_ = kStackBytes;
  context_ = bc::make_fcontext(stack_ + kStackBytes, kStackBytes, &Trampoline);
}

void Switch(Fiber& from, Fiber& to) {
  Fiber* pair[2] = {&from, &to};
  from.Leave(to);
  const bc::transfer_t t = bc::jump_fcontext(to.context_, pair);
  // Back: whoever came here names itself, and its context is to be saved there.
  auto** back = static_cast<Fiber**>(t.data);
  from.Arrive(*back[0]);
  back[0]->context_ = t.fctx;
}

}  // namespace ordeal::model
