"""Checks for frames that are the same, or nearly.

Two frames are nearly the same when the perceptual hashes of their thumbnails differ in at most 10 of 63 bits and the
thumbnails correlate by at least 0.85. Wide gradients are taken out of the thumbnails first: any two skies share them.
Measured: of the 90 951 pairs of SIRST one is above 0.76, and it shows one scene twice; frames of SIRST and NUDT-SIRST
made darker, resized or moved by two pixels stay above 0.86 and within 6 bits of themselves.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import cv2
import numpy as np
from jaxtyping import Bool, Float, Int

from glimt.data.doctor.finding import Finding
from glimt.data.doctor.lists import SplitList, rivals
from glimt.data.doctor.survey import Survey

BITS = 10  # of 63
CORRELATION = 0.85
BLOCK = 2048  # frames compared with all others at a time: 2048 x 10 000 distances are 80 MB


def duplicates(seen: Survey) -> Iterator[Finding]:
    """Frames with exactly the same grey levels; an error when one trains and the other tests."""
    groups: dict[bytes, list[str]] = defaultdict(list)
    for look in seen.looks:
        if look.digest:
            groups[look.digest].append(look.record.id)
    for ids in groups.values():
        if len(ids) > 1:
            across = next(filter(None, (across_splits(seen, *pair) for pair in combinations(ids, 2))), "")
            remedy = "keep one; the copy keeps all"
            yield Finding(
                "duplicate", "error" if across else "warning", ", ".join(ids), f"the same pixels{across}", remedy
            )


def near_duplicates(seen: Survey) -> Iterator[Finding]:
    """Frames of the same scene across a split: the test set has been seen."""
    looks = [look for look in seen.looks if look.thumbnail is not None and seen.members[look.record.id]]
    kinds, apart = rival_kinds([tuple(seen.members[look.record.id]) for look in looks])
    if not apart.any():
        return
    thumbnails = np.stack([look.thumbnail for look in looks if look.thumbnail is not None])
    for i, j, correlation in close_pairs(thumbnails, kinds, apart):
        one, other = looks[i], looks[j]
        if one.digest != other.digest:
            what = f"thumbnails correlate by {correlation:.3f}{across_splits(seen, one.record.id, other.record.id)}"
            where = f"{one.record.id}, {other.record.id}"
            yield Finding("near-duplicate", "warning", where, what, "keep a scene on one side; the copy keeps both")


def across_splits(seen: Survey, one: str, other: str) -> str:
    """The rival splits that the two frames are in, in words, or nothing."""
    pairs = ((a, b) for a in seen.members[one] for b in seen.members[other] if rivals(a, b))
    names = next(pairs, None)
    return f", in {names[0].name} and {names[1].name}" if names else ""


def rival_kinds(members: Sequence[tuple[SplitList, ...]]) -> tuple[Int[np.ndarray, " n"], Bool[np.ndarray, "k k"]]:
    """Number the combinations of splits that frames are in; also which combinations must not share a scene."""
    different = list(dict.fromkeys(members))
    number = {splits: i for i, splits in enumerate(different)}
    apart = [[any(rivals(a, b) for a in one for b in other) for other in different] for one in different]
    kinds = np.array([number[splits] for splits in members], dtype=np.int64)
    return kinds, np.array(apart, dtype=bool).reshape(len(different), len(different))


def close_pairs(
    thumbnails: Float[np.ndarray, "n 32 32"], kinds: Int[np.ndarray, " n"], apart: Bool[np.ndarray, "k k"]
) -> Iterator[tuple[int, int, float]]:
    """Pairs i < j that are nearly the same and of kinds that are `apart`: the hashes pick, the thumbnails decide."""
    flat = thumbnails.reshape(len(thumbnails), -1)
    for rows, cols in candidates(hashes(thumbnails)):
        wanted = apart[kinds[rows], kinds[cols]]
        rows, cols = rows[wanted], cols[wanted]
        for start in range(0, len(rows), BLOCK):
            i, j = rows[start : start + BLOCK], cols[start : start + BLOCK]
            correlations = np.einsum("pk,pk->p", flat[i], flat[j])
            close = correlations >= CORRELATION
            yield from zip(i[close].tolist(), j[close].tolist(), correlations[close].tolist(), strict=True)


def hashes(thumbnails: Float[np.ndarray, "n 32 32"]) -> Float[np.ndarray, "n 63"]:
    """+1 where one of the 63 lowest waves of a thumbnail is above their median, else -1."""
    waves = np.stack([cv2.dct(thumbnail)[:8, :8].ravel()[1:] for thumbnail in thumbnails])
    return np.where(waves > np.median(waves, axis=1, keepdims=True), 1, -1).astype(np.float32)


def candidates(signs: Float[np.ndarray, "n 63"]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs i < j of hashes that differ in few bits, as two arrays, block by block."""
    alike = signs.shape[1] - 2 * BITS  # of n bits, d different ones leave a dot product of n - 2d
    for start in range(0, len(signs), BLOCK):
        rows, cols = np.nonzero(signs[start : start + BLOCK] @ signs.T >= alike)
        later = rows + start < cols
        yield rows[later] + start, cols[later]
