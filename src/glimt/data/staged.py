"""Labels that change with a training as one step: changes are laid beside the folder until the step is saved.

The folder always belongs to the last saved state of the training. Its changes since lie in a second folder, which is
read first; `settle` moves them in once the next state is saved. A training that is killed before forgets them, one that
is killed while they move goes on moving them: labels and weights never drift apart.
"""

import shutil
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path

from glimt.core.types import SoftMask
from glimt.data.labels import LabelFolder

DROPPED = ".dropped"  # suffix of an empty file that says: this label is gone


@dataclass(frozen=True)
class StagedLabels(MutableMapping[str, SoftMask]):
    """The labels of `folder` under the changes in `beside`; `changed` are the ids written or dropped through it."""

    folder: LabelFolder
    beside: LabelFolder
    changed: set[str] = field(default_factory=set)

    def __getitem__(self, id: str) -> SoftMask:
        if self._dropped(id):
            raise KeyError(id)
        return self.beside[id] if id in self.beside else self.folder[id]

    def __setitem__(self, id: str, label: SoftMask) -> None:
        self.beside[id] = label
        self._note(id).unlink(missing_ok=True)
        self.changed.add(id)

    def __delitem__(self, id: str) -> None:
        if id not in self:
            raise KeyError(id)
        note = self._note(id)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
        self.changed.add(id)

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and (id in self.beside or id in self.folder) and not self._dropped(id)

    def __iter__(self) -> Iterator[str]:
        ids = {*self.folder, *self.beside}
        return iter(sorted(id for id in ids if not self._dropped(id)))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def settle(self) -> None:
        """Move the changes into the folder; done again after a crash, it ends the same."""
        for note in sorted(self.beside.root.rglob(f"*{DROPPED}")):
            id = note.relative_to(self.beside.root).as_posix().removesuffix(DROPPED)
            self.folder.path(id).unlink(missing_ok=True)
            self.beside.path(id).unlink(missing_ok=True)
            note.unlink()
        for id in self.beside:
            place = self.folder.path(id)
            place.parent.mkdir(parents=True, exist_ok=True)
            self.beside.path(id).replace(place)
        self.forget()

    def forget(self) -> None:
        """Take the changes back."""
        shutil.rmtree(self.beside.root, ignore_errors=True)

    def _note(self, id: str) -> Path:
        path = self.beside.path(id)
        return path.with_name(path.name.removesuffix(".png") + DROPPED)

    def _dropped(self, id: str) -> bool:
        return self._note(id).is_file()
