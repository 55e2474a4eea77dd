"""`glimt predict --stream`: frames answered as they come."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from glimt.inference.follow import Moment, Seer
    from glimt.inference.sources import Source
    from glimt.inference.streamed import Streamed


def seer_for(
    path: Path, network: str | None, asked: tuple[float | None, str, str | None], drawing: Mapping[str, Any]
) -> "tuple[Seer, str]":
    """What follows a stream with a checkpoint or an ONNX file, and its name; ONNX needs no torch.

    `asked` is (threshold, device, pad).
    """
    threshold, device, pad = asked
    if path.suffix != ".onnx":
        from glimt.cli.model_options import open_model

        model = open_model(path, network, threshold, device, drawing)
        from glimt.inference.follow_torch import seer_of

        return seer_of(model, pad), model.name
    from dataclasses import replace

    from glimt.inference.onnx_model import onnx_seer, open_onnx

    refuse_with_onnx({"--network": network, "--pad": pad, "--device": None if device == "auto" else device})
    opened = open_onnx(path)
    options = {**opened.notes["task_options"], **drawing}
    opened = replace(opened, notes={**opened.notes, "task_options": options})
    return onnx_seer(opened if threshold is None else replace(opened, threshold=threshold)), opened.name


def refuse_with_onnx(options: dict[str, Any]) -> None:
    """Raise OptionError for an option that a graph has settled."""
    from glimt.core.errors import OptionError

    if strange := [name for name, value in options.items() if value]:
        raise OptionError(f"{strange[0]} is settled in an ONNX file; leave it out")


def refuse_with_stream(options: dict[str, Any]) -> None:
    """Raise OptionError for an option that means nothing where frames come one by one."""
    from glimt.core.errors import OptionError

    if strange := [name for name, value in options.items() if value]:
        raise OptionError(f"{strange[0]} does not go with --stream; leave one of them out")


def follow_source(
    seer: "Seer",
    where: str,
    out: Path | None,
    chosen: tuple[str | None, str | None, float | None],
    wanted: tuple[bool, bool, bool],
) -> dict[str, Any]:
    """Fill the folder; a live source that ends, by Ctrl-C too, leaves what was found so far. Gives a summary.

    `chosen` is (layout, split, fps), `wanted` (masks, overlays, overwrite).
    """
    from glimt.cli.console import say
    from glimt.core.errors import FrameError
    from glimt.inference.sources import open_source
    from glimt.inference.streamed import streamed

    source, (masks, overlays, overwrite) = open_source(where, *chosen), wanted
    out = out or Path("predictions") / source.name
    with streamed(out, masks, overwrite) as folder, drawing(out, overlays, source.rate) as draw:
        try:
            fill(folder, seer, source, draw)
        except FrameError as error:
            if not (source.live and folder.frames):
                raise
            say(f"the source ended: {error}")
        except KeyboardInterrupt:
            if not source.live:
                raise
            say("stopped")
    return summary_of(folder, source)


def fill(folder: "Streamed", seer: "Seer", source: "Source", draw: "Callable[[Moment], None]") -> None:
    """Follow one sequence after the other."""
    from glimt.inference.follow import follow

    with counting(source.count) as count:
        for frames in source.sequences:
            for moment in follow(seer, frames):
                folder.add(moment)
                draw(moment)
                count(folder, source.dropped)


@contextmanager
def counting(total: int | None) -> "Iterator[Callable[[Streamed, int], None]]":
    """A bar with frames, targets and dropped frames on standard error; silent where no one looks."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("following", total=total)

        def count(folder: "Streamed", dropped: int) -> None:
            lost = f", {dropped} dropped" if dropped else ""
            bar.update(task, completed=folder.frames, description=f"{folder.targets} targets{lost}")

        yield count


@contextmanager
def drawing(out: Path, wanted: bool, rate: float) -> "Iterator[Callable[[Moment], None]]":
    """What adds a frame to `overlay.mp4`; nothing where no video is wanted."""
    if not wanted:
        yield lambda moment: None
        return
    from glimt.core.video_writer import video_writer
    from glimt.report.overlay import rings

    with video_writer(out / "overlay.mp4", rate) as add:
        yield lambda moment: add(rings(moment.image, moment.found.targets))


def summary_of(folder: "Streamed", source: "Source") -> dict[str, Any]:
    """What was found and how long a frame took."""
    return {
        "out": str(folder.root),
        "frames": folder.frames,
        "dropped": source.dropped,
        "frames_with_targets": folder.frames_with_targets,
        "targets": folder.targets,
        "latency_ms": folder.latencies.summary(),
        "latency_histogram_ms": folder.latencies.bars(),
    }


def show(summary: dict[str, Any], name: str) -> None:
    """Print the summary and the histogram."""
    from glimt.cli.console import say

    lost = f", {summary['dropped']} more were dropped" if summary["dropped"] else ""
    say(
        f"{summary['targets']} targets in {summary['frames_with_targets']} of {summary['frames']} frames{lost} "
        f"by {name}: {summary['out']}"
    )
    say("a frame takes " + ", ".join(f"{key} {value:.1f} ms" for key, value in summary["latency_ms"].items()))
    most = max((count for *_, count in summary["latency_histogram_ms"]), default=0)
    for low, high, count in summary["latency_histogram_ms"]:
        say(f"{low:8.1f} to {high:8.1f} ms  {'#' * round(40 * count / most):40s} {count}")
