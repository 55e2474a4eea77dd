// Greedy region growth from a click, brightest neighbour first, with the statistics every energy needs kept up to date.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "queue.hpp"
#include "window.hpp"

namespace glimt {

// What is known about the region after one more pixel was taken.
struct State {
  int taken = 0;                // pixels of the region
  double sum = 0, squares = 0;  // over its values, the click counted twice (paper 001, Algorithm 1)
  double ring_sum = 0;          // over the ring: inside the frame, Chebyshev distance 1 from the region
  int ring = 0;
  double edge_sum = 0;          // over 4-neighbour pairs (inside minus outside the region)
  int edges = 0;
  int distance = 0;             // largest squared distance from the click
  double lowest = 0;            // smallest value taken
  double next = 0;              // value the queue would give next; -inf when it is empty

  // The region is exactly the click's connected component at its lowest grey level.
  bool complete() const { return next < lowest; }
};

template <class Pixel>
class Growth {
 public:
  explicit Growth(Window<Pixel>& window) : window_(window) {}

  void start() {
    const int click = window_.center();
    queue_.clear(window_.flag.size());
    path.clear();
    const int stride = window_.stride();
    straight_ = {-stride, -1, 1, stride};
    diagonal_ = {-stride - 1, -stride + 1, stride - 1, stride + 1};
    const double value = window_.value[click];
    state = State{};
    state.sum = value;
    state.squares = value * value;
    state.lowest = value;
    window_.flag[click] |= kQueued;
    queue_.push(click, window_.value[click]);
  }

  // Takes the brightest waiting pixel; false when none waits.
  bool step() {
    if (queue_.empty()) return false;
    const int at = queue_.pop();
    const double value = window_.value[at];
    path.push_back(at);
    state.taken += 1;
    state.sum += value;
    state.squares += value * value;
    state.lowest = std::min(state.lowest, value);
    state.distance = std::max(state.distance, window_.squared_distance(at));
    take(at, value);
    state.next = queue_.empty() ? -std::numeric_limits<double>::infinity() : queue_.top();
    return true;
  }

  State state;
  std::vector<int> path;

 private:
  void take(int at, double value) {
    uint8_t* flag = window_.flag.data();
    if (flag[at] & kRing) {
      state.ring_sum -= value;
      state.ring -= 1;
    }
    flag[at] |= kTaken;
    for (int offset : diagonal_) join_ring(flag[at + offset], at + offset);
    for (int offset : straight_) {
      const int near = at + offset;
      uint8_t& seen = flag[near];
      if (!(seen & kInside)) continue;
      const double other = window_.value[near];
      const int outside = seen & kTaken ? -1 : 1;  // a pair with a taken pixel was counted when that one was taken
      state.edge_sum += value - other;
      state.edges += outside;
      if (outside < 0) continue;
      join_ring(seen, near);
      if ((seen & (kFree | kQueued)) != kFree) continue;
      seen |= kQueued;
      queue_.push(near, window_.value[near]);
    }
  }

  void join_ring(uint8_t& seen, int near) {
    if ((seen & (kInside | kTaken | kRing)) != kInside) return;
    seen |= kRing;
    state.ring_sum += window_.value[near];
    state.ring += 1;
  }

  Window<Pixel>& window_;
  typename QueueOf<Pixel>::type queue_;
  std::array<int, 4> straight_{}, diagonal_{};
};

}  // namespace glimt
