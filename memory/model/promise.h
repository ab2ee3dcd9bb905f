// What is a load that returns what has not been stored yet? Internal to memory/model/.
#pragma once
#include "memory/model/access.h"

namespace ordeal::model {

// The load at hand is promised decision.value, which the store with the key decision.store is to bring.
u64 PromisedLoad(Addr a, u8 bytes, Order order, At at, Dep addr_dep, const Decision& decision, Dep* result);

// The store at this position of h was just made: loads that were promised it have read it. One that brings another value keeps nothing.
void KeepPromises(History* h, int position);

Ending EndingWithPromises(Ending ending);

}  // namespace ordeal::model
