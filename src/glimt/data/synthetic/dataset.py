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

from glimt.core.files import write_png, write_text
from glimt.data.synthetic.manifest import Parameters, claim, write_json
from glimt.data.synthetic.scene import Scene, SceneOptions, draw_scene

TEST_EVERY = 3  # the third of every three is for testing
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
    write_json(out / "scenes.json", {**parameters, "frames": n, "scenes": []})
    scenes = [_write_frame(out, i, draw_scene(options, np.random.default_rng([seed, i]))) for i in track(range(n))]
    _write_lists(out, scenes)
    write_json(out / "scenes.json", {**parameters, "frames": n, "scenes": scenes})
    return scenes


def name_of(i: int) -> str:
    """The id of frame `i`."""
    return f"scene_{i:06d}"


def _claim(out: Path, n: int, parameters: Parameters, overwrite: bool) -> None:
    before = claim(out / "scenes.json", "frames", n, parameters, overwrite)
    for i in range(n, before.get("frames", 0)):
        for kind in ("images", "masks"):
            (out / kind / f"{name_of(i)}.png").unlink(missing_ok=True)


def _write_frame(out: Path, i: int, scene: Scene) -> dict[str, Any]:
    write_scene(out, name_of(i), scene)
    return {"image": name_of(i), "background": scene.background, "targets": truth_of(scene)}


def write_scene(out: Path, name: str, scene: Scene) -> None:
    """Write a frame to `images/` and its mask to `masks/`."""
    write_png(out / "images" / f"{name}.png", np.round(scene.image * 65535).astype(np.uint16))
    write_png(out / "masks" / f"{name}.png", scene.mask.astype(np.uint8) * 255)


def truth_of(scene: Scene) -> list[dict[str, Any]]:
    """Place, SCR, polarity and area of each target."""
    areas = np.bincount(scene.instances.ravel(), minlength=len(scene.points) + 1)[1:]
    truth = zip(scene.points.tolist(), scene.scr.tolist(), areas.tolist(), strict=True)
    return [{"row": p[0], "col": p[1], "scr": abs(scr), "dark": scr < 0, "area": area} for p, scr, area in truth]


def _write_lists(out: Path, scenes: list[dict[str, Any]]) -> None:
    write_splits(out, [scene["image"] for scene in scenes])
    rows = [f"{scene['image']},{t['row']:.3f},{t['col']:.3f}\n" for scene in scenes for t in scene["targets"]]
    write_text(out / "points.csv", "image,row,col\n" + "".join(rows))


def write_splits(out: Path, names: Sequence[str]) -> None:
    """Write the lists of `img_idx/`: the third of every three names is for testing."""
    test = names[TEST_EVERY - 1 :: TEST_EVERY]
    train = [name for name in names if name not in set(test)]
    for split, chosen in (("train", train), ("test", test)):
        write_text(out / "img_idx" / f"{split}_{out.resolve().name}.txt", "".join(f"{name}\n" for name in chosen))
