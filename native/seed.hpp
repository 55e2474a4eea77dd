// What is asked of the surroundings of a click before anything grows: polarity and local range.
#pragma once

#include <algorithm>
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
    gather(click, half);
    const size_t middle = values_.size() / 2;
    std::nth_element(values_.begin(), values_.begin() + middle, values_.end());
    double median = values_[middle];
    if (values_.size() % 2 == 0) {
      median = (median + *std::max_element(values_.begin(), values_.begin() + middle)) / 2;
    }
    gather(click, 1);
    const auto ends = std::minmax_element(values_.begin(), values_.end());
    return median - *ends.first > *ends.second - median ? -1 : 1;
  }

  // Largest minus smallest value of the (2 half + 1)^2 window; one grey level, or a whisker, where it is flat.
  double range(Click click, int half) {
    gather(click, half);
    const auto ends = std::minmax_element(values_.begin(), values_.end());
    const double span = static_cast<double>(*ends.second) - static_cast<double>(*ends.first);
    return std::max(span, std::is_floating_point_v<Pixel> ? 1e-12 : 1.0);
  }

 private:
  void gather(Click click, int half) {
    values_.clear();
    const int left = std::max(0, click.col - half), right = std::min(frame_.cols, click.col + half + 1);
    for (int row = std::max(0, click.row - half); row < std::min(frame_.rows, click.row + half + 1); ++row) {
      const Pixel* line = frame_.data + static_cast<int64_t>(row) * frame_.cols;
      values_.insert(values_.end(), line + left, line + right);
    }
  }

  const Frame<Pixel>& frame_;
  std::vector<Pixel> values_;
};

}  // namespace glimt
