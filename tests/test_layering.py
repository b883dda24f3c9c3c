"""The house: who may import whom, and which library stays behind which wall."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "domain": set(),
    "extractors": {"domain"},
    "storage": {"domain"},
    "alerts": {"domain"},
    "flows": {"domain", "extractors", "storage", "alerts"},
}
FENCES = {
    "prefect": ("flows/",),
    "duckdb": ("storage/",),
    "spacy": ("extractors/",),
    "feedparser": ("extractors/",),
    "trafilatura": ("extractors/",),
    "httpx": ("extractors/fetch/", "alerts/channels/"),
}
MODULES = sorted(p for house in MAY_IMPORT for p in (ROOT / house).rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_module_stays_in_its_place(path: Path) -> None:
    """No module imports a part of the house above it, nor a library that is fenced in elsewhere."""
    place = path.relative_to(ROOT).as_posix()
    house = place.partition("/")[0]
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        top = name.partition(".")[0]
        if top in MAY_IMPORT and top != house:
            assert top in MAY_IMPORT[house], f"{place} imports {name}"
        if top in FENCES:
            assert place.startswith(FENCES[top]), f"{place} imports {name}"


def test_no_module_is_named_like_the_standard_librarys() -> None:
    """Prefect puts an entrypoint's folder on sys.path, where such a module would shadow the library's."""
    shadows = {p.stem for p in MODULES if p.stem != "__init__"} & set(sys.stdlib_module_names)
    assert shadows == set()
