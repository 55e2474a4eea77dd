// A square cut-out of a frame around one click, with a border, so that growth needs no bounds checks.
#pragma once

#include <algorithm>
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
    stride_ = 2 * reach + 3;
    const size_t size = static_cast<size_t>(stride_) * stride_;
    if (value.size() < size) value.resize(size);
    flag.assign(size, 0);
    // The outermost pixels lie beyond `reach`: growth looks at them and never takes them.
    const int top = click.row - reach - 1, left = click.col - reach - 1;
    const int first = std::max(0, left), last = std::min(frame.cols, left + stride_);
    for (int row = std::max(0, top); row < std::min(frame.rows, top + stride_); ++row) {
      const int base = (row - top) * stride_ - left;
      for (int col = first; col < last; ++col) {
        const Pixel pixel = frame.at(row, col);
        value[base + col] = sign > 0 ? pixel : invert(pixel);
        flag[base + col] = kInside;
      }
      free_row(row, base, first, last, rivals);
    }
  }

  int stride() const { return stride_; }
  int center() const { return (reach_ + 1) * stride_ + reach_ + 1; }
  int row(int at) const { return at / stride_ - reach_ - 1 + click_.row; }
  int col(int at) const { return at % stride_ - reach_ - 1 + click_.col; }
  int squared_distance(int at) const {
    const int dy = at / stride_ - reach_ - 1, dx = at % stride_ - reach_ - 1;
    return dy * dy + dx * dx;
  }

  std::vector<Pixel> value;
  std::vector<uint8_t> flag;

 private:
  static Pixel invert(Pixel pixel) {
    if constexpr (std::is_floating_point_v<Pixel>) return -pixel;
    else return static_cast<Pixel>(static_cast<Pixel>(~Pixel{0}) - pixel);
  }

  void free_row(int row, int base, int first, int last, const std::vector<Click>& rivals) {
    const int dy = row - click_.row, room = reach_ * reach_ - dy * dy;
    if (room < 0) return;
    for (int col = first; col < last; ++col) {
      const int dx = col - click_.col;
      if (dx * dx <= room && owns(click_, row, col, rivals)) flag[base + col] |= kFree;
    }
  }

  Click click_{};
  int reach_ = 0, stride_ = 0;
};

}  // namespace glimt
