"""Write a clean copy of a dataset in the BasicIRSTD layout. The source is only read.

The copy is made beside its place and moved there once it is whole.
"""

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from glimt.core.errors import DataError, OutputError
from glimt.core.files import claim_output, write_png, write_text
from glimt.core.types import Record
from glimt.data.dataset import Dataset
from glimt.data.doctor.checks.masks import has_label
from glimt.data.doctor.finding import Finding
from glimt.data.doctor.lists import SplitList, lists_of
from glimt.data.doctor.repair import clean_frame, clean_mask
from glimt.data.doctor.survey import Track

REPORT = "doctor.json"  # marks a folder as a copy made here, which may be replaced


@dataclass(frozen=True)
class Fixed:
    """What a copy holds, and why which frames are not in it."""

    out: Path
    frames: int
    left_out: dict[str, str]


def fix(
    dataset: Dataset, findings: Sequence[Finding], out: Path, overwrite: bool = False, track: Track = iter
) -> Fixed:
    """Copy a dataset with everything fixed that can be fixed safely; `findings` go into its report."""
    check_place(dataset, out, overwrite)
    records = dataset.records()
    unlabelled = not any(map(has_label, records))
    left_out: dict[str, str] = {}
    with whole_folder(out) as draft:
        for record in track(records):
            reason = copy_pair(record, draft, unlabelled)
            if reason:
                left_out[record.id] = reason
        kept = [record.id for record in records if record.id not in left_out]
        write_lists(draft, lists_of(dataset, {record.id for record in records}), kept)
        report = {"frames": len(kept), "left_out": left_out, "findings": [asdict(finding) for finding in findings]}
        write_text(draft / REPORT, json.dumps(report, indent=2) + "\n")
    return Fixed(out, len(kept), left_out)


def copy_pair(record: Record, out: Path, unlabelled: bool) -> str:
    """Write a frame and its mask; the reason when they are left out."""
    try:
        pixels = clean_frame(record)
        mask = clean_mask(record, pixels.shape)
    except DataError as error:
        return str(error)
    if mask is None and not unlabelled:
        return "no mask"
    write_png(out / "images" / f"{record.id}.png", pixels)
    if mask is not None:
        write_png(out / "masks" / f"{record.id}.png", mask * np.uint8(255))
    return ""


def write_lists(out: Path, lists: Sequence[SplitList], kept: Sequence[str]) -> None:
    """The splits, each name once and only those that are in the copy; one list of all where there were none."""
    known = set(kept)
    for split in lists:
        path = out / "img_idx" / f"{split.name.replace('/', '_')}.txt"
        write_text(path, "".join(f"{id}\n" for id in split.ids if id in known))
    if not lists:
        write_text(out / "img_idx" / "all.txt", "".join(f"{id}\n" for id in kept))


def check_place(dataset: Dataset, out: Path, overwrite: bool) -> None:
    """Raises OutputError where `out` overlaps the source, or holds anything but an earlier copy to replace."""
    source, copy = dataset.root.resolve(), out.resolve()
    if source == copy or source in copy.parents or copy in source.parents:
        raise OutputError(f"{out} overlaps the dataset {dataset.root}; give a place outside it")
    claim_output(out, overwrite)
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / REPORT).is_file())):
        raise OutputError(
            f"{out} is no copy made by glimt doctor (it has no {REPORT}); remove it, or give another place"
        )


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A folder to fill; on success it takes the place of `out`, on any error it is removed."""
    draft, old = (out.with_name(f".{out.name}.{os.getpid()}.{end}") for end in ("part", "old"))
    try:
        draft.mkdir(parents=True)
        yield draft
        if out.exists():
            out.replace(old)
        draft.replace(out)
    except OSError as error:
        raise OutputError(f"cannot write {out}: {error.strerror or error}") from error
    finally:
        if old.exists() and not out.exists():
            old.replace(out)
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
