// FUSE: three energies read off one growth and two PMG masks vote on every pixel the growth took.
#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include "energy.hpp"
#include "growth.hpp"
#include "pmg.hpp"
#include "window.hpp"

namespace glimt {

// How far and how large a mask can grow (pixels), and PMG's L_ep, L_dp and alpha.
struct Limits {
  int reach, most, length, depth;
  double alpha;
};

template <class Pixel>
class Fuse {
 public:
  Fuse(const Frame<Pixel>& frame, const std::array<Energy, 3>& energies, const Limits& limits)
      : growth(window),
        frame_(frame),
        energies_(energies),
        limits_(limits),
        pmg_(frame, limits.length, limits.depth, limits.alpha) {}

  // Grows from the click. A target is only taken for dark when its growth says so too, as a bright one is likelier.
  int grow(Click click, const std::vector<Click>& rivals, double range, int sign, bool sure) {
    click_ = click;
    if (sign < 0 && !sure) {
      const double dark = run(rivals, range, -1), bright = run(rivals, range, 1);
      if (bright >= dark) return 1;
    }
    run(rivals, range, sign);
    return sign;
  }

  // The pixels of the path that at least three of the five votes take; the click itself always.
  const std::vector<int>& mask(int sign) {
    std::array<int, 3> sorted = sizes;
    std::sort(sorted.begin(), sorted.end());
    chosen_.assign(growth.path.begin(), growth.path.begin() + sorted[0]);
    if (sorted[0] == sorted[2]) return chosen_;
    poll(click_, sign);
    poll(center_of(sorted[1]), sign);
    for (int j = sorted[0]; j < sorted[2]; ++j) {
      const int votes = (j < sizes[0]) + (j < sizes[1]) + (j < sizes[2]) + polled_[j];
      if (votes >= 3) chosen_.push_back(growth.path[j]);
    }
    return chosen_;
  }

  std::array<int, 3> sizes{};  // pixels each energy would take; at least 1
  bool found = false;          // whether any energy had a peak
  Window<Pixel> window;
  Growth<Pixel> growth;

 private:
  // Returns the height of the second energy's peak.
  double run(const std::vector<Click>& rivals, double range, int sign) {
    window.cut(frame_, click_, limits_.reach, rivals, sign);
    growth.start();
    std::array<Peak, 3> peaks{Peak(energies_[0], range, limits_.most), Peak(energies_[1], range, limits_.most),
                              Peak(energies_[2], range, limits_.most)};
    const auto open = [&] { return !(peaks[0].closed() && peaks[1].closed() && peaks[2].closed()); };
    while (static_cast<int>(growth.path.size()) < limits_.most && open() && growth.step())
      for (Peak& peak : peaks) peak.look(growth.state);
    const int spare = std::max({peaks[0].size, peaks[1].size, peaks[2].size});
    for (int i = 0; i < 3; ++i) sizes[i] = std::max(1, peaks[i].size ? peaks[i].size : spare);
    found = spare > 0;
    polled_.assign(growth.path.size(), 0);
    return peaks[1].summit();
  }

  // The pixel of the first `size` ones that lies nearest to their centroid.
  Click center_of(int size) const {
    double row = 0, col = 0;
    for (int j = 0; j < size; ++j) {
      row += window.row(growth.path[j]);
      col += window.col(growth.path[j]);
    }
    Click best = click_;
    double least = INFINITY;
    for (int j = 0; j < size; ++j) {
      const Click here{window.row(growth.path[j]), window.col(growth.path[j])};
      const double dy = here.row - row / size, dx = here.col - col / size;
      if (dy * dy + dx * dx < least) {
        least = dy * dy + dx * dx;
        best = here;
      }
    }
    return best;
  }

  // One vote for each path pixel that PMG draws from `from`.
  void poll(Click from, int sign) {
    double agreed;
    const Box box = pmg_.box(from, sign);
    const auto& drawn = pmg_.mask(from, box, sign, &agreed);
    for (size_t j = 0; j < growth.path.size(); ++j) {
      const int row = window.row(growth.path[j]) - box.top, col = window.col(growth.path[j]) - box.left;
      if (row >= 0 && col >= 0 && row < box.rows() && col < box.cols()) polled_[j] += drawn[row * box.cols() + col];
    }
  }

  const Frame<Pixel>& frame_;
  std::array<Energy, 3> energies_;
  Limits limits_;
  Pmg<Pixel> pmg_;
  Click click_{};
  std::vector<int> chosen_, polled_;
};

}  // namespace glimt
