"""YAML that remembers on which line each value stood, so that every complaint can name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.errors import ConfigError

Location = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class YamlSource:
    """A parsed YAML file: `data`, and the line (from 1) of each location within it."""

    path: Path
    data: Any
    lines: Mapping[Location, int]

    def line_of(self, location: Location) -> int | None:
        """The line of `location`, or of the nearest thing around it that has one."""
        for size in range(len(location), -1, -1):
            if location[:size] in self.lines:
                return self.lines[location[:size]]
        return None

    def error(self, message: str, location: Location = ()) -> ConfigError:
        """The error to raise about the value at `location`."""
        return ConfigError(message, path=self.path, line=self.line_of(location))


def read_yaml(path: Path) -> YamlSource:
    """Parses the file at `path`.

    Raises:
        ConfigError: the file is missing, not UTF-8, not YAML, or names one key twice.
    """
    return parse_yaml(read_text(path), path)


def read_text(path: Path) -> str:
    """The text of a settings file, its line ends as they are.

    Raises:
        ConfigError: the file is missing or not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        msg = "no such file; `armswire init` writes a starter configuration"
        raise ConfigError(msg, path=path) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        msg = f"cannot be read: {why}"
        raise ConfigError(msg, path=path) from None


def parse_yaml(text: str, path: Path) -> YamlSource:
    """Parses `text`, which stands or is to stand in `path`.

    Raises:
        ConfigError: it is not YAML, or names one key twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else None
        raise ConfigError(f"is not YAML: {error.problem}", path=path, line=line) from None
    except yaml.YAMLError as error:
        raise ConfigError(f"is not YAML: {error}", path=path) from None
    lines: dict[Location, int] = {}
    data = None if node is None else _construct(node, (), lines, path)
    return YamlSource(path=path, data=data, lines=lines)


def _construct(node: yaml.Node, at: Location, lines: dict[Location, int], path: Path) -> Any:
    lines.setdefault(at, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        mapping: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise ConfigError("a key must be a plain word", path=path, line=line)
            if key in mapping:
                msg = f'"{key}" is given twice (first on line {lines[(*at, key)]})'
                raise ConfigError(msg, path=path, line=line)
            lines[(*at, key)] = line
            mapping[key] = _construct(value_node, (*at, key), lines, path)
        return mapping
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*at, i), lines, path) for i, item in enumerate(node.value)]
    return _scalar(node)


class _Scalars(yaml.SafeLoader):
    """Plain scalars; "NO" is Norway and "07:30" a time of day, so YAML 1.1's booleans and sixty-based numbers are out."""


_Scalars.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if tag
        not in ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:timestamp")
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _scalar(node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode) and node.style is None:
        word = node.value
        if word in ("true", "false"):
            return word == "true"
        if word.lstrip("-").isdecimal():
            return int(word)
        if word in ("", "~", "null"):
            return None
    return node.value if isinstance(node, yaml.ScalarNode) else None


Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], source: YamlSource, at: Location = ()) -> Model:
    """Builds `model` from the part of `source` at `at`.

    Raises:
        ConfigError: for the first complaint, with file, line and, for an unknown key, the nearest right key.
    """
    data = source.data
    for step in at:
        data = data[step]
    try:
        return model.model_validate(data)
    except ValidationError as error:
        # A key misspelt is also a key missing: the misspelling tells more.
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        location = at + _without_tags(first["loc"], data)
        raise source.error(_explain(first, location, model), location) from None


def _without_tags(location: tuple[str | int, ...], data: Any) -> Location:
    """Drops what pydantic adds to a location (the tag of a tagged union), keeping what is in the file."""
    kept: list[str | int] = []
    for step in location:
        here = isinstance(data, dict) and step in data
        if here or (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            data = data[step]
            kept.append(step)
        elif step == location[-1]:
            kept.append(step)
    return tuple(kept)


def _explain(error: ErrorDetails, location: Location, model: type[BaseModel]) -> str:
    name = ".".join(str(step) for step in location) or "the file"
    kind = error["type"]
    if kind == "extra_forbidden":
        return f'unknown key "{location[-1]}"' + _nearest(str(location[-1]), error, model)
    if kind == "missing":
        return f'"{location[-1]}" is missing' + (
            f" in {name.rpartition('.')[0]}" if len(location) > 1 else ""
        )
    if kind == "union_tag_invalid":
        context = error.get("ctx", {})
        expected = str(context.get("expected_tags", "")).replace("'", "")
        return f'{name}: "{context.get("tag")}" is none of: {expected}'
    said = _PLAINER.get(kind, error["msg"].removeprefix("Value error, "))
    return f"{name}: {said}"


_PLAINER = {
    "tuple_type": "must be a list, such as [one, two]",
    "list_type": "must be a list, such as [one, two]",
    "dict_type": "must hold keys and values, such as {key: value}",
    "model_type": "must hold keys and values, such as {key: value}",
    "union_tag_not_found": '"type" is missing',
}
"""What pydantic says in Python's words, in the user's."""


def _nearest(word: str, error: ErrorDetails, model: type[BaseModel]) -> str:
    known = _keys_at(model, error["loc"][:-1])
    close = get_close_matches(word, known, n=1, cutoff=0.5)
    if close:
        return f'; did you mean "{close[0]}"?'
    return f"; known keys: {', '.join(sorted(known))}" if known else ""


def _keys_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys that may stand where `location` (of pydantic's kind, with union tags) leads within `model`."""
    candidates: list[Any] = [model]
    for step in location:
        deeper: list[Any] = []
        for candidate in candidates:
            if isinstance(candidate, type) and issubclass(candidate, BaseModel):
                found = candidate.model_fields.get(str(step))
                if found is not None:
                    deeper += _models_in(found.annotation)
                elif str(step) in _tags(candidate):
                    deeper.append(candidate)
        # An index or a mapping's free key leads to the same models as the container itself.
        candidates = deeper or candidates
    return sorted(
        {
            field.alias or name
            for candidate in candidates
            if isinstance(candidate, type) and issubclass(candidate, BaseModel)
            for name, field in candidate.model_fields.items()
        }
    )


def _tags(model: type[BaseModel]) -> set[str]:
    field = model.model_fields.get("type")
    return set(getattr(field.annotation, "__args__", ())) if field else set()


def _models_in(annotation: Any) -> list[Any]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for part in getattr(annotation, "__args__", ()) for m in _models_in(part)]
