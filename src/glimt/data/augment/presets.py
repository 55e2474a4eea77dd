"""Whole pipelines, as published and as the house trains.

Each takes `mean`, the grey value that becomes 0 when the frame is normalised: padding after normalisation is padding
with the mean before it. Where the published code pads with black instead, the docstring says so and `mean` is unused.
"""

from glimt.data.augment.centre import Centre
from glimt.data.augment.crop import Crop
from glimt.data.augment.flip import Flip, Transpose
from glimt.data.augment.light import Blur, Light
from glimt.data.augment.scale import RandomScale, Resize, ResizeLong
from glimt.data.augment.step import Pipeline


def none(mean: float = 0.0) -> Pipeline:
    """The whole frame as it is. Frames of different sizes do not batch."""
    return Pipeline()


def glimt(
    size: int = 128, mean: float = 0.0, positive: float = 0.5, scale: float = 0.0, light: float = 0.0
) -> Pipeline:
    """The house's: small crops, a share `positive` of them on a target, both flips and the transpose.

    `scale` and `light` are strengths in [0, 1] of scaling and of brightness and contrast; 0 leaves them out.
    """
    resize = (RandomScale(scale),) if scale else ()
    change = (Light(light, light),) if light else ()
    return Pipeline((*resize, *change, Crop(size, positive, mean), Flip(), Transpose()))


def lesps(size: int = 256, mean: float = 0.0) -> Pipeline:
    """LESPS (paper 002, section 5.1; published code): crops anywhere, flips and transpose, padded with the mean."""
    return Pipeline((Crop(size, 0.0, mean), Flip(), Transpose()))


def basicirstd(size: int = 256, mean: float = 0.0, positive: float = 0.5) -> Pipeline:
    """BasicIRSTD since July 2024: a share of the crops around a target pixel; flips, transpose and padding of LESPS.

    The published range of crops starts one row and column early, so that some of its crops miss the pixel; not here.
    """
    return Pipeline((Crop(size, positive, mean), Flip(), Transpose()))


def sctransnet(size: int = 256, mean: float = 0.0, positive: float = 0.5) -> Pipeline:
    """SCTransNet and EDGSP, from BasicIRSTD before July 2024: an empty crop is drawn again unless a coin keeps it."""
    return Pipeline((Crop(size, positive, mean, "redraw"), Flip(), Transpose()))


def centre(size: int = 64, mean: float = 0.0) -> Pipeline:
    """What EDGSP is compared with (paper 004, Fig. 5): squares with a point in the middle; flips and transpose."""
    return Pipeline((Centre(size, mean), Flip(), Transpose()))


def mshnet(size: int = 256, mean: float = 0.0) -> Pipeline:
    """MSHNet's code: mirrored, long side from half to twice `size`, a crop anywhere, blurred; padded with black."""
    return Pipeline((Flip(vertical=0.0), ResizeLong(size // 2, 2 * size), Crop(size, 0.0), Blur()))


def tda(size: int = 256, mean: float = 0.0, scale: float = 0.5, light: float = 0.5) -> Pipeline:
    """TDA (paper 000, section 4.1): resized to a square, mirrored, scaled, lit and cropped; padded with black.

    The paper gives no order, no probabilities but "random", and no padding: scale and light are drawn for each frame,
    and the padding is MSHNet's, whose training it follows.
    """
    return Pipeline((Resize(size), Flip(vertical=0.0), RandomScale(scale), Light(light, light), Crop(size, 0.0)))
