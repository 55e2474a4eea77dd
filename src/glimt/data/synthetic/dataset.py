"""Write synthetic frames as a dataset in the BasicIRSTD layout.

Frame i depends on the seed and on i alone, so a longer run begins with the frames of a shorter one, and a run that was
stopped is finished by the same call.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from glimt.core.errors import DataError
from glimt.core.files import claim_output, write_png, write_text
from glimt.data.synthetic.scene import Scene, SceneOptions, draw_scene

TEST_EVERY = 3  # the third frame of every three is a test frame
Track = Callable[[Sequence[int]], Any]


def write_scenes(
    out: Path, n: int, options: SceneOptions, seed: int = 0, overwrite: bool = False, track: Track = iter
) -> list[dict[str, Any]]:
    """Write frames 0..n-1 below `out`, and what each holds to `scenes.json`; return that list.

    A folder that holds frames of the same options and seed, and no more than `n`, is finished; any other filled folder
    needs `overwrite`. `track` may wrap the frame numbers, to show progress.
    """
    parameters = {"seed": seed, "options": json.loads(json.dumps(asdict(options)))}
    _claim(out, n, parameters, overwrite)
    _write_json(out / "scenes.json", {**parameters, "frames": n, "scenes": []})
    scenes = [_write_frame(out, i, draw_scene(options, np.random.default_rng([seed, i]))) for i in track(range(n))]
    _write_lists(out, scenes)
    _write_json(out / "scenes.json", {**parameters, "frames": n, "scenes": scenes})
    return scenes


def name_of(i: int) -> str:
    """The id of frame `i`."""
    return f"scene_{i:06d}"


def _claim(out: Path, n: int, parameters: dict[str, Any], overwrite: bool) -> None:
    before = _read_json(out / "scenes.json", overwrite)
    same = all(before.get(key) == value for key, value in parameters.items())
    if not (before and same and before["frames"] <= n):
        claim_output(out, overwrite)
    for i in range(n, before.get("frames", 0)):
        for kind in ("images", "masks"):
            (out / kind / f"{name_of(i)}.png").unlink(missing_ok=True)


def _read_json(path: Path, overwrite: bool) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
        return before if isinstance(before["frames"], int) else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        if overwrite:
            return {}
        raise DataError(f"{path} is not what `glimt synth` writes; give another place, or --overwrite") from error


def _write_frame(out: Path, i: int, scene: Scene) -> dict[str, Any]:
    write_png(out / "images" / f"{name_of(i)}.png", np.round(scene.image * 65535).astype(np.uint16))
    write_png(out / "masks" / f"{name_of(i)}.png", scene.mask.astype(np.uint8) * 255)
    areas = np.bincount(scene.instances.ravel(), minlength=len(scene.points) + 1)[1:]
    truth = zip(scene.points.tolist(), scene.scr.tolist(), areas.tolist(), strict=True)
    targets = [{"row": p[0], "col": p[1], "scr": abs(scr), "dark": scr < 0, "area": area} for p, scr, area in truth]
    return {"image": name_of(i), "background": scene.background, "targets": targets}


def _write_lists(out: Path, scenes: list[dict[str, Any]]) -> None:
    name = out.resolve().name
    test = [scene["image"] for scene in scenes[TEST_EVERY - 1 :: TEST_EVERY]]
    train = [scene["image"] for scene in scenes if scene["image"] not in set(test)]
    for split, ids in (("train", train), ("test", test)):
        write_text(out / "img_idx" / f"{split}_{name}.txt", "".join(f"{id}\n" for id in ids))
    rows = [f"{scene['image']},{t['row']:.3f},{t['col']:.3f}\n" for scene in scenes for t in scene["targets"]]
    write_text(out / "points.csv", "image,row,col\n" + "".join(rows))


def _write_json(path: Path, values: dict[str, Any]) -> None:
    write_text(path, json.dumps(values, indent=1) + "\n")
