"""The part of `benchmarks/README.md` about the annotation tool."""

from page_training import load, source, table

TIMES = ("p50", "p95", "p50 there and back", "p95 there and back")


def annotate_parts() -> list[str]:
    """What a click costs, and what opening a folder costs."""
    result = load("annotate")
    if result is None:
        return []
    rows, cols = result["frame"]
    clicks = [[name, *(f"{own[time]:.2f}" for time in TIMES)] for name, own in result["milliseconds"].items()]
    lead = (
        f"Milliseconds from request to mask in the server of `glimt annotate`, and from the sending of the request to "
        f"the whole answer, of {result['clicks']} clicks on a frame of {cols} x {rows} in 16 bits. Prior: point only. "
        f"{source(result)}"
    )
    opened = [[when, *result[when].values()] for when in ("opened", "opened again")]
    folder = f"A folder of {result['folder']} frames; no frame is read but those that are shown.\n"
    return [
        f"## Annotation: a click\n\n{lead}\n{table(('generator', *TIMES), clicks)}",
        f"## Annotation: a large folder\n\n{folder}\n{table(('', *result['opened']), opened)}",
    ]
