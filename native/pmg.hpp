// PMG of HMG (paper 003, section 3.1): a click becomes a box (P2B), the box becomes a mask (B2M).
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "window.hpp"

namespace glimt {

// Rows top..bottom and cols left..right, both ends included.
struct Box {
  int top, left, bottom, right;
  int rows() const { return bottom - top + 1; }
  int cols() const { return right - left + 1; }
};

template <class Pixel>
class Pmg {
 public:
  // `length` and `depth` are L_ep and L_dp in pixels, `alpha` weighs the click against the mean (Eq. 1).
  Pmg(const Frame<Pixel>& frame, int length, int depth, double alpha)
      : frame_(frame), length_(length), depth_(depth), alpha_(alpha) {}

  Box box(Click click, int sign) {
    sign_ = sign;
    return {click.row - walk(click, -1, 0), click.col - walk(click, 0, -1), click.row + walk(click, 1, 0),
            click.col + walk(click, 0, 1)};
  }

  // One byte a pixel of the box: 1 where at least half of the three maps' mean probability speaks for the target.
  // `agreed` gets the share of the mask's pixels over which all three maps are of one mind (intersection over union).
  const std::vector<uint8_t>& mask(Click click, const Box& box, int sign, double* agreed) {
    sign_ = sign;
    const int size = box.rows() * box.cols();
    total_.assign(size, 0.0);
    votes_.assign(size, 0);
    add_map(click, box, box);
    add_map(click, box, {box.top, box.left, click.row, box.right});
    add_map(click, box, {click.row + 1, box.left, box.bottom, box.right});
    add_map(click, box, {box.top, box.left, box.bottom, click.col});
    add_map(click, box, {box.top, click.col + 1, box.bottom, box.right});
    mask_.assign(size, 0);
    for (int i = 0; i < size; ++i) mask_[i] = total_[i] / 3 >= 0.5 - 1e-12;
    keep_component(click, box);
    *agreed = agreement();
    return mask_;
  }

 private:
  double at(int row, int col) const { return sign_ * static_cast<double>(frame_.at(row, col)); }

  // How far the target reaches from the click in one direction.
  int walk(Click click, int dy, int dx) {
    most_.clear();
    mean_.clear();
    for (int j = 0; j <= length_; ++j) {
      const int row = click.row + j * dy, col = click.col + j * dx;
      if (row < 0 || col < 0 || row >= frame_.rows || col >= frame_.cols) break;
      add_strip(row, col, dx, dy);
    }
    const int n = static_cast<int>(most_.size());
    if (n < 2) return 0;
    steps_.resize(n - 1);
    double threshold = 0;
    for (int j = 0; j + 1 < n; ++j) threshold += steps_[j] = std::abs(most_[j + 1] - most_[j]);
    threshold /= n - 1;
    int end = static_cast<int>(std::max_element(steps_.begin(), steps_.end()) - steps_.begin());
    if (steps_[end] <= threshold) return 0;
    while (end + 1 <= n - 2 && steps_[end + 1] > threshold) ++end;
    int reach = std::min(end + 1, n - 1);
    const double background = mean_[reach];
    for (int j = reach; j >= 0 && mean_[j] <= background; --j) reach = j;
    return reach;
  }

  // The strip of 2 depth + 1 pixels across the walk, clipped to the frame: its maximum and its mean.
  void add_strip(int row, int col, int across_row, int across_col) {
    double most = -INFINITY, sum = 0;
    int count = 0;
    for (int k = -depth_; k <= depth_; ++k) {
      const int r = row + k * std::abs(across_row), c = col + k * std::abs(across_col);
      if (r < 0 || c < 0 || r >= frame_.rows || c >= frame_.cols) continue;
      const double value = at(r, c);
      most = std::max(most, value);
      sum += value;
      ++count;
    }
    most_.push_back(most);
    mean_.push_back(sum / count);
  }

  // Adds Eq. 2 over `part`, with that part's own mean, minimum and maximum.
  void add_map(Click click, const Box& box, const Box& part) {
    if (part.rows() <= 0 || part.cols() <= 0) return;
    double low = INFINITY, high = -INFINITY, sum = 0;
    for (int row = part.top; row <= part.bottom; ++row)
      for (int col = part.left; col <= part.right; ++col) {
        const double value = at(row, col);
        low = std::min(low, value);
        high = std::max(high, value);
        sum += value;
      }
    const double sigma = alpha_ * at(click.row, click.col) + (1 - alpha_) * sum / (part.rows() * part.cols());
    for (int row = part.top; row <= part.bottom; ++row)
      for (int col = part.left; col <= part.right; ++col) {
        const int i = (row - box.top) * box.cols() + col - box.left;
        const double p = probability(at(row, col), sigma, low, high);
        total_[i] += p;
        votes_[i] += p >= 0.5;
      }
  }

  static double probability(double value, double sigma, double low, double high) {
    if (value > sigma) return 1 - (high - value) / (high - sigma) * 0.5;
    return sigma > low ? (value - low) / (sigma - low) * 0.5 : 0.5;
  }

  // Drops what is not 8-connected with the click; when the click itself is out, all stays.
  void keep_component(Click click, const Box& box) {
    const int cols = box.cols(), seed = (click.row - box.top) * cols + click.col - box.left;
    if (!mask_[seed]) return;
    stack_.assign(1, seed);
    mask_[seed] = 2;
    while (!stack_.empty()) {
      const int i = stack_.back();
      stack_.pop_back();
      for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx) {
          const int row = i / cols + dy, col = i % cols + dx;
          if (row < 0 || col < 0 || row >= box.rows() || col >= cols || mask_[row * cols + col] != 1) continue;
          mask_[row * cols + col] = 2;
          stack_.push_back(row * cols + col);
        }
    }
    for (uint8_t& pixel : mask_) pixel = pixel == 2;
  }

  double agreement() const {
    int all = 0, any = 0;
    for (size_t i = 0; i < mask_.size(); ++i) {
      if (!mask_[i]) continue;
      ++any;
      all += votes_[i] == 3;
    }
    return any ? static_cast<double>(all) / any : 0;
  }

  const Frame<Pixel>& frame_;
  int length_, depth_;
  double alpha_;
  int sign_ = 1;
  std::vector<double> most_, mean_, steps_, total_;
  std::vector<uint8_t> votes_, mask_;
  std::vector<int> stack_;
};

}  // namespace glimt
