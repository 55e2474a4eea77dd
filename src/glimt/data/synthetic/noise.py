"""What the camera adds: photon noise, the fixed pattern of its columns, and dead pixels."""

import numpy as np

from glimt.core.types import Image, Mask


def photon_noise(frame: Image, strength: float, rng: np.random.Generator) -> Image:
    """Noise whose variance grows with the light, over a floor of read noise; `strength` is its spread at full scale."""
    light = np.clip(frame, 0, 1) + 0.1  # a tenth of full scale stands for the electronics
    return (strength * np.sqrt(light) * rng.standard_normal(frame.shape)).astype(np.float32)


def column_pattern(frame: Image, strength: float, rng: np.random.Generator) -> Image:
    """The offset that every column amplifier leaves, and a weaker one of the rows."""
    along = strength * rng.standard_normal((1, frame.shape[1]))
    down = 0.3 * strength * rng.standard_normal((frame.shape[0], 1))
    return (along + down).astype(np.float32)


def dead_pixels(frame: Image, share: float, spared: Mask, rng: np.random.Generator) -> Image:
    """The frame with a share of its pixels stuck at its darkest or its brightest value, none of them in `spared`."""
    stuck = (rng.random(frame.shape) < share) & ~spared
    low_or_high = np.where(rng.random(frame.shape) < 0.5, frame.min(), frame.max())
    return np.where(stuck, low_or_high, frame).astype(np.float32)
