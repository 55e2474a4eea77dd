"""The profile `basicirstd` as one would write it with regionprops: a plain function for each metric, region by region.

Slow and obvious on purpose. The tests take it as oracle, the benchmark as what to be faster than.
"""

from collections.abc import Callable, Sequence

import numpy as np
from skimage.measure import label, regionprops

Pairs = Sequence[tuple[np.ndarray, np.ndarray]]  # score map, true mask
Match = Callable[[np.ndarray, np.ndarray], tuple[list, list]]


def basicirstd(pairs: Pairs, match: Match | None = None) -> dict[str, float]:
    """Every value of the profile from (score map, true mask) pairs; `match` may remember what it was asked before."""
    match = match or matches
    by_region = {**miou(pairs, match), **detection(pairs, match), **geometry(pairs, match)}
    return {**pixels(pairs), **niou(pairs), **by_region}


def pixels(pairs: Pairs) -> dict[str, float]:
    """Overlap of all pixels."""
    overlap = sum(((scores > 0.5) & true).sum() for scores, true in pairs)
    union = sum(((scores > 0.5) | true).sum() for scores, true in pairs)
    found_pixels = sum((scores > 0.5).sum() for scores, _ in pairs)
    true_pixels = sum(true.sum() for _, true in pairs)
    return {
        "iou": overlap / union,
        "pa": overlap / true_pixels,
        "precision": overlap / found_pixels,
        "recall": overlap / true_pixels,
        "f1": 2 * overlap / (found_pixels + true_pixels),
    }


def niou(pairs: Pairs) -> dict[str, float]:
    """Mean over images."""
    ious = []
    for scores, true in pairs:
        union = ((scores > 0.5) | true).sum()
        ious.append(((scores > 0.5) & true).sum() / union if union else 1.0)
    return {"niou": np.mean(ious)}


def miou(pairs: Pairs, match: Match) -> dict[str, float]:
    """Mean over true targets."""
    ious = []
    for scores, true in pairs:
        for region, partner in match(scores, true)[0]:
            if partner is None:
                ious.append(0.0)
                continue
            one, other = np.zeros(true.shape, bool), np.zeros(true.shape, bool)
            one[tuple(region.coords.T)] = True
            other[tuple(partner.coords.T)] = True
            ious.append((one & other).sum() / (one | other).sum())
    return {"miou": np.mean(ious)}


def detection(pairs: Pairs, match: Match) -> dict[str, float]:
    """Targets hit, false targets, false pixels."""
    hits = targets = found = false = false_pixels = size = 0
    for scores, true in pairs:
        matched, free = match(scores, true)
        hit = sum(partner is not None for _, partner in matched)
        hits += hit
        targets += len(matched)
        found += hit + len(free)
        false += len(free)
        false_pixels += sum(region.area for region in free)
        size += true.size
    return {
        "pd": hits / targets,
        "fa": false_pixels / size,
        "f_at": false / targets,
        "target_precision": hits / found,
        "target_f1": 2 * hits / (found + targets),
    }


def geometry(pairs: Pairs, match: Match) -> dict[str, float]:
    """Area, place and radius of the matched targets."""
    ratios, distances, radii = [], [], []
    for scores, true in pairs:
        for region, partner in match(scores, true)[0]:
            if partner is not None:
                ratios.append(partner.area / region.area)
                distances.append(np.linalg.norm(np.array(partner.centroid) - np.array(region.centroid)))
                radii.append(abs(np.sqrt(partner.area / np.pi) - np.sqrt(region.area / np.pi)))
    return {"area_ratio": np.mean(ratios), "centroid_error": np.mean(distances), "radius_error": np.mean(radii)}


def matches(scores: np.ndarray, true: np.ndarray, radius: float = 3) -> tuple[list, list]:
    """Each true region with the first free found region closer than `radius`, or None; and the regions left over."""
    free = regionprops(label(scores > 0.5, connectivity=2))
    pairs = []
    for region in regionprops(label(true, connectivity=2)):
        match = None
        for candidate in free:
            if np.linalg.norm(np.array(candidate.centroid) - np.array(region.centroid)) < radius:
                match = candidate
                break
        if match is not None:
            free.remove(match)
        pairs.append((region, match))
    return pairs, free


def labelling(pairs: Pairs) -> list:
    """Only what no implementation by regions can do without: both masks labelled, centroids and areas measured."""
    return [
        [(region.centroid, region.area) for region in regionprops(label(mask, connectivity=2))]
        for scores, true in pairs
        for mask in (scores > 0.5, true)
    ]
