// Which allocators are there? The one list from which names, tables of Sites and code are taken: a new allocator is one line in each of
// kAllocators and WithAllocator.
#pragma once
#include <span>
#include <string_view>

#include "allocator/accounting_sites.h"
#include "allocator/locked.h"
#include "allocator/slub.h"

namespace ordeal {

struct AllocatorInfo {
  const char* name;  // as in --allocator=
  const char* summary;
  std::span<const SiteInfo> sites;  // its own; those of the accounting layer are common to all
};

inline constexpr AllocatorInfo kAllocators[] = {
    {"locked", "one list, one lock: the reference", {}},
    {"slub", "Linux's classic slab allocator: per-CPU slabs, {freelist, tid}, remote frees by double-word cmpxchg", slub_site::kTable},
};

inline const AllocatorInfo* FindAllocator(std::string_view name) {
  for (const AllocatorInfo& a : kAllocators) {
    if (name == a.name) return &a;
  }
  return nullptr;
}

// So that FindSite() knows them all. Idempotent.
inline void RegisterAllocatorSites() {
  RegisterSites(accounting_site::kTable);
  for (const AllocatorInfo& a : kAllocators) RegisterSites(a.sites);
}

// Calls f.template operator()<A>() with the allocator of that name on memory M: WithAllocator<Native>("slub", []<class A>() { ... }).
// False if there is none.
template <class M, class F>
bool WithAllocator(std::string_view name, F&& f) {
  if (name == Locked<M>::kName) return f.template operator()<Locked<M>>(), true;
  if (name == Slub<M>::kName) return f.template operator()<Slub<M>>(), true;
  return false;
}

}  // namespace ordeal
