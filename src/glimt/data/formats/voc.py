"""PASCAL VOC boxes: `JPEGImages/`, `Annotations/*.xml`, `ImageSets/Main/`. Pixels count from 1, the last is inside."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from glimt.core.files import write_text
from glimt.data.formats.annotated import Annotated
from glimt.data.formats.format import Format, Lists, copy_frame, write_lists


def write(out: Path, frames: Iterable[Annotated], lists: Lists) -> Iterator[Path]:
    """Write frames, boxes and lists."""
    kept = set()
    for frame in frames:
        kept.add(frame.id)
        yield copy_frame(out, frame, "JPEGImages")
        path = out / "Annotations" / f"{frame.id}.xml"
        write_text(path, xml_of(frame))
        yield path
    yield from write_lists(out / "ImageSets" / "Main", lists, kept)


def xml_of(frame: Annotated) -> str:
    """The annotation of one frame."""
    rows, cols = frame.shape
    root = ElementTree.Element("annotation")
    ElementTree.SubElement(root, "filename").text = Path(frame.name).name
    fill(ElementTree.SubElement(root, "size"), width=cols, height=rows, depth=1)
    for target in frame.targets:
        assert target.box is not None
        top, left, bottom, right = target.box
        element = ElementTree.SubElement(root, "object")
        fill(element, name="target", pose="Unspecified", truncated=0, difficult=0)
        fill(ElementTree.SubElement(element, "bndbox"), xmin=left + 1, ymin=top + 1, xmax=right, ymax=bottom)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def fill(element: ElementTree.Element, **texts: str | int) -> None:
    """Give `element` a child a name, in order."""
    for name, text in texts.items():
        ElementTree.SubElement(element, name).text = str(text)


FORMAT = Format(write, "boxes", "voc")
