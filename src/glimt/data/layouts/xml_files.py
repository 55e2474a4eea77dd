"""Read annotation files in XML."""

import math
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from glimt.core.errors import DataError


def read_xml(path: Path) -> ElementTree.Element:
    """The root element of a file. A document type is refused: entities can grow without end."""
    try:
        text = path.read_bytes()
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise DataError(f"{path}: annotation files must not declare a document type")
        return ElementTree.fromstring(text)
    except (OSError, ElementTree.ParseError) as error:
        raise DataError(f"cannot read the annotations {path}: {error}") from error


def numbers(element: ElementTree.Element, names: Sequence[str], path: Path) -> list[float]:
    """The numbers of the children called `names`. Raises DataError where one is missing or no number."""
    texts = [element.findtext(name) for name in names]
    try:
        found = [float(text) for text in texts if text is not None]
    except ValueError:
        found = []
    if len(found) < len(names) or not all(map(math.isfinite, found)):
        got = ", ".join(f"{name} {text!r}" for name, text in zip(names, texts, strict=True))
        raise DataError(f"{path}: <{element.tag}> needs the numbers {', '.join(names)}; it has {got}")
    return found
