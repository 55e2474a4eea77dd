"""What lies behind the targets: clouds, sea, urban edges, terrain. Each is drawn from a generator, in [0, 1].

All texture comes from fields whose power falls as 1 / f^beta, the spectrum of natural infrared scenes.
"""

import cv2
import numpy as np
from jaxtyping import Float

from glimt.core.types import Image, Mask
from glimt.data.synthetic.exposure import draw_exposure

Shape = tuple[int, int]
Curve = Float[np.ndarray, " w"]
Field = Float[np.ndarray, "_ _"]  # of another size than the frame


def power_law_field(shape: Shape, beta: float, rng: np.random.Generator, stretch: float = 1.0) -> Image:
    """A random field of mean 0 and spread 1 whose power falls as 1 / f^beta; `stretch` > 1 draws it out along the rows.

    The field repeats without a seam, so it can be sampled beyond its edges.
    """
    rows, cols = shape
    down, along = np.fft.fftfreq(rows)[:, None], np.fft.rfftfreq(cols)[None, :] * stretch
    frequency = np.hypot(down, along)
    frequency[0, 0] = 1
    spectrum = np.fft.rfft2(rng.standard_normal(shape)) * frequency ** (-beta / 2)
    spectrum[0, 0] = 0
    field = np.fft.irfft2(spectrum, shape)
    return (field / field.std()).astype(np.float32)


def clouds(shape: Shape, rng: np.random.Generator) -> Image:
    """A sky that warms towards the horizon, more or less covered by wispy clouds."""
    cover = rng.choice([0.0, rng.uniform(0.1, 0.45), rng.uniform(0.45, 0.9)], p=[0.15, 0.5, 0.35])
    return blur(sky(shape, rng) + rng.uniform(0.3, 1.0) * cloud_layer(shape, cover, rng), rng.uniform(0.5, 1.0))


def sky(shape: Shape, rng: np.random.Generator) -> Image:
    """A clear sky: colder towards the zenith, with a faint uneven haze."""
    height = np.linspace(1, 0, shape[0], dtype=np.float32)[:, None]
    haze = power_law_field(shape, 3.4, rng, stretch=2.0)
    return rng.uniform(0.1, 0.3) * (1 - height) ** rng.uniform(1, 2.5) + 0.02 * haze


def cloud_layer(shape: Shape, cover: float, rng: np.random.Generator) -> Image:
    """Clouds over a share `cover` of the frame, in [0, 1]: soft inside, drawn out by the wind at their edges."""
    body = _drift(power_law_field(shape, rng.uniform(3.3, 4.2), rng, stretch=rng.uniform(1, 2.2)), rng)
    floor = np.quantile(body, 1 - cover)
    thickness = np.clip((body - floor) / rng.uniform(0.9, 2.5), 0, 1) ** rng.uniform(1.0, 1.8)
    grain = 1 + 0.2 * _drift(power_law_field(shape, 3.2, rng), rng)
    return thickness * grain


def sea(shape: Shape, rng: np.random.Generator) -> Image:
    """Water in perspective under a sky: waves flatten towards the horizon, and sun or moon light glints off them."""
    horizon = rng.uniform(-0.3, 0.5) * shape[0]
    depth = below(shape, horizon)
    waves = _waves(shape, horizon, rng)
    level = rng.uniform(-0.25, 0.1) + 0.1 * depth
    water = level + 0.06 * waves + glints(waves, shape, rng)
    air = sky(shape, rng) + 0.15 * cloud_layer(shape, rng.uniform(0, 0.6), rng) + 0.25
    return blur(np.where(depth > 0, water + 0.2, air), rng.uniform(0.5, 0.9))


def urban(shape: Shape, rng: np.random.Generator) -> Image:
    """Roofs, walls and rows of windows against the sky."""
    frame = clouds(shape, rng) * 0.5
    for left in np.cumsum(rng.uniform(0.03, 0.3, size=12)) - 0.15:
        _put_building(frame, int(left * shape[1]), rng)
    return blur(frame, rng.choice([0.7, 1.2, 3.0], p=[0.5, 0.3, 0.2]))


def terrain(shape: Shape, rng: np.random.Generator) -> Image:
    """Ridges one before the other, each rougher and closer, under the sky."""
    frame = sky(shape, rng) + 0.2 * cloud_layer(shape, rng.uniform(0, 0.5), rng)
    tops = np.sort(rng.uniform(-0.1, 0.8, size=rng.integers(1, 4)))
    level = rng.uniform(0.1, 0.8)
    for step, top in enumerate(tops, start=1):
        ridge = _ridge(shape, top, rng)
        ground = power_law_field(shape, rng.uniform(1.6, 2.6), rng, stretch=rng.uniform(0.5, 2.5))
        level += rng.uniform(-0.25, 0.25)
        frame = np.where(ridge, level + rng.uniform(0.02, 0.06) * step * ground, frame)
    return blur(frame, rng.uniform(0.6, 0.9))


