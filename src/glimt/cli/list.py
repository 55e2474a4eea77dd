"""`glimt list`."""

from typing import Annotated

import typer

from glimt.cli.console import AsJson


def list_names(
    kind: Annotated[
        str | None, typer.Argument(help="labelers, profiles or layouts; all of them when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what can be named: labelers, metric profiles, dataset layouts.

    Example: glimt list labelers
    """
    from glimt.cli.console import print_json, print_table
    from glimt.core.catalog import hint
    from glimt.core.errors import UnknownNameError
    from glimt.data.layouts import LAYOUTS
    from glimt.labelers import LABELERS
    from glimt.metrics import PROFILES

    catalogs = {"labelers": LABELERS, "profiles": PROFILES, "layouts": LAYOUTS}
    if kind is not None and kind not in catalogs:
        raise UnknownNameError(f"no list of {kind!r}{hint(kind, catalogs)}; known: {', '.join(catalogs)}")
    shown = {
        name: {key: first_line(path) for key, path in catalogs[name].items()} for name in ([kind] if kind else catalogs)
    }
    if as_json:
        print_json(shown)
        return
    for name, lines in shown.items():
        print_table(name, ("name", "what"), lines.items())


def first_line(path: str) -> str:
    """The first sentence about what `path` names: its module's for a labeler or layout, its own for a profile."""
    import importlib

    module, _, attribute = path.partition(":")
    found = importlib.import_module(module)
    own = getattr(found, attribute)
    text = own.__doc__ if callable(own) and not isinstance(own, type) else found.__doc__
    return (text or "").strip().split("\n")[0]
