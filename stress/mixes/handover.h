// How does a block go from one thread to another? By the edges that the contract asks of users, and by nothing stronger: whoever holds a block had
// all of its accesses before the hand-over, and the next holder all of his behind it. So what goes wrong is not the mix's fault, and an allocator
// that lives on more order than users owe it is found out.
//
// Edge::kFull puts full barriers on both sides of each: where the finding is gone with them, it is about order.
#pragma once
#include <atomic>

#include "stress/mixes/stamp.h"

namespace ordeal::stress {

enum class Edge : u8 { kContract, kFull };

inline void Around(Edge edge) {
  if (edge == Edge::kFull) std::atomic_thread_fence(std::memory_order_seq_cst);
}

// From one thread to one other. Neither waits.
class Mailbox {
 public:
  static constexpr u64 kRoom = 64;

  // False: it is full.
  bool Send(const Block& block, Edge edge) {
    const u64 sent = sent_.load(std::memory_order_relaxed);  // the sender's own
    // mailbox.room, acquire: the receiver has read the record that this one overwrites. Partner: mailbox.emptied.
    if (sent - received_.load(std::memory_order_acquire) == kRoom) return false;
    room_[sent % kRoom] = block;
    Around(edge);
    // mailbox.send, release: block and record are written before they can be seen. Partner: mailbox.receive.
    sent_.store(sent + 1, std::memory_order_release);
    Around(edge);
    return true;
  }

  // False: it is empty.
  bool Receive(Block* block, Edge edge) {
    const u64 received = received_.load(std::memory_order_relaxed);  // the receiver's own
    // mailbox.receive, acquire: what the receiver does with the block comes behind all that the sender did. Partner: mailbox.send.
    if (received == sent_.load(std::memory_order_acquire)) return false;
    Around(edge);
    *block = room_[received % kRoom];
    // mailbox.emptied, release: the record is read before its place is free. Partner: mailbox.room.
    received_.store(received + 1, std::memory_order_release);
    return true;
  }

 private:
  alignas(256) std::atomic<u64> sent_ = 0;
  alignas(256) std::atomic<u64> received_ = 0;
  alignas(256) Block room_[kRoom];
};

// A T that is one thread's at a time.
template <class T>
class alignas(64) Slot {
 public:
  // Null: somebody has it.
  T* Take(Edge edge) {
    // slot.take, acquire: what this thread does with the blocks in it comes behind all that the one before did. Partner: slot.put.
    if (taken_.exchange(1, std::memory_order_acquire) != 0) return nullptr;
    Around(edge);
    return &what_;
  }
  void Put(Edge edge) {
    Around(edge);
    // slot.put, release: all that this thread did with them is done before the next one has them. Partner: slot.take.
    taken_.store(0, std::memory_order_release);
  }

 private:
  std::atomic<u32> taken_ = 0;
  T what_;
};

}  // namespace ordeal::stress
