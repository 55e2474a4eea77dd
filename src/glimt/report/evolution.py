"""The page on how labels moved while a run learnt: settings, curves over epochs, and a card a target, worst first."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from glimt.core.catalog import build
from glimt.core.errors import DataError
from glimt.core.files import write_text
from glimt.recipes import RECIPES
from glimt.recipes.recipe import Recipe, leave
from glimt.report.cards import cards, sheets_of
from glimt.report.evolution_curves import label_section, mask_section
from glimt.report.histories import ALARMS, History, histories, spread
from glimt.report.page import Note, Section, Table, render
from glimt.report.surroundings import Around, Place, dataset_around
from glimt.training.config import Choice, Data, TrainConfig
from glimt.training.evolution import Target, read_table, summary, tables
from glimt.training.read_config import parse, read_yaml
from glimt.training.run import Run

LABELS = 12  # updates whose labels a card shows
ORDER = (
    "Worst first: an alarm after the last update (lost, merged, grown), an alarm on the way, then the lowest IoU, or "
    "where the truth is not known the largest growth. Each picture shows 33 x 33 px, the click in the middle; an area "
    "is that of the label above 0.5 at the click."
)


def evolution_page(path: Path, run: Run, most: int = 200) -> dict[str, Any]:
    """Write the page with the `most` worst targets; gives what it says in a few numbers.

    Raises DataError where the run is none, or changes no label.
    """
    config = config_of(run)
    recipe = changing(config.recipe, run)
    updates = updates_of(run)
    found, log = histories(updates), run.read_log()
    said = numbers(config, updates, found[:most], len(log))
    around, notes = surroundings(config.data, [one.last.place for one in found[:most]])
    sheets = sheets_of(run.updates, updates, spread(list(updates), LABELS))
    notes += [f"The {most} worst of {len(found)} targets are shown; --most asks for more."] * (len(found) > most)
    notes += missing(spread(list(updates), LABELS), sheets)
    sections = [
        Section("Run", [settings_table(config, recipe, len(log))]),
        label_section(updates, log, LABELS),
        *mask_section(log),
        Section("Targets", [Note(ORDER), *map(Note, notes)]),
    ]
    shown = cards(found[:most], sheets, around)
    title = f"How labels moved: {run.root.resolve().name}"
    page = render(title, lead_of(said), sections, "evolution.html", cards=shown, counts=counts(found[:most]))
    write_text(path, page)
    return {"page": str(path)} | said


def config_of(run: Run) -> TrainConfig:
    """The settings that a run was begun with."""
    if not run.config.is_file():
        raise DataError(f"{run.root} is no run: it holds no {run.config.name}; give a folder that `glimt train` wrote")
    return parse(read_yaml(run.config), source=str(run.config))


def changing(choice: Choice, run: Run) -> Recipe:
    """The recipe of a run, if it is one that changes labels."""
    recipe: Recipe = build(RECIPES, choice.name, choice.options, "recipe")
    if recipe.refresh is leave:
        others = [name for name in RECIPES if build(RECIPES, name, {}, "recipe").refresh is not leave]
        raise DataError(
            f"{run.root} learnt under the recipe {choice.name!r}, which never changes a label; "
            f"give a run of {' or '.join(others)}"
        )
    return recipe


def updates_of(run: Run) -> dict[int, list[Target]]:
    """Every table of a run, by epoch."""
    found = {epoch: read_table(file) for epoch, file in sorted(tables(run.updates).items())}
    if not any(found.values()):
        raise DataError(f"{run.updates} holds no table with a target; a run writes its first one when it begins")
    return found


def numbers(
    config: TrainConfig, updates: Mapping[int, Sequence[Target]], shown: Sequence[History], done: int
) -> dict[str, Any]:
    """The page in a few numbers."""
    last = max(updates)
    return {
        "recipe": config.recipe.name,
        "network": config.network.name,
        "epochs": done,
        "of": config.epochs,
        "updates": len(updates) - (0 in updates),
        "last_update": last,
        "shown": len(shown),
        **summary(list(updates[last])),
    }


def lead_of(said: Mapping[str, Any]) -> str:
    """The page in a sentence."""
    updates = f"{said['updates']} update{'s' * (said['updates'] != 1)} of labels"
    return (
        f"{said['targets']} targets; {updates} by {said['recipe']} on {said['network']}, "
        f"after {said['epochs']} of {said['of']} epochs."
    )


def settings_table(config: TrainConfig, recipe: Recipe, done: int) -> Table:
    """What the run is."""
    split = "every frame" if config.data.train is None else config.data.train
    rows = {
        "recipe": in_words(config.recipe),
        "network": in_words(config.network),
        "task": in_words(config.task),
        "dataset": f"{config.data.root.name}, {split}",
        "points": str(config.data.points),
        "prior": recipe.prior,
        "epochs": f"{done} of {config.epochs}",
    }
    return Table(["setting", "value"], [list(row) for row in rows.items()])


def in_words(choice: Choice) -> str:
    """A name with its options."""
    return ", ".join([choice.name, *(f"{key} {value}" for key, value in choice.options.items())])


def surroundings(data: Data, places: Sequence[Place]) -> tuple[dict[Place, Around], list[str]]:
    """What the dataset shows around targets, and what the page has to say where it is not there any more."""
    try:
        found = dataset_around(data, places)
    except DataError as error:
        return {}, [f"Without the frames: {error}. A relative path starts at the folder that the command is given in."]
    lost = len({place[0] for place in set(places) - set(found)})
    return found, [f"Frames that cannot be read any more: {lost}."] * bool(lost)


def missing(wanted: Sequence[int], sheets: Mapping[int, Any]) -> list[str]:
    """A sentence where pictures of labels are not there."""
    gone = [str(epoch) for epoch in wanted if epoch not in sheets]
    return [f"The pictures of the updates after epoch {', '.join(gone)} are missing or damaged."] * bool(gone)


def counts(shown: Sequence[History]) -> dict[str, int]:
    """How many of the cards each button leaves."""
    return {"all": len(shown)} | {kind: sum(kind in one.kinds for one in shown) for kind in ALARMS}
