"""Find infrared small targets, starting from one click per target.

The names below are the public ones. They are loaded when first used, so that `import glimt` costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glimt.core.errors import GlimtError as GlimtError
    from glimt.core.frames import read_frame as read_frame
    from glimt.core.frames import read_mask as read_mask
    from glimt.data.dataset import open_dataset as open_dataset
    from glimt.data.points import points_from_mask as points_from_mask
    from glimt.data.points import read_points as read_points
    from glimt.data.points import write_points as write_points
    from glimt.inference.model import load_model as load_model
    from glimt.inference.predict import predict as predict
    from glimt.labelers.labeler import draw as draw
    from glimt.metrics.evaluate import evaluate as evaluate
    from glimt.metrics.pair import Pair as Pair
    from glimt.training.read_config import load_config as load_config
    from glimt.training.train import train as train

PUBLIC = {
    "GlimtError": "glimt.core.errors:GlimtError",
    "Pair": "glimt.metrics.pair:Pair",
    "draw": "glimt.labelers.labeler:draw",
    "evaluate": "glimt.metrics.evaluate:evaluate",
    "labeler": "glimt:labeler",
    "load_config": "glimt.training.read_config:load_config",
    "load_model": "glimt.inference.model:load_model",
    "network": "glimt:network",
    "open_dataset": "glimt.data.dataset:open_dataset",
    "points_from_mask": "glimt.data.points:points_from_mask",
    "predict": "glimt.inference.predict:predict",
    "profile": "glimt:profile",
    "read_frame": "glimt.core.frames:read_frame",
    "read_mask": "glimt.core.frames:read_mask",
    "read_points": "glimt.data.points:read_points",
    "train": "glimt.training.train:train",
    "write_points": "glimt.data.points:write_points",
}


def labeler(name: str, **options: Any) -> Any:
    """A labeler by name, or by the path of a run: `labeler("fuse", tau=0.3)(image, points) -> instances`."""
    from glimt.labelers.make import make_labeler

    return make_labeler(name, options)


def network(name: str, **options: Any) -> Any:
    """A network by name: `network("mshnet", in_channels=3)(frames)[0]` are its logits. Needs glimt[train]."""
    from glimt.core.catalog import build
    from glimt.networks import NETWORKS

    return build(NETWORKS, name, options, "network")


def profile(name: str, **options: Any) -> Any:
    """A metric profile by name, to give to `evaluate` with the pairs."""
    from glimt.core.catalog import build
    from glimt.metrics import PROFILES

    return build(PROFILES, name, options, "profile")


def __getattr__(name: str) -> Any:
    if name not in PUBLIC:
        raise AttributeError(f"module 'glimt' has no attribute {name!r}")
    from glimt.core.catalog import find

    return find(PUBLIC, name)


def __dir__() -> list[str]:
    return sorted(PUBLIC)
