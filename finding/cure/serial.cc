#include "finding/cure/serial.h"

namespace ordeal {

bool OneAfterTheOther(const model::Execution& x, u16 a, u16 b) {
  bool forth = false, back = false;
  const auto edge = [&](int from, int to) {
    const u16 f = x.events[from].key.op, t = x.events[to].key.op;
    forth |= f == a && t == b;
    back |= f == b && t == a;
  };
  for (const std::vector<int>& co : x.graph.co) {
    for (size_t i = 0; i < co.size(); ++i)
      for (size_t j = i + 1; j < co.size(); ++j) edge(co[i], co[j]);
  }
  for (int e = 0; e < x.graph.size(); ++e) {
    const model::GraphEvent& read = x.graph.events[e];
    if (read.kind != model::GraphEvent::Kind::kRead || read.rf == model::kNotThere) continue;
    edge(read.rf, e);
    bool later = false;
    for (const int w : x.graph.co[read.location]) {
      if (later) edge(e, w);
      later |= w == read.rf;
    }
  }
  return !(forth && back);
}

}  // namespace ordeal
