"""Backgrounds that move by themselves: the whole world as it is at one frame, of which the camera sees a part."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from glimt.core.types import Image
from glimt.data.synthetic.background import (
    Field,
    Shape,
    below,
    blur,
    cloud_layer,
    draw_background,
    glints,
    sky,
    wave_field,
    wave_view,
)
from glimt.data.synthetic.exposure import Exposure, draw_exposure
from glimt.data.synthetic.view import look

Backdrop = Callable[[int], Image]  # frame number -> the world
DRIFT = (0.05, 0.5)  # px a frame; clouds
RUN = (0.1, 0.35)  # of a wave field, in its pixels a frame: twice to four times that at the frame's lower edge
FLOOR, SPAN = 0.1, 0.75  # leave room for what is brighter and darker than the background


@dataclass(frozen=True)
class Still:
    """A world that does not move."""

    picture: Image

    def __call__(self, t: int) -> Image:
        return self.picture


@dataclass(frozen=True)
class Clouds:
    """Clouds that drift before a sky, one layer faster than the other."""

    air: Image
    layers: tuple[Image, ...]
    drift: tuple[tuple[float, float], ...]  # px a frame of each layer
    exposure: Callable[[Image], Image]

    def __call__(self, t: int) -> Image:
        frame = self.air
        for layer, (down, along) in zip(self.layers, self.drift, strict=True):
            frame = frame + look(layer, (-down * t, -along * t), self.air.shape, repeat=True)
        return self.exposure(frame)


@dataclass(frozen=True)
class Sea:
    """Two sets of waves that run across each other, below a sky at rest."""

    air: Image
    depth: Image  # below the horizon, 0 in the sky
    level: float
    fields: tuple[Field, Field]
    run: tuple[tuple[float, float], ...]  # fields pixels a frame
    scale: float
    light: int  # seed of the light's path
    softness: float
    exposure: Callable[[Image], Image]

    def __call__(self, t: int) -> Image:
        return self.exposure(self.mixed(t))

    def mixed(self, t: int) -> Image:
        """Sea and sky before the camera's exposure."""
        first, second = (
            wave_view(field, self.depth, self.scale, (down * t, along * t))
            for field, (down, along) in zip(self.fields, self.run, strict=True)
        )
        waves = (first + second) / np.sqrt(2)
        shine = glints(waves, self.depth.shape, np.random.default_rng(self.light))
        water = self.level + 0.1 * self.depth + 0.06 * waves + shine
        return blur(np.where(self.depth > 0, water + 0.2, self.air), self.softness)


def draw_backdrop(kind: str, world: Shape, rng: np.random.Generator) -> Backdrop:
    """A background of that kind, moving as it does in nature."""
    if kind == "clouds":
        return _clouds(world, rng)
    if kind == "sea":
        return _sea(world, rng)
    return Still(dim(draw_background(kind, world, rng)))


def dim(picture: Image) -> Image:
    """A picture brought to the middle of the range."""
    return (FLOOR + SPAN * picture).astype(np.float32)


@dataclass(frozen=True)
class Dimmed:
    """An exposure that leaves room for what is brighter and darker than the background."""

    exposure: Exposure

    def __call__(self, frame: Image) -> Image:
        return dim(self.exposure(frame))


def _clouds(world: Shape, rng: np.random.Generator) -> Clouds:
    softness, angle = rng.uniform(0.5, 1.0), rng.normal(0, 0.3)
    speed = rng.uniform(*DRIFT) * rng.choice([-1, 1])
    layers = tuple(
        blur(rng.uniform(0.3, 1.0) * share * cloud_layer(world, rng.uniform(0.15, 0.7), rng), softness)
        for share in (1.0, 0.35)
    )
    drift = tuple((speed * pace * np.sin(angle), speed * pace * np.cos(angle)) for pace in (1.0, 0.5))
    air = blur(sky(world, rng), softness)
    return Clouds(air, layers, drift, Dimmed(draw_exposure(air + sum(layers), rng)))


def _sea(world: Shape, rng: np.random.Generator) -> Sea:
    horizon = rng.uniform(-0.3, 0.5) * world[0]
    air = sky(world, rng) + 0.15 * cloud_layer(world, rng.uniform(0, 0.6), rng) + 0.25
    headings = rng.uniform(0, 2 * np.pi) + np.array([0, rng.uniform(0.6, 1.8)])
    run = tuple((pace * np.sin(a), pace * np.cos(a)) for a, pace in zip(headings, rng.uniform(*RUN, 2), strict=True))
    sea = Sea(
        air=air.astype(np.float32),
        depth=below(world, horizon),
        level=rng.uniform(-0.25, 0.1),
        fields=(wave_field(rng), wave_field(rng)),
        run=run,
        scale=rng.uniform(60, 160),
        light=int(rng.integers(2**32)),
        softness=rng.uniform(0.5, 0.9),
        exposure=dim,
    )
    return replace(sea, exposure=Dimmed(draw_exposure(sea.mixed(0), rng)))
