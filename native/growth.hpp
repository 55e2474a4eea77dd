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
  double queue_sum = 0;         // over the pixels that wait
  int queued = 0;
  int distance = 0;             // largest squared distance from the click
  double lowest = 0;            // smallest value taken
  double next = 0;              // value the queue would give next; -inf when it is empty

  double mean() const { return sum / (taken + 1); }
  double ring_mean() const { return ring ? ring_sum / ring : mean(); }
  double edge_mean() const { return edges ? edge_sum / edges : 0; }
  double queue_mean() const { return queued ? queue_sum / queued : mean(); }
  double deviation() const {
    const double m = mean();
    return std::sqrt(std::max(0.0, squares / (taken + 1) - m * m));
  }
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
    four_ = {-stride, -1, 1, stride};
    eight_ = {-stride - 1, -stride, -stride + 1, -1, 1, stride - 1, stride, stride + 1};
    const double value = window_.value[click];
    state = State{};
    state.sum = value;
    state.squares = value * value;
    state.lowest = value;
    state.queue_sum = value;
    state.queued = 1;
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
    state.queue_sum -= value;
    state.queued -= 1;
    state.lowest = std::min(state.lowest, value);
    state.distance = std::max(state.distance, window_.squared_distance(at));
    update_ring(at, value);
    update_edges_and_push(at, value);
    state.next = queue_.empty() ? -std::numeric_limits<double>::infinity() : queue_.top();
    return true;
  }

  State state;
  std::vector<int> path;

 private:
  void update_ring(int at, double value) {
    uint8_t* flag = window_.flag.data();
    if (flag[at] & kRing) {
      state.ring_sum -= value;
      state.ring -= 1;
    }
    flag[at] |= kTaken;
    for (int offset : eight_) {
      const int near = at + offset;
      if ((flag[near] & (kInside | kTaken | kRing)) != kInside) continue;
      flag[near] |= kRing;
      state.ring_sum += window_.value[near];
      state.ring += 1;
    }
  }

  void update_edges_and_push(int at, double value) {
    uint8_t* flag = window_.flag.data();
    for (int offset : four_) {
      const int near = at + offset;
      if (!(flag[near] & kInside)) continue;
      const double other = window_.value[near];
      if (flag[near] & kTaken) {
        state.edge_sum -= other - value;
        state.edges -= 1;
        continue;
      }
      state.edge_sum += value - other;
      state.edges += 1;
      if ((flag[near] & (kFree | kQueued)) != kFree) continue;
      flag[near] |= kQueued;
      state.queue_sum += other;
      state.queued += 1;
      queue_.push(near, window_.value[near]);
    }
  }

  Window<Pixel>& window_;
  typename QueueOf<Pixel>::type queue_;
  std::array<int, 4> four_{};
  std::array<int, 8> eight_{};
};

}  // namespace glimt
