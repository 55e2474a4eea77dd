// The compiled part of the labelers: what a click becomes, for many clicks of one frame at a time.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/array.h>

#include "energy.hpp"
#include "fuse.hpp"
#include "growth.hpp"
#include "pmg.hpp"
#include "seed.hpp"

namespace nb = nanobind;
using namespace glimt;

namespace {

constexpr int kPolarityHalf = 8;  // the median of 17x17 pixels: wide enough for a target, too narrow for most clutter edges
constexpr int kRangeHalf = 20;    // the 41x41 pixels whose range makes contrast and spread comparable between frames

template <class Pixel>
using Pixels = nb::ndarray<const Pixel, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Clicks = nb::ndarray<const int64_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
using Instances = nb::ndarray<int32_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using Reals = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using Stats = nb::ndarray<double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// All clicks of one frame, seen from one of them at a time.
template <class Pixel>
class Scene {
 public:
  Scene(const Pixels<Pixel>& pixels, const Clicks& clicks, int polarity)
      : frame{pixels.data(), static_cast<int>(pixels.shape(0)), static_cast<int>(pixels.shape(1))},
        clicks_(clicks), surroundings_(frame), polarity_(polarity) {}

  size_t size() const { return clicks_.shape(0); }
  Click click(size_t i) const { return {static_cast<int>(clicks_(i, 0)), static_cast<int>(clicks_(i, 1))}; }
  int sign(size_t i) { return polarity_ ? polarity_ : surroundings_.polarity(click(i), kPolarityHalf); }
  double range(size_t i) { return surroundings_.range(click(i), kRangeHalf); }

  // The other clicks that could own a pixel within `reach` of click i. A click at the same place is no rival.
  const std::vector<Click>& rivals(size_t i, int reach) {
    rivals_.clear();
    const Click own = click(i);
    for (size_t k = 0; k < size(); ++k) {
      const Click other = click(k);
      const int dy = std::abs(other.row - own.row), dx = std::abs(other.col - own.col);
      if ((dy || dx) && dy <= 2 * reach && dx <= 2 * reach) rivals_.push_back(other);
    }
    return rivals_;
  }

  const Frame<Pixel> frame;

