"""Synthetic frames of the scenarios; whatever is on them is known to the pixel."""

import cv2
import numpy as np

SHAPE = (512, 640)
NOISE = 60.0


def noise(seed, shape=SHAPE, level=8000.0, spread=NOISE):
    return np.random.default_rng(seed).normal(level, spread, shape)


def add_blob(image, row, col, height, spread=1.6):
    """A Gaussian target; its half height encloses nine pixels where the spread is 1.6."""
    rows, cols = np.indices(image.shape)
    image += height * np.exp(-((rows - row) ** 2 + (cols - col) ** 2) / (2 * spread**2))
    return image


def half_height(row, col, spread=1.6, shape=SHAPE):
    """The pixels of such a target above half its height."""
    rows, cols = np.indices(shape)
    return (rows - row) ** 2 + (cols - col) ** 2 <= 2 * np.log(2) * spread**2


def write(path, image, dtype=np.uint16):
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), np.rint(image).astype(dtype))
    return path


def write_blobs(folder, count, row=300, col=200, height=4000, step=(0, 0)):
    """Frames 000, 001, ... with one target each, `step` pixels farther on in each."""
    for i in range(count):
        write(folder / f"{i:03d}.png", add_blob(noise(i), row + i * step[0], col + i * step[1], height))
    return folder
