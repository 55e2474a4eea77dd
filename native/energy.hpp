// The posterior energy of a growing region (paper 001, Eq. 6) with an edge term, and the choice of its peak.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "growth.hpp"

namespace glimt {

constexpr double kNever = -std::numeric_limits<double>::infinity();

// E = size lnln(n+1) + saliency ln(c/R) + edge ln(e/R) - homogeneity ln(s/R + epsilon) - geometry d^2 / (2 support^2)
struct Energy {
  double size, saliency, edge, homogeneity, geometry, epsilon, support;
  int warmup;       // no energy for the first `warmup` pixels, as the statistics are not worth anything yet
  bool complete;    // only states that are the click's component at a grey level count
  double fall;      // growth is over once the energy fell this far below its peak ...
  double patience;  // ... and the region has `patience` times the peak's size and `slack` pixels more
  int slack;
};

// ln ln n for n up to `most`, from a table that grows with use; n < 2 has none.
inline const double* log_logs(int most) {
  thread_local std::vector<double> table;
  while (static_cast<int>(table.size()) <= most) table.push_back(std::log(std::log(static_cast<double>(table.size()))));
  return table.data();
}

inline double energy_of(const Energy& energy, const State& state, double range, const double* log_log) {
  if (state.taken <= energy.warmup) return kNever;
  const double contrast = (state.mean() - state.ring_mean()) / range;
  const double edge = energy.edge > 0 ? state.edge_mean() / range : 0;
  if ((energy.saliency > 0 && contrast <= 0) || (energy.edge > 0 && edge <= 0)) return kNever;
  double value = energy.size > 0 ? energy.size * log_log[state.taken + 1] : 0;
  const double spread = energy.homogeneity > 0 ? state.deviation() / range + energy.epsilon : 1;
  if (energy.saliency > 0 && energy.saliency == energy.homogeneity) {
    value += energy.saliency * std::log(contrast / spread);  // one logarithm instead of two
  } else {
    if (energy.saliency > 0) value += energy.saliency * std::log(contrast);
    if (energy.homogeneity > 0) value -= energy.homogeneity * std::log(spread);
  }
  if (energy.edge > 0) value += energy.edge * std::log(edge);
  return value - energy.geometry * state.distance / (2 * energy.support * energy.support);
}

// Follows one energy along the growth and remembers the first state with the highest value.
class Peak {
 public:
  // `most` bounds the pixels that the region can take.
  Peak(const Energy& energy, double range, int most) : energy_(energy), range_(range), log_log_(log_logs(most + 1)) {
    curve.reserve(std::min(most, 2048));
  }

  void look(const State& state) {
    if (closed_) return;
    const double value = energy_of(energy_, state, range_, log_log_);
    curve.push_back(value);
    if (value > summit_) {
      summit_ = value;
      summit_size_ = state.taken;
    }
    if (value > best && (!energy_.complete || state.complete())) {
      best = value;
      size = state.taken;
    }
    closed_ = summit_ > kNever && value < summit_ - energy_.fall &&
              state.taken > energy_.patience * summit_size_ + energy_.slack;
  }
  bool closed() const { return closed_; }
  double summit() const { return summit_; }  // over all states, also those that may not be chosen

  // How far the peak stands above every state of less than half or more than twice its size; 0 without a peak.
  double margin() const {
    if (size == 0) return 0;
    double rival = kNever;
    for (int n = 1; n <= static_cast<int>(curve.size()); ++n)
      if (2 * n < size || n > 2 * size) rival = std::max(rival, curve[n - 1]);
    return best - rival;
  }

  double best = kNever;
  int size = 0;  // pixels of the chosen state; 0 when none could be chosen
  std::vector<double> curve;

 private:
  const Energy& energy_;
  double range_;
  const double* log_log_;
  double summit_ = kNever;
  int summit_size_ = 0;
  bool closed_ = false;
};

}  // namespace glimt
