// How is a table of Sites written? Once, as an X-macro of (name, order, partner, why), from which come the ids, the typed Sites that the
// code uses and the documentation that people read: they cannot disagree.
//
//   #define SLUB_SITES(X) X(remote_push, kRelease, "remote_take", "links before ...") X(...
//   namespace ordeal::slub_site {
//   ORDEAL_SITE_TABLE(kSlubSites, "slub", SLUB_SITES)
//   }
//
// gives slub_site::remote_push (a Site<Order::kRelease>) and slub_site::kTable (an array of SiteInfo, in order of ids from the base).
#pragma once
#include "memory/site.h"

#define ORDEAL_SITE_ID(name, order, partner, why) kId_##name,
#define ORDEAL_SITE_CONSTANT(name, order, partner, why) inline constexpr Site<Order::order> name{kId_##name};
#define ORDEAL_SITE_INFO(name, order, partner, why) {kId_##name, kTableName, #name, Order::order, partner, why},
#define ORDEAL_SITE_TABLE(base, table, SITES)                      \
  enum : u16 { kIdBeforeFirst = base - 1, SITES(ORDEAL_SITE_ID) }; \
  SITES(ORDEAL_SITE_CONSTANT)                                      \
  inline constexpr const char* kTableName = table;                 \
  inline constexpr SiteInfo kTable[] = {SITES(ORDEAL_SITE_INFO)};