BACKGROUNDS = {"clouds": clouds, "sea": sea, "urban": urban, "terrain": terrain}


def draw_background(kind: str, shape: Shape, rng: np.random.Generator) -> Image:
    """A background of that kind, brought to a brightness and a contrast that cameras deliver."""
    frame = BACKGROUNDS[kind](shape, rng)
    return draw_exposure(frame, rng)(frame)


def blur(frame: Image, spread: float) -> Image:
    """The frame behind optics of that spread, in pixels."""
    return cv2.GaussianBlur(frame.astype(np.float32), (0, 0), spread)


def _drift(field: Image, rng: np.random.Generator) -> Image:
    """The field pushed about by a smooth wind, which turns blobs into wisps."""
    rows, cols = np.indices(field.shape, dtype=np.float32)
    reach = rng.uniform(0.02, 0.1) * max(field.shape)
    down, along = (reach * power_law_field(field.shape, 3.8, rng) for _ in range(2))
    return cv2.remap(field, cols + along, rows + down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def below(shape: Shape, horizon: float) -> Image:
    """How far below the horizon each pixel lies, as a share of the frame's height; 0 in the sky."""
    rows = np.arange(shape[0], dtype=np.float32)[:, None]
    return np.broadcast_to(np.maximum(rows - horizon, 0) / shape[0], shape)


def _waves(shape: Shape, horizon: float, rng: np.random.Generator) -> Image:
    field = wave_field(rng)
    return wave_view(field, below(shape, horizon), rng.uniform(60, 160))


def wave_field(rng: np.random.Generator) -> Field:
    """Waves seen from above; the field repeats without a seam."""
    return power_law_field((512, 512), rng.uniform(1.8, 2.4), rng, stretch=rng.uniform(1.2, 3.0))


def wave_view(field: Field, depth: Image, scale: float, shift: tuple[float, float] = (0.0, 0.0)) -> Image:
    """A wave field on a plane, as seen by a camera above it: distance grows as 1 / (row - horizon).

    `depth` tells how far below the horizon each pixel lies, `shift` how far the waves have run: away and to the left.
    """
    distance = 1 / np.maximum(depth, 0.01)  # (h, w), 100 at the horizon
    across = np.linspace(-0.5, 0.5, depth.shape[1], dtype=np.float32)[None, :] * distance
    far, side = ((part * scale).astype(np.float32) for part in (distance, across))
    waves = cv2.remap(
        field, side + np.float32(shift[1]), far + np.float32(shift[0]), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
    )
    return waves / (1 + distance / 12)  # far waves are smaller than a pixel and average out


def glints(waves: Image, shape: Shape, rng: np.random.Generator) -> Image:
    """Bright crests inside the glitter path of one light; none on an overcast day."""
    path = rng.uniform(0, 1) * shape[1]
    width = rng.uniform(0.1, 0.5) * shape[1]
    envelope = np.exp(-(((np.arange(shape[1]) - path) / width) ** 2) / 2)[None, :]
    crests = np.maximum(waves - rng.uniform(0.2, 1.2), 0)
    return rng.choice([0.0, rng.uniform(0.1, 0.5)], p=[0.3, 0.7]) * envelope * crests


def _put_building(frame: Image, left: int, rng: np.random.Generator) -> None:
    rows, cols = frame.shape
    top = int(rng.uniform(0.35, 0.95) * rows)
    right = left + int(rng.uniform(0.08, 0.35) * cols)
    wall = frame[top:, max(0, left) : max(0, right)]
    wall[:] = rng.uniform(0.1, 0.9) + 0.02 * power_law_field((rows, cols), 2.0, rng)[: wall.shape[0], : wall.shape[1]]
    wall[: rng.integers(1, 5)] += rng.uniform(-0.2, 0.3)  # the roof's edge
    wall[_windows(wall.shape, rng)] += rng.uniform(-0.3, 0.4)


def _windows(shape: Shape, rng: np.random.Generator) -> Mask:
    """A regular grid of windows; none on blind walls."""
    storey, bay = rng.integers(8, 26, size=2)
    rows, cols = np.arange(shape[0])[:, None], np.arange(shape[1])[None, :]
    open_rows = (rows % storey > storey * 0.5) & (rows > storey / 2)
    return open_rows & (cols % bay > bay * 0.55) & (rng.random() < 0.6)


def _ridge(shape: Shape, top: float, rng: np.random.Generator) -> Mask:
    """True below a fractal skyline that starts about a share `top` down the frame."""
    rough: Curve = power_law_field((shape[1], shape[1]), rng.uniform(3.2, 4.2), rng)[0]
    skyline = (top + rng.uniform(0.01, 0.07) * rough) * shape[0]
    return np.arange(shape[0])[:, None] > skyline[None, :]
