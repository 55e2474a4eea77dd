"""A network that `glimt export` wrote, asked through ONNX Runtime: no torch is needed, nor loaded.

`follow` works on it as on a trained network. In a streaming graph what is seen of a frame comes out of the step that
answers for the frame before it, so each frame passes once; only the last one of a sequence passes twice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import expit

from glimt.core.errors import DataError, OptionError
from glimt.core.spots import Located, peaks
from glimt.core.targets import label
from glimt.core.types import Image
from glimt.data.sequences import Span
from glimt.inference.detections import detections, located
from glimt.inference.follow import Found, Seer
from glimt.labelers.recover import drawn

NOTES = "glimt"  # key of the card among a file's properties
READ = ("locate", "segment")  # tasks whose answers are read here
DRAWING = ("masks", "support")  # options of `locate` that say how its answer is drawn

Seen = dict[str, np.ndarray]  # a frame, and its features once they are known


@dataclass(frozen=True)
class OnnxModel:
    """An opened file, and what its card says."""

    session: Any
    notes: Mapping[str, Any]
    threshold: float
    name: str  # what it is, for a person

    @property
    def span(self) -> Span:
        """How many frames before a frame it is shown, and how many behind."""
        past, future = self.notes["span"]
        return past, future


def open_onnx(file: Path, threads: int = 0) -> OnnxModel:
    """The network in a file, run by that many threads, 0 for one a core.

    Raises DataError for a file that is none of `glimt export`.
    """
    if not file.is_file():
        raise DataError(f"no file at {file}")
    session = session_of(file, threads)
    properties = session.get_modelmeta().custom_metadata_map
    if NOTES not in properties:
        raise DataError(f"{file} is ONNX, but says nothing of how to ask it; give a file that `glimt export` wrote")
    notes = json.loads(properties[NOTES])
    return OnnxModel(session, notes, notes["threshold"], f"{notes['network']}, epoch {notes['epoch']}, in ONNX")


def session_of(file: Path, threads: int) -> Any:
    """ONNX Runtime's hold on a file."""
    try:
        import onnxruntime
    except ImportError as error:
        raise OptionError(f"{file}: running it needs onnxruntime: pip install 'glimt[export]'") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3  # errors; warnings are about what it optimises
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its own classes have no common one
        raise DataError(f"{file} is no whole ONNX file: {' '.join(str(error).split())[:160]}") from error


def run(model: OnnxModel, arrays: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """The outputs of the graph. Raises DataError for frames of a size that it was not made for."""
    for one in model.session.get_inputs():
        wanted, got = one.shape[-2:], arrays[one.name].shape[-2:]
        if any(isinstance(side, int) and side != other for side, other in zip(wanted, got, strict=True)):
            sizes = f"{wanted[0]} x {wanted[1]} only, got {got[0]} x {got[1]}"
            raise DataError(f"{model.name} is for frames of {sizes}; export it with --size dynamic")
    return model.session.run(None, dict(arrays))


def onnx_seer(model: OnnxModel) -> Seer:
    """The network taken apart for `follow`."""
    if model.notes["task"] not in READ:
        raise OptionError(f"{model.name}: nothing here reads answers of task {model.notes['task']!r} without torch")
    answer = step if model.notes["graph"] == "stream" else whole

    def look(image: Image) -> Seen:
        return {"frame": np.ascontiguousarray(image[None, None], dtype=np.float32)}

    def find(seen: Sequence[Seen], image: Image, id: str) -> Found:
        return found(model, answer(model, seen), image, id)

    return Seer(look, find, model.span)


def whole(model: OnnxModel, seen: Sequence[Seen]) -> np.ndarray:
    """The answer of a graph that is shown all frames."""
    return run(model, {"frames": np.concatenate([one["frame"] for one in seen], axis=1)})[0]


def step(model: OnnxModel, seen: Sequence[Seen]) -> np.ndarray:
    """The answer of a graph that is shown the newest frame, and remembers of it what it saw."""
    past, present, future = seen
    if "features" not in present:  # nothing went before it
        blank = blank_features(model, present["frame"])
        _, present["features"] = run(model, {"frame": present["frame"], "past": blank, "present": blank})
    known = {"past": past["features"], "present": present["features"]}
    answer, future["features"] = run(model, {"frame": future["frame"], **known})
    return answer


def blank_features(model: OnnxModel, frame: np.ndarray) -> np.ndarray:
    """What stands for the features of no frame: zeros of their shape."""
    channels = next(one.shape[1] for one in model.session.get_inputs() if one.name == "past")
    multiple, more = model.notes["multiple"], model.notes["pad"] == "lesps"  # which fills always
    sides = (-(-(side + more) // multiple) * multiple // model.notes["cell"] for side in frame.shape[-2:])
    return np.zeros((1, channels, *sides), np.float32)


def found(model: OnnxModel, answer: np.ndarray, image: Image, id: str) -> Found:
    """The targets in an answer."""
    if model.notes["task"] == "locate":
        spots = peaks(answer[0], image.shape).above(model.threshold)
        how = {key: value for key, value in model.notes["task_options"].items() if key in DRAWING}
        places = Located(spots, drawn(image, spots, **how))
        return Found(located(id, places, image), places.instances)
    score = expit(answer[0, 0])
    return Found(detections(id, score, image, model.threshold), label(score > model.threshold)[0])
