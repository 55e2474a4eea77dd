"""Targets put into a frame: which pixels are whose, and the light that gives each its SCR."""

import numpy as np
from jaxtyping import Float

from glimt.core.types import Image, Instances, Mask
from glimt.data.synthetic.targets import Profile, brightness

ROUNDS = 3  # over all targets of a frame: each one's rim is clutter to the others
STEADY = 2  # how far a target's light may leave the usual in a sequence, as a factor


def instances_of(size: tuple[int, int], profiles: list[Profile]) -> Instances:
    """The pixels of each target, numbered from 1."""
    instances = np.zeros(size, dtype=np.int32)
    for i, profile in enumerate(profiles, start=1):
        instances[profile.window][profile.mask] = i
    return instances


def lit_pixels(size: tuple[int, int], profiles: list[Profile]) -> Mask:
    """True where any target gives light."""
    lit = np.zeros(size, dtype=bool)
    for profile in profiles:
        lit[profile.window] = True
    return lit


def shine(
    base: Image, profiles: list[Profile], instances: Instances, wanted: np.ndarray, usual: np.ndarray | None = None
) -> tuple[Image, Float[np.ndarray, " n"]]:
    """The light of all targets together, and each one's SCR.

    Where the `usual` peaks of the targets are told, none leaves half to twice its own, whatever its SCR.
    """
    light = np.zeros_like(base)
    peaks, scr = np.zeros(len(profiles)), np.zeros(len(profiles))
    for _ in range(ROUNDS):
        for i, profile in enumerate(profiles):
            light[profile.window] -= np.float32(peaks[i]) * profile.light
            peak, reached = brightness(base + light, profile, instances, wanted[i])
            peaks[i] = peak if usual is None else steady(peak, usual[i])
            scr[i] = np.copysign(reached, wanted[i])
            light[profile.window] += np.float32(peaks[i]) * profile.light
    return light, scr


def steady(peak: float, usual: float) -> float:
    """The peak, brought to between half and twice the usual one, and to its sign."""
    return float(np.sign(usual) * np.clip(peak * np.sign(usual), abs(usual) / STEADY, abs(usual) * STEADY))
