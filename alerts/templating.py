"""The Jinja environments: HTML templates escape whatever they are given, text templates nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

_FOLDER = Path(__file__).parent / "templates"


def html_template(name: str) -> Template:
    """A template whose every value is escaped for HTML."""
    return _html().get_template(name)


def text_template(name: str) -> Template:
    """A template of plain text."""
    return _text().get_template(name)


@cache
def _html() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _text() -> Environment:
    return Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=False,  # noqa: S701 - plain text: escaping would show "&amp;"
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
