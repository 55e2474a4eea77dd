"""`glimt list`."""

from typing import Annotated

import typer

from glimt.cli.console import AsJson


def list_names(
    kind: Annotated[str | None, typer.Argument(help="labelers, networks, ...; everything when left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """List what can be named: labelers, networks, losses, recipes, profiles, layouts and more.

    Example: glimt list labelers
    """
    from glimt.cli.console import print_json, print_table
    from glimt.core.catalog import hint
    from glimt.core.errors import UnknownNameError

    catalogs = all_catalogs()
    if kind is not None and kind not in catalogs:
        raise UnknownNameError(f"no list of {kind!r}{hint(kind, catalogs)}; known: {', '.join(catalogs)}")
    shown = {
        name: {key: first_line(path, name in BY_MODULE) for key, path in catalogs[name].items()}
        for name in ([kind] if kind else catalogs)
    }
    if as_json:
        print_json(shown)
        return
    for name, lines in shown.items():
        print_table(name, ("name", "what"), lines.items())


BY_MODULE = ("detectors", "labelers", "layouts", "networks")  # where a module is about one name, and tells of it


def all_catalogs() -> dict[str, dict[str, str]]:
    """Every catalog, by what it holds. None of them needs torch to be listed."""
    from glimt.data.augment import AUGMENTATIONS
    from glimt.data.layouts import LAYOUTS
    from glimt.detectors import DETECTORS
    from glimt.labelers import LABELERS
    from glimt.losses import LOSSES
    from glimt.metrics import PROFILES
    from glimt.networks import NETWORKS
    from glimt.recipes import RECIPES
    from glimt.tasks import TASKS
    from glimt.training import OPTIMIZERS, SCHEDULES

    return {
        "labelers": LABELERS,
        "detectors": DETECTORS,
        "networks": NETWORKS,
        "losses": LOSSES,
        "tasks": TASKS,
        "recipes": RECIPES,
        "augmentations": AUGMENTATIONS,
        "optimizers": OPTIMIZERS,
        "schedules": SCHEDULES,
        "profiles": PROFILES,
        "layouts": LAYOUTS,
    }


def first_line(path: str, by_module: bool) -> str:
    """The first sentence about what `path` names."""
    import importlib

    module, _, attribute = path.partition(":")
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        return f"needs {error.name}: pip install 'glimt[train]'"
    text = found.__doc__ if by_module else getattr(found, attribute).__doc__
    return (text or "").strip().split("\n")[0]
