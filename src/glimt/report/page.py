"""One HTML file: sections of notes, tables, figures and strips of pictures. It needs no network."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from glimt.core.files import write_text
from glimt.report.overlay import Picture, data_uri


@dataclass(frozen=True)
class Note:
    """A paragraph."""

    text: str
    kind: ClassVar[str] = "note"


@dataclass(frozen=True)
class Table:
    """Rows of words and formatted numbers: first column left, the others right. `best` are (row, column) in bold."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    best: frozenset[tuple[int, int]] = frozenset()
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Plot:
    """A plot as SVG, with what it says in words for those who cannot see it."""

    svg: str
    caption: str
    alt: str
    kind: ClassVar[str] = "plot"


@dataclass(frozen=True)
class Cell:
    """One picture of a strip, under its label."""

    label: str
    picture: Picture
    alt: str
    note: str = ""

    @property
    def uri(self) -> str:
        """The picture as an address that holds it."""
        return data_uri(self.picture)


@dataclass(frozen=True)
class Pictures:
    """A strip of pictures side by side."""

    caption: str
    cells: Sequence[Cell]
    kind: ClassVar[str] = "pictures"


@dataclass(frozen=True)
class Key:
    """What the lines in the pictures mean."""

    kind: ClassVar[str] = "key"


Block = Note | Table | Plot | Pictures | Key


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; plots that follow each other stand side by side."""

    title: str
    blocks: Sequence[Block]

    @property
    def runs(self) -> list[tuple[str, list[Block]]]:
        """Neighbouring blocks of one kind, together."""
        return [(kind, list(blocks)) for kind, blocks in groupby(self.blocks, key=lambda block: block.kind)]


def write_page(path: Path, title: str, lead: str, sections: Sequence[Section]) -> None:
    """Write the page; `lead` is the sentence below its title."""
    write_text(path, render(title, lead, sections))


def render(title: str, lead: str, sections: Sequence[Section], template: str = "page.html", **more: Any) -> str:
    """The page as text. Everything but a plot's SVG is escaped. A `template` adds what a page has of its own."""
    return _template(template).render(title=title, lead=lead, sections=sections, **more)


@cache
def _template(name: str) -> Template:
    loader = PackageLoader("glimt.report", ".")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    ).get_template(name)
