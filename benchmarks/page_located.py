"""The part of `benchmarks/README.md` about networks that locate: their streams, their forms, and detectors beside."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from page_training import RESULTS, load, table

DRAWN = ("disc", "pamg", "pamg3")
STREAM = ("triplet_ms", "stream_ms", "p90_ms", "p99_ms")
PAPER_FORMS = {  # Table VI: Pd, Fa, mIoU of circles
    "attention": ("91.54", "54.1", "35.44"),
    "nogate": ("84.95", "8.2", "21.32"),
    "concat": ("78.18", "152.0", "22.46"),
    "single": ("83.48", "48.7", "12.67"),
}


def located_parts() -> list[str]:
    """Every section whose results are there."""
    return [*stream(), *moving(), *detectors()]


def stream() -> list[str]:
    """RPR-Net in a stream, beside paper 001's Table VII."""
    result = load("stream")
    if result is None:
        return []
    rows = [
        [f"{row['size']} x {row['size']}", by, f"{row[by]['ratio']:.3f}", *(f"{row[by][key]:.1f}" for key in STREAM)]
        for row in result["rows"]
        for by in ("torch", "onnxruntime")
    ]
    counted, printed = result["counted"], result["published"]
    lead = (
        f"Milliseconds of one thread, medians but for the last two; a step of the stream looks at the new frame alone. "
        f"{counted['parameters']:,} parameters and {counted['gmac']} G multiply-adds for a triplet of "
        f"{counted['frame']} x {counted['frame']} ({counted['gmac of a step']} G for a step); paper 001, Table VII, "
        f"prints {printed['parameters'] / 1e6} M and {printed['gmac']} G. `{result['command']}` at {result['commit']}, "
        f"{result['date']}.\n"
    )
    head = ("frame", "by", "ratio", "triplet", "step", "p90", "p99")
    return [f"## RPR-Net in a stream\n\n{lead}\n{table(head, rows)}"]


def moving() -> list[str]:
    """Table VI's shape: forms of RPR-Net on moving targets, a table for each dataset and length of training."""
    files = sorted(RESULTS.glob("moving*_*.json"), key=lambda path: (path.stem.rsplit("_")[:-1], len(path.stem)))
    results = [load(path.stem) for path in files]
    return [part for result in results if result is not None for part in moving_on(result)]


def moving_on(result: Mapping[str, Any]) -> list[str]:
    """One row a form."""
    rows, seeds = [], len(next(iter(result["rows"].values())))
    for form, own in result["means"].items():
        disc = own["disc"]
        values = [disc["pd at fa 1e-5"], disc["pd at fa 1e-4"], disc["pd"], *(own[masks]["miou"] for masks in DRAWN)]
        told = [f"{100 * middle:.1f} ± {100 * spread:.1f}" for middle, spread in values]
        drawn = [f"{100 * of_hits(result['rows'][form], masks):.1f}" for masks in DRAWN]
        rows.append([form, *told[:3], f"{1e6 * disc['fa'][0]:.1f}", *told[3:], *drawn, " / ".join(PAPER_FORMS[form])])
    known = dict(result["at the truth of the training sequences"])
    least, middle, most = known.pop("least, middle and greatest area")
    bounds = ", ".join(f"{name.replace('pamg', 'PAMG k = ')} {100 * iou:.1f}" for name, iou in known.items())
    lead = (
        f"{result['sequences']} synthetic sequences of {result['frames']} frames with shake, jumps, specks and "
        f"blinking pixels, every third for testing; targets of {least} to {most} px, {middle} in the median; "
        f"{result['epochs']} epochs, {seeds} seed{'s' * (seeds > 1)}, mean ± deviation. "
        f"Prior: {result['prior']} (masks by PAMG). Percent, Fa in 1e-6 at threshold 0.5. A missed target counts 0 in "
        "mIoU, and not at all in IoU of hits. PAMG is given R_s = k r: k = 5 is the paper's, k = 3 the best with known "
        "radii on SIRST and NUDT-SIRST (above). At the true centres with the true radii of the training sequences: "
        f"{bounds}. The paper has Pd, Fa and mIoU of another dataset, from masks (Table VI). "
        f"`{result['command']}` at {result['commit']}, {result['date']}.\n"
    )
    ways = ("discs", "PAMG k = 5", "PAMG k = 3")
    masks = (*(f"mIoU, {one}" for one in ways), *(f"IoU of hits, {one}" for one in ways))
    head = ("form", "Pd at Fa 1e-5", "Pd at Fa 1e-4", "Pd", "Fa", *masks, "paper")
    title = f"## RPR-Net where one frame does not suffice: targets of {least} to {most} px, {result['epochs']} epochs"
    return [f"{title}\n\n{lead}\n{table(head, rows)}"]


def of_hits(seeds: Sequence[Mapping[str, Any]], masks: str) -> float:
    """The mean IoU of the targets that were hit, over the seeds."""
    return mean(one[masks]["miou"] / one[masks]["pd"] for one in seeds)


def detectors() -> list[str]:
    """A table a dataset: on sequences of points, then classical ones on frames with masks."""
    titles = {"on_sequences": "Detectors on sequences", "detectors": "Classical detectors"}
    files = [(title, file.stem) for name, title in titles.items() for file in sorted(RESULTS.glob(f"{name}_*.json"))]
    return [part for title, name in files if (result := load(name)) for part in detectors_on(title, result)]


def detectors_on(title: str, result: Mapping[str, Any]) -> list[str]:
    """One row a detector."""
    rows = []
    for name, own in result["rows"].items():
        hits = f"{own['counts']['hits']}/{own['counts']['targets']}"
        rates = [f"{100 * own[f'pd_at_fa_{rate}']:.1f}" for rate in ("1e-6", "1e-5", "1e-4")]
        rows.append([name, own["prior"], *rates, hits, f"{1e6 * own['fa']:.1f}", f"{own['false_per_frame']:.2f}"])
    lead = (
        f"{result['dataset']}, {result['split']}, profile `{result['profile']}`. Pd in percent at three Fa, from the "
        "curve; hits, Fa in 1e-6 and false targets a frame at threshold 0.5. "
        f"`{result['command']}` at {result['commit']}, {result['date']}.\n"
    )
    head = ("detector", "prior", "Pd at Fa 1e-6", "1e-5", "1e-4", "hits", "Fa", "false a frame")
    return [f"## {title}: {result['dataset']}\n\n{lead}\n{table(head, rows)}"]
