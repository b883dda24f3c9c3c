"""Labelled articles, as files of JSON lines hold them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import ConfigError, InputError
from domain.mentions import Mentions, mentions_from_dict
from extractors.detection.json_lines import json_lines


@dataclass(frozen=True, kw_only=True)
class GoldArticle:
    """One labelled article."""

    id: str
    title: str
    text: str
    marginal: bool
    mentions: Mentions


def read_gold(path: Path) -> list[GoldArticle]:
    """Reads labelled articles, one JSON object a line: id, title, text, relevant, marginal?, transfers, reactions.

    Raises InputError when the file cannot be read or holds nothing, ConfigError with file and line for a line that is not
    JSON, lacks a key or has a value that is none of the vocabulary.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: this file of labels cannot be read: {error}") from None
    articles = [_gold(data, path, line) for line, data in json_lines(text, path)]
    if not articles:
        raise InputError(f"{path}: no labelled article in this file")
    return articles


def _gold(data: dict[str, Any], path: Path, line: int) -> GoldArticle:
    for key in ("id", "title", "text", "relevant", "transfers", "reactions"):
        if key not in data:
            raise ConfigError(f'the key "{key}" is missing', path=path, line=line)
    try:
        mentions = mentions_from_dict(data)
    except KeyError as error:
        raise ConfigError(f"the key {error} is missing in a label", path=path, line=line) from None
    except (ValueError, TypeError, AttributeError) as error:
        raise ConfigError(f"a label cannot be read: {error}", path=path, line=line) from None
    return GoldArticle(
        id=str(data["id"]),
        title=str(data["title"]),
        text=str(data["text"]),
        marginal=bool(data.get("marginal")),
        mentions=mentions,
    )
