"""Write synthetic sequences as a dataset in the `clips` layout.

Sequence i depends on the seed and on i alone, so a longer run begins with the sequences of a shorter one, and a run
that was stopped is finished by the same call.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import product
from pathlib import Path
from typing import Any

from glimt.core.files import write_text
from glimt.data.synthetic.dataset import Track, truth_of, write_scene, write_splits
from glimt.data.synthetic.manifest import Parameters, claim, write_json
from glimt.data.synthetic.sequence import SequenceFrame, SyntheticSequence, draw_sequence
from glimt.data.synthetic.sequence_options import SequenceOptions

MANIFEST = "sequences.json"


def write_sequences(
    out: Path, n: int, options: SequenceOptions, seed: int = 0, overwrite: bool = False, track: Track = iter
) -> list[dict[str, Any]]:
    """Write sequences 0..n-1 below `out`, and what each frame holds to `sequences.json`; return that list.

    A folder that holds sequences of the same options and seed, and no more than `n`, is finished; any other filled
    folder needs `overwrite`. `track` may wrap the sequence numbers, to show progress.
    """
    parameters = {"seed": seed, "options": json.loads(json.dumps(asdict(options)))}
    before = claim(out / MANIFEST, "count", n, parameters, overwrite)
    draw_sequence(options, seed, 0)  # footage that cannot be used is refused before anything is written
    _clear(out, n, options.frames, before)
    write_json(out / MANIFEST, {**parameters, "count": n, "sequences": []})
    written = [write_sequence(out / name_of(i), draw_sequence(options, seed, i)) for i in track(range(n))]
    write_splits(out, [sequence["sequence"] for sequence in written])
    write_json(out / MANIFEST, {**parameters, "count": n, "sequences": written})
    return written


def name_of(i: int) -> str:
    """The name of sequence `i`."""
    return f"sequence_{i:04d}"


def write_sequence(folder: Path, sequence: SyntheticSequence) -> dict[str, Any]:
    """Write the frames, masks and points of one sequence; return what its frames hold."""
    frames = [_write_frame(folder, t, sequence, frame) for t, frame in enumerate(sequence)]
    rows = [row for t, frame in enumerate(frames) for row in _rows(t, frame["targets"])]
    write_text(folder / "points.csv", "frame,x,y\n" + "".join(rows))
    return {"sequence": folder.name, "background": sequence.stage.kind, "frames": frames}


def _rows(t: int, targets: Sequence[dict[str, Any]]) -> list[str]:
    """The lines of one frame; a bare one says that it holds no target."""
    return [f"{t},{one['col']:.3f},{one['row']:.3f}\n" for one in targets] or [f"{t},,\n"]


def _write_frame(folder: Path, t: int, sequence: SyntheticSequence, frame: SequenceFrame) -> dict[str, Any]:
    write_scene(folder, f"{t:04d}", frame.scene)
    targets = [
        {"target": int(i), **truth, "velocity": sequence.movers[i].velocity[t].tolist()}
        for i, truth in zip(frame.movers, truth_of(frame.scene), strict=True)
    ]
    return {"camera": sequence.stage.camera[t].tolist(), "targets": targets}


def _clear(out: Path, n: int, frames: int, before: Parameters) -> None:
    """Remove what an earlier run wrote and this one does not write again."""
    length = before.get("options", {}).get("frames", 0)
    for i, t in product(range(before.get("count", 0)), range(length)):
        if i >= n or t >= frames:
            for kind in ("images", "masks"):
                (out / name_of(i) / kind / f"{t:04d}.png").unlink(missing_ok=True)
    for i in range(n, before.get("count", 0)):
        folder = out / name_of(i)
        (folder / "points.csv").unlink(missing_ok=True)
        for place in (folder / "images", folder / "masks", folder):
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
