// What is asked of the surroundings of a click before anything grows: polarity and local range.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "window.hpp"

namespace glimt {

template <class Pixel>
class Surroundings {
 public:
  explicit Surroundings(const Frame<Pixel>& frame) : frame_(frame) {}

  // +1 for a target brighter than its surroundings, -1 for a darker one: which of the extremes of the 3x3 pixels at the
  // click lies farther from the median of the (2 half + 1)^2 window.
  int polarity(Click click, int half) {
    const double middle = median(click, half);
    const Ends ends = extremes(click, 1);
    return middle - ends.low > ends.high - middle ? -1 : 1;
  }

  // Largest minus smallest value of the (2 half + 1)^2 window; one grey level, or a whisker, where it is flat.
  double range(Click click, int half) const {
    const Ends ends = extremes(click, half);
    return std::max(ends.high - ends.low, std::is_floating_point_v<Pixel> ? 1e-12 : 1.0);
  }

 private:
  struct Ends {
    double low, high;
  };

  template <class Line>
  void each_line(Click click, int half, Line&& line) const {
    const int left = std::max(0, click.col - half), right = std::min(frame_.cols, click.col + half + 1);
    for (int row = std::max(0, click.row - half); row < std::min(frame_.rows, click.row + half + 1); ++row) {
      const Pixel* start = frame_.data + static_cast<int64_t>(row) * frame_.cols;
      line(start + left, start + right);
    }
  }

  Ends extremes(Click click, int half) const {
    Pixel low = frame_.at(click.row, click.col), high = low;
    each_line(click, half, [&](const Pixel* at, const Pixel* end) {
      for (; at != end; ++at) {  // plain enough to be turned into vector instructions
        low = *at < low ? *at : low;
        high = *at > high ? *at : high;
      }
    });
    return {static_cast<double>(low), static_cast<double>(high)};
  }

  // The mean of the two middle values where their number is even.
  double median(Click click, int half) {
    values_.clear();
    each_line(click, half, [&](const Pixel* at, const Pixel* end) { values_.insert(values_.end(), at, end); });
    const size_t upper = values_.size() / 2, lower = (values_.size() - 1) / 2;
    if constexpr (std::is_same_v<Pixel, uint8_t>) {
      std::array<int, 256> counts{};
      for (const Pixel value : values_) ++counts[value];
      return (ranked(counts, lower) + ranked(counts, upper)) / 2.0;
    } else {
      std::nth_element(values_.begin(), values_.begin() + upper, values_.end());
      const double high = values_[upper];
      return upper == lower ? high : (high + *std::max_element(values_.begin(), values_.begin() + upper)) / 2;
    }
  }

  // The value at place `rank` of the sorted values.
  static int ranked(const std::array<int, 256>& counts, size_t rank) {
    int value = 0;
    for (size_t below = counts[0]; below <= rank; below += counts[++value]) {
    }
    return value;
  }

  const Frame<Pixel>& frame_;
  std::vector<Pixel> values_;
};

}  // namespace glimt
