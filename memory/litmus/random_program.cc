#include "memory/litmus/random_program.h"

#include <initializer_list>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/random.h"

namespace ordeal::litmus {
namespace {

class Writer {
 public:
  explicit Writer(u64 seed) : rng_(seed) {}

  std::string Test() && {
    const int threads = rng_.Percent(45) ? 2 : 3;
    variables_ = static_cast<int>(rng_.Between(1, 3));
    plain_ = rng_.Percent(30);
    locks_ = rng_.Percent(25);
    std::string text = absl::StrCat("C random\n\n{", rng_.Percent(15) ? "x=1;" : "", "}\n");
    std::string observed = "x; y; z; s;";
    for (int t = 0; t < threads; ++t) {
      absl::StrAppend(&text, "\nP", t, "(int *x, int *y, int *z, spinlock_t *s)\n{\n", Thread(threads == 2 ? 5 : 4), "}\n");
      for (int r = 0; r < registers_; ++r) absl::StrAppend(&observed, " ", t, ":r", r, ";");
    }
    return absl::StrCat(text, "\nlocations [", observed, "]\nexists (x=1)\n");
  }

 private:
  std::string OneOf(std::initializer_list<const char*> of) { return of.begin()[rng_.Below(of.size())]; }

  std::string Thread(int most) {
    registers_ = 0;
    body_.clear();
    accesses_ = static_cast<int>(rng_.Between(1, static_cast<u64>(most)));
    while (accesses_ > 0) Statement(1, false);
    return body_;
  }

  void Line(int depth, const std::string& text) { absl::StrAppend(&body_, std::string(static_cast<size_t>(depth), '\t'), text, "\n"); }
  std::string NewRegister() { return absl::StrCat("r", registers_++); }
  std::string SomeRegister() { return absl::StrCat("r", rng_.Below(static_cast<u64>(registers_))); }

  // A pointer, perhaps one that depends on an earlier read.
  std::string Pointer() {
    const std::string variable(1, static_cast<char>('x' + rng_.Below(static_cast<u64>(variables_))));
    if (registers_ == 0 || !rng_.Percent(15)) return variable;
    const std::string r = SomeRegister();
    return absl::StrCat("(", variable, " + (", r, " ^ ", r, "))");
  }
  std::string Stored() {
    const std::string number = absl::StrCat(rng_.Between(1, 2));
    if (registers_ == 0 || rng_.Percent(65)) return number;
    const std::string r = SomeRegister();
    return rng_.Percent(50) ? absl::StrCat("(", r, " ^ ", r, ") + ", number) : rng_.Percent(70) ? r : absl::StrCat(r, " + 1");
  }

  void Statement(int depth, bool in_lock) {
    const u64 kind = rng_.Below(100);
    if (kind < 24) return Fence(depth);
    if (kind < 34 && registers_ > 0 && depth < 3) return Arms(depth, in_lock);
    if (kind < 44 && locks_ && !in_lock) return Section(depth);
    --accesses_;
    if (kind < 62) return Line(depth, Load());
    if (kind < 80) return Line(depth, Store());
    Line(depth, Rmw());
  }

  void Fence(int depth) {
    Line(depth, OneOf({"smp_mb();", "smp_mb();", "smp_rmb();", "smp_rmb();", "smp_wmb();", "smp_wmb();", "smp_mb__before_atomic();",
                       "smp_mb__after_atomic();"}));
  }

  void Arms(int depth, bool in_lock) {
    Line(depth, absl::StrCat("if (", SomeRegister(), OneOf({"", " == 0", " == 1", " != 2"}), ") {"));
    if (accesses_ > 0) Statement(depth + 1, in_lock);
    if (rng_.Percent(30)) {
      Line(depth, "} else {");
      if (accesses_ > 0) Statement(depth + 1, in_lock);
    }
    Line(depth, "}");
  }

  void Section(int depth) {
    if (rng_.Percent(15)) return Line(depth, absl::StrCat("int ", NewRegister(), " = spin_is_locked(s);"));
    const bool tries = rng_.Percent(35);
    if (tries) {
      const std::string r = NewRegister();
      Line(depth, absl::StrCat("int ", r, " = spin_trylock(s);"));
      Line(depth, absl::StrCat("if (", r, ") {"));
      ++depth;
    } else {
      Line(depth, "spin_lock(s);");
    }
    if (rng_.Percent(30)) Line(depth, OneOf({"smp_mb__after_spinlock();", "smp_mb__after_unlock_lock();"}));
    for (u64 n = rng_.Below(3); n > 0 && accesses_ > 0; --n) Statement(depth, true);
    Line(depth, "spin_unlock(s);");
    --accesses_;
    if (tries) Line(depth - 1, "}");
  }

  std::string Load() {
    const std::string from = Pointer(), to = NewRegister();
    if (plain_ && rng_.Percent(50)) return absl::StrCat("int ", to, " = *", from, ";");
    if (rng_.Percent(25)) return absl::StrCat("int ", to, " = smp_load_acquire(", from, ");");
    return absl::StrCat("int ", to, " = READ_ONCE(*", from, ");");
  }

  std::string Store() {
    const std::string to = Pointer(), value = Stored();
    if (plain_ && rng_.Percent(50)) return absl::StrCat("*", to, " = ", value, ";");
    if (rng_.Percent(25)) return absl::StrCat("smp_store_release(", to, ", ", value, ");");
    if (rng_.Percent(8)) return absl::StrCat("smp_store_mb(*", to, ", ", value, ");");
    return absl::StrCat("WRITE_ONCE(*", to, ", ", value, ");");
  }

  std::string Rmw() {
    const std::string at = Pointer(), value = Stored(), suffix = OneOf({"", "_relaxed", "_acquire", "_release"});
    const std::string expected = absl::StrCat(rng_.Below(3));
    const u64 kind = rng_.Below(7);
    if (kind == 0) return absl::StrCat(OneOf({"atomic_inc(", "atomic_dec("}), at, ");");
    if (kind == 1) return absl::StrCat(OneOf({"atomic_add(", "atomic_or("}), value, ", ", at, ");");
    const std::string result = absl::StrCat("int ", NewRegister(), " = ");
    if (kind == 2) return absl::StrCat(result, "xchg", suffix, "(", at, ", ", value, ");");
    if (kind == 3) return absl::StrCat(result, "cmpxchg", suffix, "(", at, ", ", expected, ", ", value, ");");
    if (kind == 4) return absl::StrCat(result, "atomic_add_unless", suffix, "(", at, ", ", value, ", ", expected, ");");
    if (kind == 5) return absl::StrCat(result, "atomic_fetch_add", suffix, "(", value, ", ", at, ");");
    return absl::StrCat(result, OneOf({"atomic_inc_return", "atomic_dec_and_test", "atomic_fetch_inc"}), suffix, "(", at, ");");
  }

  Rng rng_;
  int variables_ = 1, registers_ = 0, accesses_ = 0;
  bool plain_ = false, locks_ = false;
  std::string body_;
};

}  // namespace

std::string RandomProgram(u64 seed) { return Writer(seed).Test(); }

}  // namespace ordeal::litmus
