"""Labels out as a zip, and in from a file."""

import lzma
import shutil
import uuid
import zipfile
import zlib
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from glimt.annotate.exports import HOUSE, export, zip_folder
from glimt.annotate.imports import Imported, import_dataset, import_files
from glimt.annotate.values import Status
from glimt.annotate.web.asked import Wished
from glimt.annotate.web.desk import Desk, TheAuthor, TheDesk
from glimt.annotate.web.shapes import Json, status_from
from glimt.core.errors import DataError, OptionError, OutputError, UnknownNameError
from glimt.core.files import draft
from glimt.data.formats import FORMATS

router = APIRouter()
UNPACKED = 1 << 30  # bytes that a zip may hold
MOST_FILES = 200_000
KINDS = (".csv", ".zip")
ENCRYPTED = 1  # of a zip entry's flags
# damaged, by either compression; cut short; made by a way or a version that zipfile does not know
UNREADABLE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError)


@router.post("/exports")
def start_export(wished: Wished, desk: TheDesk) -> Json:
    """Begin to write the labels; the job's result says where they can be had."""
    if wished.format not in (HOUSE, *FORMATS):
        raise OptionError(f"format {wished.format[:40]!r}: choose one of {', '.join((HOUSE, *FORMATS))}")
    statuses: set[Status] = {status_from(word) for word in wished.status}

    def work(id: str) -> Json:
        folder = desk.folder / id
        export(desk.project, folder, wished.format, statuses, wished.split)
        zip_folder(folder, desk.folder / f"{id}.zip")
        shutil.rmtree(folder)
        return {"url": f"/api/v1/exports/{id}/{wished.format}.zip"}

    return {"job": desk.jobs.start("export", work)}


@router.get("/jobs/{id}")
def look(id: str, desk: TheDesk) -> Json:
    """How a job stands."""
    return vars(desk.jobs.look(id))


@router.get("/exports/{id}/{name}.zip")
def download(id: str, name: str, desk: TheDesk) -> FileResponse:
    """What an export wrote."""
    if desk.jobs.look(id).state != "done":
        raise UnknownNameError(f"the export {id[:40]!r} is not written yet")
    return FileResponse(desk.folder / f"{id}.zip", filename=f"{desk.project.root.resolve().name}-{name}.zip")


@router.post("/imports")
async def bring_in(name: str, request: Request, desk: TheDesk, author: TheAuthor) -> Json:
    """Bring in the labels of a file; a frame that somebody worked on stays as it is."""
    body = await request.body()
    return vars(await run_in_threadpool(read_in, desk, author.user, Path(name).suffix.lower(), body))


def read_in(desk: Desk, user: str, kind: str, body: bytes) -> Imported:
    """The labels of a file's bytes, of which nothing stays behind."""
    if kind not in KINDS:
        raise DataError(f"a {kind[:20] or 'file without an ending'} cannot be brought in; give a .csv or a .zip")
    file = desk.folder / f"import-{uuid.uuid4().hex}{kind}"
    try:
        with draft(file) as beside:
            beside.write_bytes(body)
        return imported(desk, user, file)
    finally:
        file.unlink(missing_ok=True)
        shutil.rmtree(file.with_suffix(""), ignore_errors=True)


def imported(desk: Desk, user: str, file: Path) -> Imported:
    """The labels of a table of clicks, or of a zip: an export of clicks and masks, masks alone, or a dataset."""
    if file.suffix == ".csv":
        return import_files(desk.project, user, points=file)
    folder = unpacked(file)
    points, masks = folder / "points.csv", folder / "masks"
    if points.is_file() or (masks.is_dir() and not (folder / "images").exists()):
        return import_files(desk.project, user, points if points.is_file() else None, masks if masks.is_dir() else None)
    if any(file.suffix.lower() == ".png" for file in folder.glob("*")):
        return import_files(desk.project, user, masks=folder)
    return import_dataset(desk.project, user, folder)


def unpacked(file: Path) -> Path:
    """The folder of a zip's files. Raises DataError where it is none, or too large, or has an entry that is refused."""
    folder = file.with_suffix("")
    try:
        with zipfile.ZipFile(file) as packed:
            entries = packed.infolist()
            if sum(one.file_size for one in entries) > UNPACKED or len(entries) > MOST_FILES:
                raise DataError(f"the zip holds more than {UNPACKED >> 20} MiB or {MOST_FILES} files")
            for one in entries:
                refuse_entry(one, folder)
            packed.extractall(folder)
    except UNREADABLE as error:
        raise DataError(f"no zip that can be read: {error}") from error
    except OSError as error:
        raise OutputError(f"cannot unpack the zip: {error.strerror or error}") from error
    inside = [one for one in folder.iterdir() if not one.name.startswith(("__MACOSX", "."))]
    return inside[0] if len(inside) == 1 and inside[0].is_dir() and inside[0].name != "masks" else folder


def refuse_entry(entry: zipfile.ZipInfo, folder: Path) -> None:
    """Raise DataError for an entry that lies outside `folder`, or that wants a password."""
    name = repr(entry.filename[:80])
    if not (folder / entry.filename).resolve().is_relative_to(folder.resolve()):
        raise DataError(f"the zip names a place outside: {name}")
    if entry.flag_bits & ENCRYPTED:
        raise DataError(f"no zip that can be read: {name} is encrypted; pack it without a password")