 private:
  const Clicks& clicks_;
  Surroundings<Pixel> surroundings_;
  std::vector<Click> rivals_;
  int polarity_;
};

template <class Pixel>
void paint(const Window<Pixel>& window, const int* first, const int* last, Instances& out, size_t i) {
  for (const int* at = first; at != last; ++at) {
    int32_t& pixel = out(window.row(*at), window.col(*at));
    if (pixel == 0) pixel = static_cast<int32_t>(i + 1);
  }
}

// PAMG: one energy, one support radius a click. Columns of `stats`: sign, margin.
template <class Pixel>
void pamg(Pixels<Pixel> pixels, Clicks clicks, Reals supports, Energy energy, int polarity, Instances out, Stats stats) {
  Scene<Pixel> scene(pixels, clicks, polarity);
  Window<Pixel> window;
  Growth<Pixel> growth(window);
  for (size_t i = 0; i < scene.size(); ++i) {
    energy.support = supports(i);
    // Three support radii away the geometric term alone has cost 4.5: no peak lies beyond.
    const int reach = std::max(4, static_cast<int>(std::ceil(3 * energy.support)));
    const int pops = std::max(1, static_cast<int>(std::acos(-1.0) * energy.support * energy.support));
    const int sign = scene.sign(i);
    window.cut(scene.frame, scene.click(i), reach, scene.rivals(i, reach), sign);
    growth.start();
    Peak peak(energy, scene.range(i), pops);
    while (static_cast<int>(growth.path.size()) < pops && !peak.closed() && growth.step()) peak.look(growth.state);
    paint(window, growth.path.data(), growth.path.data() + std::max(1, peak.size), out, i);
    stats(i, 0) = sign;
    stats(i, 1) = peak.margin();
  }
}

// FUSE: a vote of five. Columns of `stats`: sign, smallest and largest size that an energy would take (0, 1 without a peak).
template <class Pixel>
void fuse(Pixels<Pixel> pixels, Clicks clicks, std::array<Energy, 3> energies, Limits limits, int polarity, Instances out,
          Stats stats) {
  Scene<Pixel> scene(pixels, clicks, polarity);
  Fuse<Pixel> fuse(scene.frame, energies, limits);
  for (size_t i = 0; i < scene.size(); ++i) {
    const int guess = scene.sign(i);
    const int sign = fuse.grow(scene.click(i), scene.rivals(i, limits.reach), scene.range(i), guess, polarity != 0);
    const std::vector<int>& mask = fuse.mask(sign);
    paint(fuse.window, mask.data(), mask.data() + mask.size(), out, i);
    const auto ends = std::minmax_element(fuse.sizes.begin(), fuse.sizes.end());
    stats(i, 0) = sign;
    stats(i, 1) = fuse.found ? *ends.first : 0;
    stats(i, 2) = *ends.second;
  }
}

// PMG: box and mask. Columns of `stats`: sign, agreement, top, left, bottom, right (ends not included).
template <class Pixel>
void pmg(Pixels<Pixel> pixels, Clicks clicks, int length, int depth, double alpha, int polarity, Instances out, Stats stats) {
  Scene<Pixel> scene(pixels, clicks, polarity);
  Window<Pixel> window;
  Pmg<Pixel> pmg(scene.frame, length, depth, alpha);
  for (size_t i = 0; i < scene.size(); ++i) {
    const Click click = scene.click(i);
    const int sign = scene.sign(i);
    const Box box = pmg.box(click, sign);
    double agreed = 0;
    const auto& mask = pmg.mask(click, box, sign, &agreed);
    const auto& rivals = scene.rivals(i, length);
    for (int row = box.top; row <= box.bottom; ++row)
      for (int col = box.left; col <= box.right; ++col) {
        if (!mask[(row - box.top) * box.cols() + col - box.left] || out(row, col)) continue;
        if (owns(click, row, col, rivals)) out(row, col) = static_cast<int32_t>(i + 1);
      }
    if (!out(click.row, click.col)) out(click.row, click.col) = static_cast<int32_t>(i + 1);
    const double found[] = {double(sign), agreed, double(box.top), double(box.left), box.bottom + 1.0, box.right + 1.0};
    for (int k = 0; k < 6; ++k) stats(i, k) = found[k];
  }
}

template <class Pixel>
void define(nb::module_& m) {
  m.def("pamg", &pamg<Pixel>, nb::call_guard<nb::gil_scoped_release>());
  m.def("fuse", &fuse<Pixel>, nb::call_guard<nb::gil_scoped_release>());
  m.def("pmg", &pmg<Pixel>, nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace

NB_MODULE(_growth, m) {
  m.doc() = "What a click becomes: region growth with a posterior energy, PMG, and their vote.";
  nb::class_<Energy>(m, "Energy")
      .def("__init__",
           [](Energy* self, double size, double saliency, double edge, double homogeneity, double geometry,
              double epsilon, double support, int warmup, bool complete, double fall, double patience, int slack) {
             new (self) Energy{size, saliency, edge, homogeneity, geometry, epsilon, support, warmup, complete, fall, patience, slack};
           },
           nb::kw_only(), nb::arg("size"), nb::arg("saliency"), nb::arg("edge"), nb::arg("homogeneity"),
           nb::arg("geometry"), nb::arg("epsilon"), nb::arg("support"), nb::arg("warmup"), nb::arg("complete"),
           nb::arg("fall"), nb::arg("patience"), nb::arg("slack"));
  nb::class_<Limits>(m, "Limits")
      .def("__init__",
           [](Limits* self, int reach, int most, int length, int depth, double alpha) {
             new (self) Limits{reach, most, length, depth, alpha};
           },
           nb::kw_only(), nb::arg("reach"), nb::arg("most"), nb::arg("length"), nb::arg("depth"), nb::arg("alpha"));
  define<uint8_t>(m);
  define<uint16_t>(m);
  define<float>(m);
}
