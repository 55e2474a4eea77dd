"""One synthetic frame: background, noise, targets of chosen SCR, and the exact truth about them."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from glimt.core.catalog import hint
from glimt.core.errors import OptionError
from glimt.core.types import Image, Instances, Mask, Point, Points
from glimt.data.synthetic.background import BACKGROUNDS, draw_background
from glimt.data.synthetic.light import instances_of, lit_pixels, shine
from glimt.data.synthetic.noise import column_pattern, dead_pixels, photon_noise
from glimt.data.synthetic.targets import Profile, draw_profile, offset, reach

Range = tuple[float, float]
TRIES = 40  # places looked at for one target


@dataclass(frozen=True)
class SceneOptions:
    """What a frame holds. A pair is a range, drawn from evenly."""

    size: tuple[int, int] = (256, 256)  # rows, cols
    background: str = "mixed"  # a name in BACKGROUNDS, or any of them
    targets: tuple[int, int] = (1, 4)
    scr: Range = (2.0, 12.0)
    dark: float = 0.2  # share of targets darker than what is around them
    extent: Range = (0.3, 3.5)  # px from a target's centre to its tip, before the optics
    psf: Range = (0.7, 1.1)  # px; spread of the optics
    apart: float = 16.0  # px between two targets' centres, at least
    noise: float = 0.005  # spread of the photon noise at full scale
    columns: float = 0.0015  # spread of the column pattern
    dead: float = 1e-5  # share of dead pixels

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn."""
        kinds = ("mixed", *BACKGROUNDS)
        if self.background not in kinds:
            close = hint(self.background, kinds)
            raise OptionError(f"no background {self.background!r}{close}; known: {', '.join(kinds)}")
        for name in ("targets", "scr", "extent", "psf"):
            low, high = getattr(self, name)
            if not 0 <= low <= high:
                raise OptionError(f"{name}: {low:g}-{high:g} is no range; give low-high with 0 <= low <= high")
        for name in ("dark", "dead"):
            if not 0 <= getattr(self, name) <= 1:
                raise OptionError(f"{name}: {getattr(self, name):g} is no share; give a number from 0 to 1")
        if not min(self.noise, self.columns) >= 0 or self.psf[0] < 0.3:
            raise OptionError("noise and columns must be at least 0, psf at least 0.3 pixels")
        self._check_size()

    def _check_size(self) -> None:
        needed = max(48, 4 * reach(self.extent[1], self.psf[1]))
        if min(self.size) < needed:
            raise OptionError(f"size: {self.size[0]}x{self.size[1]} is too small; these targets need {needed} pixels")


@dataclass(frozen=True)
class Scene:
    """A frame and the truth about it; row i of `points` and `scr` is instance i + 1."""

    image: Image
    mask: Mask
    instances: Instances
    points: Points  # sub-pixel centres
    scr: Float[np.ndarray, " n"]  # negative for a dark target
    background: str


def draw_scene(options: SceneOptions, rng: np.random.Generator) -> Scene:
    """Draw a frame. Where there is no room left for another target of the range, the frame holds fewer.

    Photon noise is that of the background alone. A frame that leaves [0, 1] is mapped back into it as a camera's
    automatic gain would, which changes no SCR.
    """
    kind = options.background if options.background != "mixed" else str(rng.choice(list(BACKGROUNDS)))
    clean = draw_background(kind, options.size, rng)
    base = clean + photon_noise(clean, options.noise, rng) + column_pattern(clean, options.columns, rng)
    wanted = _draw_scr(options, rng)
    profiles, points = _place(base, wanted, options, rng)
    instances = instances_of(options.size, profiles)
    base = dead_pixels(base, options.dead, lit_pixels(options.size, profiles), rng)
    light, scr = shine(base, profiles, instances, wanted)
    return Scene(_automatic_gain(base + light), instances > 0, instances, points, scr, kind)


def _draw_scr(options: SceneOptions, rng: np.random.Generator) -> np.ndarray:
    count = rng.integers(options.targets[0], options.targets[1], endpoint=True)
    sign = np.where(rng.random(count) < options.dark, -1.0, 1.0)
    return sign * rng.uniform(*options.scr, size=count)


def _place(
    base: Image, wanted: np.ndarray, options: SceneOptions, rng: np.random.Generator
) -> tuple[list[Profile], Points]:
    profiles: list[Profile] = []
    points: list[Point] = []
    for scr in wanted:
        found = _find_place(base, abs(scr), points, options, rng)
        if found is not None:
            profiles.append(found[0])
            points.append(found[1])
    return profiles, np.array(points, dtype=float).reshape(-1, 2)


def _find_place(
    base: Image, scr: float, taken: list[Point], options: SceneOptions, rng: np.random.Generator
) -> tuple[Profile, Point] | None:
    """A place away from the others that does not already stand out by half the SCR; else the calmest one looked at."""
    extent, psf = rng.uniform(*options.extent), rng.uniform(*options.psf)
    edge = reach(extent, psf) + 1
    calmest, best = np.inf, None
    for _ in range(TRIES):
        point = (rng.uniform(edge, options.size[0] - 1 - edge), rng.uniform(edge, options.size[1] - 1 - edge))
        if any(np.hypot(point[0] - row, point[1] - col) < options.apart + extent for row, col in taken):
            continue
        profile = draw_profile(point, extent, psf, rng)
        stands_out = offset(base, profile)
        if stands_out < calmest:
            calmest, best = stands_out, (profile, point)
        if stands_out <= scr / 2:
            break
    return best


def _automatic_gain(frame: Image) -> Image:
    low, high = min(0.0, float(frame.min())), max(1.0, float(frame.max()))
    return np.clip((frame - low) / (high - low), 0, 1).astype(np.float32)
