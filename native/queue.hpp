// Max-first queues; equal values leave in the order they came (FIFO), which the growth path depends on.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace glimt {

// 256 lists and a pointer to the highest filled one: every operation takes a few instructions.
class BucketQueue {
 public:
  void clear(size_t pixels) {
    if (next_.size() < pixels) next_.resize(pixels);
    head_.fill(-1);
    top_ = -1;
  }
  bool empty() {
    while (top_ >= 0 && head_[top_] < 0) --top_;
    return top_ < 0;
  }
  void push(int at, uint8_t value) {
    next_[at] = -1;
    if (head_[value] < 0) head_[value] = at;
    else next_[tail_[value]] = at;
    tail_[value] = at;
    top_ = std::max(top_, static_cast<int>(value));
  }
  // Call empty() first: it finds the highest filled list.
  double top() const { return top_; }
  int pop() {
    const int at = head_[top_];
    head_[top_] = next_[at];
    return at;
  }

 private:
  std::array<int, 256> head_{}, tail_{};
  std::vector<int> next_;
  int top_ = -1;
};

// A binary heap, for more grey levels than lists are worth.
template <class Pixel>
class HeapQueue {
 public:
  void clear(size_t) {
    heap_.clear();
    pushed_ = 0;
  }
  bool empty() const { return heap_.empty(); }
  void push(int at, Pixel value) {
    heap_.push_back({value, pushed_++, at});
    std::push_heap(heap_.begin(), heap_.end());
  }
  double top() const { return heap_.front().value; }
  int pop() {
    const int at = heap_.front().at;
    std::pop_heap(heap_.begin(), heap_.end());
    heap_.pop_back();
    return at;
  }

 private:
  struct Entry {
    Pixel value;
    uint32_t order;
    int at;
    bool operator<(const Entry& other) const {
      return value < other.value || (value == other.value && order > other.order);
    }
  };
  std::vector<Entry> heap_;
  uint32_t pushed_ = 0;
};

template <class Pixel>
struct QueueOf {
  using type = HeapQueue<Pixel>;
};
template <>
struct QueueOf<uint8_t> {
  using type = BucketQueue;
};

}  // namespace glimt
