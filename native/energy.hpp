// The posterior energy of a growing region (paper 001, Eq. 6) with an edge term, and the choice of its peak.
#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "growth.hpp"

namespace glimt {

// The energy is E = size lnln(n+1) + saliency ln(c/R) + edge ln(e/R) - homogeneity ln(s/R + epsilon)
//                   - geometry d^2 / (2 support^2).
// Only its order matters, so exp(E) is followed instead: with weights of 0 and 1, as in the paper, it takes no logarithm.
struct Energy {
  double size, saliency, edge, homogeneity, geometry, epsilon, support;
  int warmup;       // no energy for the first `warmup` pixels, as the statistics are not worth anything yet
  bool complete;    // only states that are the click's component at a grey level count
  double fall;      // growth is over once the energy fell this far below its peak ...
  double patience;  // ... and the region has `patience` times the peak's size and `slack` pixels more
  int slack;

  bool plain() const {
    const auto whole = [](double weight) { return weight == 0 || weight == 1; };
    return whole(size) && whole(saliency) && whole(homogeneity) && edge == 0;
  }
};

// ln n and ln ln n for n up to `most`, from tables that grow with use; n < 2 has no ln ln.
struct Logs {
  const double* log;
  const double* log_log;
};
inline Logs logs(int most) {
  thread_local std::vector<double> log, log_log;
  for (int n = static_cast<int>(log.size()); n <= most; ++n) {
    log.push_back(std::log(static_cast<double>(n)));
    log_log.push_back(std::log(log.back()));
  }
  return {log.data(), log_log.data()};
}

// Follows one energy along the growth and remembers the first state with the highest value.
class Peak {
 public:
  // `range` is R, and `most` bounds the pixels that the region can take.
  Peak(const Energy& energy, double range, int most)
      : energy_(energy), plain_(energy.plain()), inverse_range_(1 / range), floor_(std::exp(-energy.fall)), logs_(logs(most + 1)) {
    heights_.reserve(std::min(most, 2048));
  }

  void look(const State& state) {
    if (closed_) return;
    const double height = state.taken > energy_.warmup ? height_of(state) : 0;
    heights_.push_back(height);
    if (height > summit_) {
      summit_ = height;
      summit_size_ = state.taken;
    }
    if (height > best_ && (!energy_.complete || state.complete())) {
      best_ = height;
      size = state.taken;
    }
    closed_ = height < summit_ * floor_ && state.taken > energy_.patience * summit_size_ + energy_.slack;
  }
  bool closed() const { return closed_; }

  // exp(E) at the highest of all states, also those that may not be chosen; 0 where no state has an energy.
  double summit() const { return summit_; }

  // How far E at the peak stands above every state of less than half or more than twice its size; 0 without a peak.
  double margin() const {
    if (size == 0) return 0;
    double rival = 0;
    for (int n = 1; n <= static_cast<int>(heights_.size()); ++n)
      if (2 * n < size || n > 2 * size) rival = std::max(rival, heights_[n - 1]);
    return std::log(best_ / rival);
  }

  int size = 0;  // pixels of the chosen state; 0 when none could be chosen

 private:
  // exp(E); 0 where a logarithm has no value.
  double height_of(const State& state) {
    const double share = 1.0 / (state.taken + 1), mean = state.sum * share;
    const double contrast = state.ring ? (mean - state.ring_sum / state.ring) * inverse_range_ : 0;
    const double edge = energy_.edge > 0 && state.edges ? state.edge_sum / state.edges * inverse_range_ : 0;
    if ((energy_.saliency > 0 && contrast <= 0) || (energy_.edge > 0 && edge <= 0)) return 0;
    const double variance = std::max(0.0, state.squares * share - mean * mean);
    const double spread = std::sqrt(variance) * inverse_range_ + energy_.epsilon;
    const double reach = prior(state.distance);
    if (plain_) {
      const double gain = energy_.size > 0 ? logs_.log[state.taken + 1] : 1;
      return gain * (energy_.saliency > 0 ? contrast : 1) / (energy_.homogeneity > 0 ? spread : 1) * reach;
    }
    double value = energy_.size * logs_.log_log[state.taken + 1];
    if (energy_.saliency > 0) value += energy_.saliency * std::log(contrast);
    if (energy_.edge > 0) value += energy_.edge * std::log(edge);
    if (energy_.homogeneity > 0) value -= energy_.homogeneity * std::log(spread);
    return std::exp(value) * reach;
  }

  // exp(-d^2 / (2 support^2)); the distance seldom changes from one state to the next.
  double prior(int squared) {
    if (squared != squared_) {
      squared_ = squared;
      prior_ = std::exp(-energy_.geometry * squared / (2 * energy_.support * energy_.support));
    }
    return prior_;
  }

  const Energy& energy_;
  bool plain_;
  double inverse_range_, floor_;
  Logs logs_;
  std::vector<double> heights_;
  double best_ = 0, summit_ = 0, prior_ = 1;
  int summit_size_ = 0, squared_ = 0;
  bool closed_ = false;
};

}  // namespace glimt
