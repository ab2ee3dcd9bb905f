// Where does an exploration stand, and how does another one go on from there?
#include "memory/model/exact_machine.h"

namespace ordeal::model {

// Each question's answers are taken to have equally much below them.
void ExactMachine::Locate(int counted) {
  result_.explored = 0;
  double part = 1;
  Standing& at = result_.at;
  for (const Frame& f : frames_) {
    part /= static_cast<double>(f.options.size());
    result_.explored += part * static_cast<double>(f.current);
    at.answers.push_back(static_cast<u16>(f.current));
  }
  if (at.answers.empty()) at.answers = from_;  // stopped before it was there again
  result_.resumable = true;
  at.bound = bound_;
  at.counted = counted;
  at.cut = cut_;
  at.round = round_;
  at.left_out = left_out_;
  at.buffers = could_promise_;
  at.grew = values_grew_;
  at.longest = longest_;
  at.atoms = graph_.Atoms();
  for (size_t k = 0; k < values_.size(); ++k)
    for (const Known& v : values_[k]) at.values.push_back({static_cast<u32>(k / kMaxCpus), static_cast<int>(k % kMaxCpus), v.value, v.round});
}

bool ExactMachine::Restore(const Standing& from) {
  for (const auto& [granule, bytes] : from.atoms)
    if (!graph_.MakeAtom(granule, bytes)) return false;
  values_.resize(from.atoms.size() * kMaxCpus);
  for (const Standing::Value& v : from.values) {
    if (v.atom >= from.atoms.size() || v.cpu < 0 || v.cpu >= cpus_ || v.round < 1 || v.round > from.round + 1) return false;
    values_[v.atom * kMaxCpus + static_cast<size_t>(v.cpu)].push_back({v.value, v.round, {}});
  }
  if (from.bound < -1 || from.counted < -1 || from.round < 0 || (from.round > 0 && !(Buffers() && options_given_.promises))) return false;
  round_ = from.round;
  promising_ = round_ > 0;
  left_out_ = from.left_out;
  could_promise_ = from.buffers;
  values_grew_ = from.grew;
  longest_ = from.longest;
  from_ = from.answers;
  from_standing_ = &from;
  return true;
}

}  // namespace ordeal::model
