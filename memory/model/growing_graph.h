// How does a graph grow by one event, and shrink again?
//
// The execution of exact mode so far: events, coherence, values, by locations that are learned on the way. Everything can be taken
// back to an earlier size. Internal to memory/model/.
#pragma once
#include <unordered_map>
#include <vector>

#include "memory/model/exact.h"
#include "memory/model/history.h"

namespace ordeal::model {

class GrowingGraph {
 public:
  static constexpr int kMaxParts = 16;  // atoms of one access

  // The atoms of an access, as locations. False: the access splits an atom that is in use, which is split now, and the graph must
  // be built again from nothing.
  bool Locate(Addr a, u8 bytes, int out[kMaxParts], int* n);
  void ForgetEvents();  // keeps the atoms
  // The atoms so far, by number. To begin with: one more, of which no byte is in another.
  std::vector<Standing::Atom> Atoms() const;
  bool MakeAtom(u32 granule, u8 bytes);  // false: it is no atom beside the others

  const Graph& graph() const { return graph_; }
  const std::vector<ExactEvent>& info() const { return info_; }
  int size() const { return graph_.size(); }
  const GraphEvent& event(int e) const { return graph_.events[e]; }
  u64 value(int e) const { return info_[e].value; }
  const std::vector<int>& co(int location) const { return graph_.co[location]; }
  int atom_of(int location) const { return atom_of_[location]; }  // the same in every execution
  u8 bytes_of(int location) const { return locations_[location].bytes; }
  u32 granule_of(int location) const { return locations_[location].granule; }

  int AddFence(GraphEvent e, const ExactEvent& info);
  int AddRead(GraphEvent e, const ExactEvent& info);              // e.rf set, or kNotThere for a promise
  int AddWrite(GraphEvent e, const ExactEvent& info, int place);  // becomes co[location][place]
  void MakeRmw(int read, int write);
  // A write leaves coherence for a while, and comes back to its place.
  int TakeOut(int write);
  void PutBack(int write, int place);
  void Bind(int promised_read, int write) { graph_.events[promised_read].rf = write; }
  void ShrinkTo(int events);

  // The events of location that no one was promised: oldest first.
  int PlaceOf(int write) const;
  // The oldest place in coherence that the CPU's next read of the location may read, by coherence alone; its next write goes behind it.
  int Floor(int cpu, int location) const;
  bool AnyPlain(int cpu, int location) const;                                 // accesses of that CPU
  const std::vector<int>& accesses(int cpu) const { return accesses_[cpu]; }  // no fences; in program order
  // Would a write at this place come between an RMW and the write that it read?
  bool SplitsRmw(int location, int place) const;
  // Loads that were promised what they read, whether it came or not.
  const std::vector<int>& promised() const { return promised_; }
  bool AnyUnkept() const;
  bool AnyKept() const;
  bool PromisesWereNeeded() const;  // po | rf has a cycle

 private:
  struct Atom {
    u32 granule;
    u8 bytes;
    int location;  // kNotThere: not touched in this execution
  };
  int LocationOf(int atom);
  int Append(GraphEvent e, const ExactEvent& info);

  Graph graph_;
  std::vector<ExactEvent> info_;
  std::vector<Atom> locations_;  // by location
  std::vector<int> atom_of_;     // by location
  std::vector<Atom> atoms_;
  std::unordered_map<u32, std::vector<int>> atoms_at_;  // by granule
  std::vector<int> last_[kMaxCpus];                     // by location: the CPU's last access
  std::vector<int> accesses_[kMaxCpus];
  std::vector<int> promised_;
};

}  // namespace ordeal::model
