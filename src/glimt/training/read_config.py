"""Read a config: YAML, then `key.subkey=value` changes, each mistake in one line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from glimt.core.catalog import hint
from glimt.core.errors import OptionError
from glimt.training.config import Choice, TrainConfig


def load_config(path: Path, changes: Sequence[str] = ()) -> TrainConfig:
    """The settings of a YAML file, changed. Relative paths in it start at the current folder."""
    table = read_yaml(path)
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals or not key:
            raise OptionError(f"--set {change!r} is no change; write it as key.subkey=value, e.g. --set epochs=10")
        put(table, key.split("."), parse_value(value, change), change)
    return parse(table, source=str(path))


def read_yaml(path: Path) -> dict[str, Any]:
    """The table of a YAML file."""
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(f"cannot read the config {path}: {error}") from error
    except yaml.YAMLError as error:
        raise OptionError(f"{path} is no YAML: {in_one_line(error)}") from error
    if not isinstance(table, dict):
        raise OptionError(f"{path} holds no table of settings; it should begin with e.g. `data:`")
    return table


def parse_value(text: str, change: str) -> Any:
    """The value of a change, read as YAML."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise OptionError(f"--set {change!r}: the value is no YAML: {in_one_line(error)}") from error


def in_one_line(error: Exception) -> str:
    """The text of an error that is spread over several lines."""
    return " ".join(str(error).split())


def put(table: dict[str, Any], keys: list[str], value: Any, change: str) -> None:
    """Set one key of nested tables; where the name of a choice stands alone, it is kept beside its new option."""
    *path, last = keys
    if path and path[0] in table:
        table[path[0]] = completed(path[0], table[path[0]])
    for key in path:
        table = table.setdefault(key, {})
        if not isinstance(table, dict):
            raise OptionError(f"--set {change!r}: {key!r} holds one value, and has no {last!r}")
    table[last] = value


def parse(table: Mapping[str, Any], source: str = "config") -> TrainConfig:
    """Check a table of settings. `network: acm` is short for `network: {name: acm}`; options alone keep the name."""
    try:
        return TrainConfig.model_validate({key: completed(key, value) for key, value in table.items()})
    except ValidationError as error:
        raise OptionError(f"{source}: {explain(error)}") from error


def completed(key: str, value: Any) -> Any:
    """A choice in full."""
    field = TrainConfig.model_fields.get(key)
    if field is None or not isinstance(field.default, Choice):
        return value
    if isinstance(value, str):
        return {"name": value}
    return {"name": field.default.name} | value if isinstance(value, dict) else value


def explain(error: ValidationError) -> str:
    """The first mistake: where it is, what is wrong, and the key that was probably meant."""
    mistakes = error.errors()
    first = mistakes[0]
    if first["type"] == "extra_forbidden":
        *path, key = map(str, first["loc"])
        known = keys_of(TrainConfig, path)
        return (
            f"there is no setting {'.'.join((*path, key))!r}{hint(key, known)}; known here: {', '.join(sorted(known))}"
        )
    place = place_of(first["loc"])
    wrong = dict.fromkeys(one["msg"] for one in mistakes if place_of(one["loc"]) == place)  # one a form it may take
    said = " or ".join(wrong).removeprefix("Value error, ").replace(" for <class 'pathlib.Path'>", "").lower()
    got = "" if first["type"] in ("missing", "value_error") else f", got {first['input']!r}"
    return f"{place}: {said}{got}"


def place_of(where: Sequence[str | int]) -> str:
    """The setting that a mistake is in, without the names of the forms that it may take."""
    model, path = TrainConfig, []
    for part in map(str, where):
        if model is None or part not in model.model_fields:
            break
        path.append(part)
        model = table_of(model, part)
    return ".".join(path) or "settings"


def keys_of(model: type[BaseModel], path: Sequence[str]) -> list[str]:
    """The keys of the table that a path leads to."""
    for part in path:
        model = table_of(model, part) or model
    return list(model.model_fields)


def table_of(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """The table that a key holds; None where it holds a value."""
    annotation = model.model_fields[key].annotation
    held = (one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, BaseModel))
    return next(held, None)
