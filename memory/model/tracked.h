// Which loads was a value computed from? A tracked value remembers, through arithmetic, casts, comparison and `->`.
//
// Without this the judge would know no dependencies, and correct code that relies on one would be a false alarm.
// Trivially copyable and destructible: it may live in a fiber that is abandoned.
#pragma once
#include <type_traits>

#include "base/check.h"
#include "memory/model/engine.h"

namespace ordeal {

template <class T>
class Tracked;
template <class T>
struct IsTracked : std::false_type {};
template <class T>
struct IsTracked<Tracked<T>> : std::true_type {};
template <class T>
concept Bare = !IsTracked<std::remove_cvref_t<T>>::value;

namespace model {

// `p->field`: carries p's dependency to the access of the field and dies with the full expression.
template <class T>
class DerefGuard {
 public:
  DerefGuard(T* p, Dep d) : p_(p), deref_{reinterpret_cast<u64>(p), sizeof(T), d, g_deref, false} { g_deref = &deref_; }
  ~DerefGuard() {
    g_deref = deref_.outer;
    ORDEAL_CHECK(deref_.dep == 0 || deref_.used, "`auto& w = p->field` or `&p->field` loses p's dependency: access the field in the same expression");
  }
  DerefGuard(const DerefGuard&) = delete;
  T* operator->() const { return p_; }

 private:
  T* p_;
  Deref deref_;
};

}  // namespace model

template <class T>
class Tracked {
 public:
  constexpr Tracked() = default;
  constexpr Tracked(T v, model::Dep d = 0) : v_(v), d_(d) {}  // NOLINT: as implicit as the bare type
  // Only the conversions that the bare type has: u16 to u32 widens by itself, everything else is a cast<>.
  template <Bare U>
    requires(!std::is_same_v<U, T> && std::is_convertible_v<U, T>)
  constexpr Tracked(U v) : v_(static_cast<T>(v)) {}  // NOLINT
  template <class U>
    requires(!std::is_same_v<U, T> && std::is_convertible_v<U, T>)
  constexpr Tracked(Tracked<U> o) : v_(static_cast<T>(o.raw())), d_(o.dep()) {}  // NOLINT

  explicit operator bool() const {  // `if (p)`, `while (p)`, `p && q`, `p ? a : b`: a control dependency
    model::Branch(d_);
    return !!v_;
  }
  model::DerefGuard<std::remove_pointer_t<T>> operator->() const
    requires std::is_pointer_v<T>
  {
    return {v_, d_};
  }
  T raw() const { return v_; }
  model::Dep dep() const { return d_; }

#define ORDEAL_ASSIGN(op)                \
  template <class U>                     \
  Tracked& operator op##=(const U & u) { \
    return *this = Tracked(*this op u);  \
  }
  ORDEAL_ASSIGN(+)
  ORDEAL_ASSIGN(-)
  ORDEAL_ASSIGN(*)
  ORDEAL_ASSIGN(/)
  ORDEAL_ASSIGN(%)
  ORDEAL_ASSIGN(&)
  ORDEAL_ASSIGN(|)
  ORDEAL_ASSIGN(^)
  ORDEAL_ASSIGN(<<)
  ORDEAL_ASSIGN(>>)
#undef ORDEAL_ASSIGN
  Tracked& operator++() { return *this = Tracked(v_ + 1, d_); }
  Tracked& operator--() { return *this = Tracked(v_ - 1, d_); }
  Tracked operator++(int) {
    const Tracked t = *this;
    ++*this;
    return t;
  }
  Tracked operator--(int) {
    const Tracked t = *this;
    --*this;
    return t;
  }
  Tracked operator-() const { return {static_cast<T>(-v_), d_}; }

 private:
  T v_{};
  model::Dep d_ = 0;
};

// Every operator of the bare type, with the union of the dependencies. `&&` and `||` are deliberately not among them: they branch.
#define ORDEAL_OP(op)                                                  \
  template <class A, class B>                                          \
  auto operator op(Tracked<A> a, Tracked<B> b) {                       \
    auto v = a.raw() op b.raw();                                       \
    return Tracked<decltype(v)>(v, model::JoinDeps(a.dep(), b.dep())); \
  }                                                                    \
  template <class A, Bare B>                                           \
  auto operator op(Tracked<A> a, B b) {                                \
    auto v = a.raw() op b;                                             \
    return Tracked<decltype(v)>(v, a.dep());                           \
  }                                                                    \
  template <Bare A, class B>                                           \
  auto operator op(A a, Tracked<B> b) {                                \
    auto v = a op b.raw();                                             \
    return Tracked<decltype(v)>(v, b.dep());                           \
  }
ORDEAL_OP(+)
ORDEAL_OP(-)
ORDEAL_OP(*)
ORDEAL_OP(/)
ORDEAL_OP(%)
ORDEAL_OP(&)
ORDEAL_OP(|)
ORDEAL_OP(^)
ORDEAL_OP(<<)
ORDEAL_OP(>>)
ORDEAL_OP(==)
ORDEAL_OP(!=)
ORDEAL_OP(<)
ORDEAL_OP(<=)
ORDEAL_OP(>)
ORDEAL_OP(>=)
#undef ORDEAL_OP

template <class A>
auto operator~(Tracked<A> a) {
  auto v = ~a.raw();
  return Tracked<decltype(v)>(v, a.dep());
}
template <class A>
bool operator!(Tracked<A> a) {
  return !static_cast<bool>(a);
}

}  // namespace ordeal
