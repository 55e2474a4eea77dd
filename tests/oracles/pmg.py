"""PMG as paper 003 words it, with slices and plain loops over the four directions."""

import numpy as np


def reach(image, row, col, step, length, depth):
    """How many pixels the target extends from (row, col) in direction `step`."""
    most, mean = [], []
    for j in range(length + 1):
        r, c = row + j * step[0], col + j * step[1]
        if not (0 <= r < image.shape[0] and 0 <= c < image.shape[1]):
            break
        strip = (
            image[r, max(0, c - depth) : c + depth + 1] if step[0] else image[max(0, r - depth) : r + depth + 1, c]
        ).astype(float)
        most.append(strip.max())
        mean.append(strip.mean())
    change = np.abs(np.diff(most))
    if len(change) == 0 or change.max() <= change.mean():
        return 0
    end = int(change.argmax())
    while end + 1 < len(change) and change[end + 1] > change.mean():
        end += 1
    at = min(end + 1, len(mean) - 1)
    threshold = mean[at]
    for j in range(at, -1, -1):
        if mean[j] > threshold:
            break
        at = j
    return at


def box(image, click, length=25, depth=4):
    """(top, left, bottom, right), bottom and right included."""
    row, col = click
    up, left, down, right = (reach(image, row, col, s, length, depth) for s in ((-1, 0), (0, -1), (1, 0), (0, 1)))
    return row - up, col - left, row + down, col + right


def probability(values, click_value, alpha):
    """Eq. 1 and 2 over one region."""
    sigma = alpha * click_value + (1 - alpha) * values.mean()
    low, high = values.min(), values.max()
    below = (values - low) / (sigma - low) * 0.5 if sigma > low else np.full(values.shape, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        above = 1 - (high - values) / (high - sigma) * 0.5
    return np.where(values > sigma, above, below)


def mask(image, click, length=25, depth=4, alpha=0.15):
    """The set of pixels of the box that are likelier target than not and 8-connected with the click."""
    top, left, bottom, right = box(image, click, length, depth)
    inner = image[top : bottom + 1, left : right + 1].astype(float)
    row, col, value = click[0] - top, click[1] - left, float(image[click])
    whole = probability(inner, value, alpha)
    rows, cols = np.empty_like(inner), np.empty_like(inner)
    for halves, axis_slices in (
        (rows, (np.s_[: row + 1], np.s_[row + 1 :])),
        (cols, (np.s_[:, : col + 1], np.s_[:, col + 1 :])),
    ):
        for half in axis_slices:
            if inner[half].size:
                halves[half] = probability(inner[half], value, alpha)
    likely = (whole + rows + cols) / 3 >= 0.5 - 1e-12
    if not likely[row, col]:
        return {(int(r) + top, int(c) + left) for r, c in np.argwhere(likely)} | {click}
    waiting, kept = [(row, col)], {(row, col)}
    while waiting:
        r, c = waiting.pop()
        for dr in (-1, 0, 1):
            for dc in (-1, 0, 1):
                near = (r + dr, c + dc)
                in_box = 0 <= near[0] < likely.shape[0] and 0 <= near[1] < likely.shape[1]
                if in_box and likely[near] and near not in kept:
                    kept.add(near)
                    waiting.append(near)
    return {(r + top, c + left) for r, c in kept}
