#include "memory/model/growing_graph.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"
#include "memory/model/relation.h"

namespace ordeal::model {

bool GrowingGraph::Locate(Addr a, u8 bytes, int out[kMaxParts], int* n) {
  *n = 0;
  for (u32 byte = a; byte < a + bytes;) {
    const u32 granule = byte / 8;
    const u32 end = std::min(a + bytes, (granule + 1) * 8);
    u8 left = 0;
    for (; byte < end; ++byte) left |= static_cast<u8>(1u << byte % 8);
    std::vector<int>& here = atoms_at_[granule];
    for (size_t k = 0; k < here.size(); ++k) {
      Atom& atom = atoms_[here[k]];
      const u8 inside = atom.bytes & left, outside = atom.bytes & ~left;
      if (inside == 0) continue;
      if (outside != 0) {
        atom.bytes = inside;
        atoms_.push_back({granule, outside, kNotThere});
        here.push_back(static_cast<int>(atoms_.size()) - 1);
        return false;
      }
      left &= ~inside;
      out[(*n)++] = LocationOf(here[k]);
    }
    if (left == 0) continue;
    atoms_.push_back({granule, left, kNotThere});
    here.push_back(static_cast<int>(atoms_.size()) - 1);
    out[(*n)++] = LocationOf(here.back());
  }
  return true;
}

int GrowingGraph::LocationOf(int atom) {
  if (atoms_[atom].location != kNotThere) return atoms_[atom].location;
  const int location = static_cast<int>(locations_.size());
  atoms_[atom].location = location;
  locations_.push_back(atoms_[atom]);
  atom_of_.push_back(atom);
  for (auto& last : last_) last.push_back(kNotThere);
  GraphEvent initial;
  initial.location = location;
  ExactEvent info;
  info.address = atoms_[atom].granule * 8;
  std::memcpy(&info.value, ArenaAt(info.address), 8);
  info.value &= BitsOf(atoms_[atom].bytes);
  info_.push_back(info);
  graph_.co.push_back({graph_.Add(std::move(initial))});
  return location;
}

std::vector<Standing::Atom> GrowingGraph::Atoms() const {
  std::vector<Standing::Atom> atoms;
  for (const Atom& a : atoms_) atoms.push_back({a.granule, a.bytes});
  return atoms;
}

bool GrowingGraph::MakeAtom(u32 granule, u8 bytes) {
  if (bytes == 0 || granule >= kArenaSize / 8) return false;
  std::vector<int>& here = atoms_at_[granule];
  for (const int atom : here)
    if ((atoms_[atom].bytes & bytes) != 0) return false;
  atoms_.push_back({granule, bytes, kNotThere});
  here.push_back(static_cast<int>(atoms_.size()) - 1);
  return true;
}

void GrowingGraph::ForgetEvents() {
  ShrinkTo(0);
  ORDEAL_CHECK(locations_.empty() && promised_.empty(), "an empty graph with something in it");
}

int GrowingGraph::Append(GraphEvent e, const ExactEvent& info) {
  const int location = e.location, cpu = e.thread;
  const int id = graph_.Add(std::move(e));
  info_.push_back(info);
  if (location != kNotThere) {
    info_[id].previous = last_[cpu][location];
    last_[cpu][location] = id;
    accesses_[cpu].push_back(id);
  }
  return id;
}

int GrowingGraph::AddFence(GraphEvent e, const ExactEvent& info) {
  e.kind = GraphEvent::Kind::kFence;
  return Append(std::move(e), info);
}

int GrowingGraph::AddRead(GraphEvent e, const ExactEvent& info) {
  e.kind = GraphEvent::Kind::kRead;
  const bool promise = e.rf == kNotThere;
  const int id = Append(std::move(e), info);
  if (promise) promised_.push_back(id);
  return id;
}

int GrowingGraph::AddWrite(GraphEvent e, const ExactEvent& info, int place) {
  e.kind = GraphEvent::Kind::kWrite;
  const int id = Append(std::move(e), info);
  std::vector<int>& order = graph_.co[graph_.events[id].location];
  order.insert(order.begin() + place, id);
  return id;
}

void GrowingGraph::MakeRmw(int read, int write) {
  graph_.events[read].partner = write;
  graph_.events[write].partner = read;
}

int GrowingGraph::TakeOut(int write) {
  const int place = PlaceOf(write);
  std::vector<int>& order = graph_.co[graph_.events[write].location];
  order.erase(order.begin() + place);
  return place;
}

void GrowingGraph::PutBack(int write, int place) {
  std::vector<int>& order = graph_.co[graph_.events[write].location];
  order.insert(order.begin() + place, write);
}

void GrowingGraph::ShrinkTo(int events) {
  while (!promised_.empty() && promised_.back() >= events) promised_.pop_back();
  for (const int read : promised_) {
    if (graph_.events[read].rf >= events) graph_.events[read].rf = kNotThere;
  }
  for (int id = size() - 1; id >= events; --id) {
    const GraphEvent& e = graph_.events[id];
    if (e.kind == GraphEvent::Kind::kWrite) {
      std::vector<int>& order = graph_.co[e.location];
      order.erase(std::find(order.rbegin(), order.rend(), id).base() - 1);
      if (e.partner != kNotThere) graph_.events[e.partner].partner = kNotThere;
    }
    if (e.thread == kInitialThread) {
      atoms_[atom_of_.back()].location = kNotThere;
      atom_of_.pop_back();
      locations_.pop_back();
      graph_.co.pop_back();
      for (auto& last : last_) last.pop_back();
    } else if (e.location != kNotThere) {
      last_[e.thread][e.location] = info_[id].previous;
      accesses_[e.thread].pop_back();
    }
    graph_.events.pop_back();
    info_.pop_back();
  }
}

int GrowingGraph::PlaceOf(int write) const {
  const std::vector<int>& order = graph_.co[graph_.events[write].location];
  size_t k = order.size() - 1;
  while (order[k] != write) --k;
  return static_cast<int>(k);
}

int GrowingGraph::Floor(int cpu, int location) const {
  for (int e = last_[cpu][location]; e != kNotThere; e = info_[e].previous) {
    const GraphEvent& event = graph_.events[e];
    if (event.kind == GraphEvent::Kind::kWrite) return PlaceOf(e);
    if (event.rf != kNotThere) return PlaceOf(event.rf);
  }
  return 0;
}

bool GrowingGraph::AnyPlain(int cpu, int location) const {
  for (int e = last_[cpu][location]; e != kNotThere; e = info_[e].previous)
    if (graph_.events[e].order == Order::kPlain) return true;
  return false;
}

bool GrowingGraph::SplitsRmw(int location, int place) const {
  const std::vector<int>& order = graph_.co[location];
  if (place >= static_cast<int>(order.size()) || place == 0) return false;
  const int partner = graph_.events[order[place]].partner;
  return partner != kNotThere && graph_.events[partner].rf == order[place - 1];
}

bool GrowingGraph::AnyUnkept() const {
  return std::ranges::any_of(promised_, [&](int read) { return graph_.events[read].rf == kNotThere; });
}
bool GrowingGraph::AnyKept() const {
  return std::ranges::any_of(promised_, [&](int read) { return graph_.events[read].rf != kNotThere; });
}

bool GrowingGraph::PromisesWereNeeded() const {
  Relation order(size());
  int last[kMaxCpus];
  std::fill(last, last + kMaxCpus, kNotThere);
  for (int id = 0; id < size(); ++id) {
    const GraphEvent& e = graph_.events[id];
    if (e.thread == kInitialThread) continue;
    if (last[e.thread] != kNotThere) order.add(last[e.thread], id);
    last[e.thread] = id;
    if (e.kind == GraphEvent::Kind::kRead && e.rf != kNotThere) order.add(e.rf, id);
  }
  return !order.IsAcyclic();
}

}  // namespace ordeal::model
