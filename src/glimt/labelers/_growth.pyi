import numpy as np

class Energy:
    def __init__(
        self,
        *,
        size: float,
        saliency: float,
        edge: float,
        homogeneity: float,
        geometry: float,
        epsilon: float,
        support: float,
        warmup: int,
        complete: bool,
        fall: float,
        patience: float,
        slack: int,
    ) -> None: ...

class Limits:
    def __init__(self, *, reach: int, most: int, length: int, depth: int, alpha: float) -> None: ...

def pamg(
    pixels: np.ndarray,
    clicks: np.ndarray,
    supports: np.ndarray,
    energy: Energy,
    polarity: int,
    out: np.ndarray,
    stats: np.ndarray,
    /,
) -> None: ...
def fuse(
    pixels: np.ndarray,
    clicks: np.ndarray,
    energies: list[Energy],
    limits: Limits,
    polarity: int,
    out: np.ndarray,
    stats: np.ndarray,
    /,
) -> None: ...
def pmg(
    pixels: np.ndarray,
    clicks: np.ndarray,
    length: int,
    depth: int,
    alpha: float,
    polarity: int,
    out: np.ndarray,
    stats: np.ndarray,
    /,
) -> None: ...
