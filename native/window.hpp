// A square cut-out of a frame around one click, with a border, so that growth needs no bounds checks.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace glimt {

struct Click {
  int row, col;
};

// A frame of any pixel type, rows first.
template <class Pixel>
struct Frame {
  const Pixel* data;
  int rows, cols;
  Pixel at(int row, int col) const { return data[static_cast<int64_t>(row) * cols + col]; }
};

enum Flag : uint8_t {
  kInside = 1,    // a pixel of the frame
  kFree = 2,      // growth may take it
  kQueued = 4,    // waits in the queue, or was taken
  kTaken = 8,     // belongs to the region
  kRing = 16,     // Chebyshev distance 1 from the region
};

// No rival is strictly nearer to the pixel than the click is: the Voronoi cell of the click, its border shared.
inline bool owns(Click click, int row, int col, const std::vector<Click>& rivals) {
  const int dy = row - click.row, dx = col - click.col;
  for (const Click& rival : rivals) {
    const int ry = rival.row - click.row, rx = rival.col - click.col;
    if (2 * (dy * ry + dx * rx) > ry * ry + rx * rx) return false;
  }
  return true;
}

// Pixels beyond the frame are not kInside; pixels farther than `reach` from the click, or nearer to another click, are not kFree.
template <class Pixel>
class Window {
 public:
  // `sign` is -1 to see a dark target as a bright one.
  void cut(const Frame<Pixel>& frame, Click click, int reach, const std::vector<Click>& rivals, int sign) {
    click_ = click;
    reach_ = reach;
    for (shift_ = 3; (1 << shift_) < 2 * reach + 3; ++shift_) {
    }
    const size_t size = static_cast<size_t>(2 * reach + 3) << shift_;
    if (value.size() < size) value.resize(size);
    flag.assign(size, 0);
    // The outermost pixels lie beyond `reach`: growth looks at them and never takes them.
    const int top = click.row - reach - 1, left = click.col - reach - 1;
    const int first = std::max(0, left), last = std::min(frame.cols, left + 2 * reach + 3);
    for (int row = std::max(0, top); row < std::min(frame.rows, top + 2 * reach + 3); ++row) {
      const int base = ((row - top) << shift_) - left;
      const Pixel* line = frame.data + static_cast<int64_t>(row) * frame.cols;
      if (sign > 0) std::copy(line + first, line + last, value.begin() + base + first);
      else std::transform(line + first, line + last, value.begin() + base + first, invert);
      std::fill(flag.begin() + base + first, flag.begin() + base + last, static_cast<uint8_t>(kInside));
      free_row(row, base, first, last, rivals);
    }
  }

  int stride() const { return 1 << shift_; }
  int center() const { return ((reach_ + 1) << shift_) + reach_ + 1; }
  int row(int at) const { return click_.row + dy(at); }
  int col(int at) const { return click_.col + dx(at); }
  int squared_distance(int at) const { return dy(at) * dy(at) + dx(at) * dx(at); }

  std::vector<Pixel> value;
  std::vector<uint8_t> flag;

 private:
  int dy(int at) const { return (at >> shift_) - reach_ - 1; }
  int dx(int at) const { return (at & (stride() - 1)) - reach_ - 1; }

  static Pixel invert(Pixel pixel) {
    if constexpr (std::is_floating_point_v<Pixel>) return -pixel;
    else return static_cast<Pixel>(static_cast<Pixel>(~Pixel{0}) - pixel);
  }

  void free_row(int row, int base, int first, int last, const std::vector<Click>& rivals) {
    const int dy = row - click_.row, room = reach_ * reach_ - dy * dy;
    if (room < 0) return;
    const int width = static_cast<int>(std::sqrt(static_cast<double>(room)));
    const int from = std::max(first, click_.col - width), to = std::min(last, click_.col + width + 1);
    if (rivals.empty()) {
      std::fill(flag.begin() + base + from, flag.begin() + base + std::max(from, to), static_cast<uint8_t>(kInside | kFree));
      return;
    }
    for (int col = from; col < to; ++col)
      if (owns(click_, row, col, rivals)) flag[base + col] |= kFree;
  }

  Click click_{};
  int reach_ = 0;
  int shift_ = 0;  // rows are a power of two apart: a place splits into row and column without a division
};

}  // namespace glimt
