#include <algorithm>

#include "stress/mixes/mixes.h"

namespace ordeal::stress {
namespace {

class ProducerConsumer final : public Mix {
 public:
  ProducerConsumer(Ground& ground, int threads)
      : producers_((threads + 1) / 2),
        consumers_(std::max(1, threads / 2)),
        boxes_(ground.Make<Mailbox>(static_cast<size_t>(producers_) * static_cast<size_t>(consumers_))) {}

  void Work(Worker& w) override {
    if (w.threads() == 1) return Alone(w);
    if (w.member() < producers_) Produce(w);
    else Consume(w);
  }

  void Drain(Worker& w) override {
    Block b;
    for (int i = 0; i < producers_ * consumers_; ++i)
      while (boxes_[i].Receive(&b, w.edge())) w.Free(&b);
  }

 private:
  Mailbox& BoxOf(int producer, int consumer) { return boxes_[producer * consumers_ + consumer]; }

  bool SendToAnyone(Worker& w, const Block& b) {
    const auto first = static_cast<int>(w.rng().Below(static_cast<u64>(consumers_)));
    for (int i = 0; i < consumers_; ++i)
      if (BoxOf(w.member(), (first + i) % consumers_).Send(b, w.edge())) return true;
    return false;
  }

  void Produce(Worker& w) {
    while (w.GoOn()) {
      Block b = w.Allocate(UsualSize(w.rng()));
      if (b.start == nullptr) continue;
      bool sent = SendToAnyone(w, b);
      for (; !sent && w.GoOn(); sent = SendToAnyone(w, b)) w.Pause();
      if (!sent) w.Free(&b);
    }
  }

  void Consume(Worker& w) {
    while (w.GoOn()) {
      bool any = false;
      for (int p = 0; p < producers_; ++p) any |= Empty(w, BoxOf(p, w.member() - producers_));
      if (!any) w.Pause();
    }
  }

  // Half of the blocks are written by their new holder before they are freed.
  bool Empty(Worker& w, Mailbox& box) {
    Block b;
    bool any = false;
    for (; w.GoOn() && box.Receive(&b, w.edge()); any = true)
      if (w.rng().Percent(50) || w.Use(&b)) w.Free(&b);
    return any;
  }

  void Alone(Worker& w) {
    while (w.GoOn()) {
      for (Block b; w.GoOn() && w.rng().Percent(95);)
        if (b = w.Allocate(UsualSize(w.rng())); b.start != nullptr && !BoxOf(0, 0).Send(b, w.edge())) w.Free(&b);
      Empty(w, BoxOf(0, 0));
    }
  }

  const int producers_, consumers_;
  Mailbox* const boxes_;
};

}  // namespace

Mix* MakeProducerConsumer(Ground& ground, int threads) { return ground.New<ProducerConsumer>(ground, threads); }

}  // namespace ordeal::stress
