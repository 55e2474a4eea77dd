"""Find a thing by name and build it from checked options.

A catalog is a plain dict from a short name to an import path. Anything on the Python path can be named the long way, so
other packages need no registration:

    build(LABELERS, "pamg", {"support": 12})
    build(LABELERS, "my_lab.labelers:Mine", {})
"""

import importlib
import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from glimt.core.errors import OptionError, UnknownNameError

Catalog = Mapping[str, str]


def find(catalog: Catalog, name: str, kind: str = "name") -> Any:
    """What `name` stands for; `kind` is the word an error uses for it ("labeler", "layout", ...)."""
    path = name if ":" in name else catalog.get(name)
    if path is None:
        raise UnknownNameError(f"no {kind} {name!r}{hint(name, catalog)}; known: {', '.join(sorted(catalog))}")
    module, _, attribute = path.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ModuleNotFoundError, AttributeError) as error:
        raise UnknownNameError(f"cannot load {kind} {name!r}: {error}") from error


def build(catalog: Catalog, name: str, options: Mapping[str, Any], kind: str = "name") -> Any:
    """Call what `name` stands for with `options`, each checked against its signature first."""
    make: Callable[..., Any] = find(catalog, name, kind)
    try:
        checked = _options_model(name, make)(**options)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise OptionError(f"{name}: option {where!r}: {first['msg'].lower()}") from error
    try:
        return make(**{key: getattr(checked, key) for key in checked.model_fields_set})
    except ValueError as error:
        raise OptionError(f"{name}: {error}") from error


def hint(name: str, known: Iterable[str]) -> str:
    """A suggestion to put behind an unknown name, or nothing when none is close."""
    close = get_close_matches(name, list(known), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""


def _options_model(name: str, make: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(make.__init__ if inspect.isclass(make) else make)
    fields: dict[str, Any] = {
        option.name: (hints.get(option.name, Any), ... if option.default is option.empty else option.default)
        for option in inspect.signature(make).parameters.values()
    }
    return create_model(name, __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True), **fields)
