"""`armswire detect` and `armswire extract`: what armswire sees in one text or page, or in many."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.options import DEFAULT_CONFIG, JsonOption, SettingsOption

if TYPE_CHECKING:
    from domain.news import Article

_MARKUP = re.compile(r"\s*<(?:!doctype|html|head|body|article|div|p)\b", re.IGNORECASE)

Source = Annotated[
    str | None,
    typer.Argument(help='A text or HTML file, a web address, or "-" for standard input.'),
]
BatchIn = Annotated[
    Path | None, typer.Option("--jsonl", help="Read articles from this file, one JSON a line.")
]
BatchOut = Annotated[
    Path | None, typer.Option("--out", help="Write one JSON line per input line here.")
]


def detect(
    source: Source = None,
    jsonl: BatchIn = None,
    out: BatchOut = None,
    config: SettingsOption = None,
    json_output: JsonOption = False,
) -> None:
    """Explains one text: transfers, reactions, which route found them, the words and rules they rest on.

    A text file's first line counts as its title when a blank line follows it.

    Example: armswire detect article.txt --json
    """
    from domain.mentions import mentions_to_dict
    from extractors.detection import build_detector
    from flows.cli.console_mentions import print_mentions
    from flows.cli.inputs import extra_lexicons

    _one_input(source, jsonl, out)
    extra = extra_lexicons(config)
    if jsonl and out:
        _detect_lines(jsonl, out, extra)
        return
    title, body = _title_and_body(str(source), config)
    mentions = build_detector(extra).detect(title, body)
    if json_output:
        print(json.dumps({"id": source, **mentions_to_dict(mentions)}, indent=2))
    else:
        print_mentions(title, body, mentions)


def extract(
    source: Source = None,
    jsonl: BatchIn = None,
    out: BatchOut = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read the kept pages of stored articles anew.")
    ] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="With --again: only pages of the last 7d, …")
    ] = None,
    config: SettingsOption = None,
    json_output: JsonOption = False,
) -> None:
    """Shows the article armswire sees in a page.

    With --jsonl, lines are {"id", "url", "html_path"}; relative paths count from the file's folder.
    With --again, what is read better than before becomes a new version of its article; nobody is alerted.

    Example: armswire extract https://news.example.org/story.html
    """
    from flows.cli.console_alerts import print_article

    if again:
        _nothing_beside_again(source, jsonl, out)
        _extract_again(since, config, json_output)
        return
    _since_needs_again(since)
    _one_input(source, jsonl, out)
    if jsonl and out:
        _extract_lines(jsonl, out)
        return
    article = _article(str(source), config)
    if json_output:
        print(json.dumps({"id": source, **_article_as_dict(article)}, indent=2))
    else:
        print_article(article)


def _nothing_beside_again(source: str | None, jsonl: Path | None, out: Path | None) -> None:
    from domain.errors import InputError

    if source is not None or jsonl is not None or out is not None:
        msg = "--again reads the kept pages: give it no FILE, address, --jsonl or --out"
        raise InputError(msg)


def _since_needs_again(since: str | None) -> None:
    from domain.errors import InputError

    if since is not None:
        msg = "--since says which kept pages are read, and goes with --again"
        raise InputError(msg)


def _extract_again(since: str | None, config: str | None, json_output: bool) -> None:
    import dataclasses

    from flows.cli.console import print_reread, progress_bars
    from flows.cli.inputs import read_duration
    from flows.configuration import load_configuration
    from flows.rereading import reread_pages

    length = read_duration(since, "--since") if since else None
    configuration = load_configuration(Path(config) if config else DEFAULT_CONFIG)
    with progress_bars() as progress:
        report = reread_pages(configuration, since=length, progress=progress)
    if json_output:
        print(json.dumps(dataclasses.asdict(report), indent=2))
    else:
        print_reread(report)


def _one_input(source: str | None, jsonl: Path | None, out: Path | None) -> None:
    from domain.errors import InputError

    if (source is None) == (jsonl is None):
        msg = 'give one FILE, address or "-", or --jsonl IN --out OUT'
        raise InputError(msg)
    if (jsonl is None) != (out is None):
        msg = "--jsonl and --out go together"
        raise InputError(msg)
    if jsonl and out and out.exists() and out.samefile(jsonl):
        msg = f"{out}: is the file that is read; give --out another one"
        raise InputError(msg)


def _title_and_body(source: str, config: str | None) -> tuple[str, str]:
    from flows.cli.inputs import is_address, read_text

    if is_address(source):
        article = _article(source, config)
        return article.title, article.body
    text = read_text(source).replace("\r\n", "\n").strip()
    if _MARKUP.match(text):
        article = _extracted(text.encode(), source)
        return article.title, article.body
    head, blank, rest = text.partition("\n\n")
    if blank and "\n" not in head and len(head) <= 200:
        return head, rest.strip()
    return "", text


def _detect_lines(jsonl: Path, out: Path, extra: tuple[Path, ...]) -> None:
    from domain.mentions import mentions_to_dict
    from extractors.detection import build_detector
    from flows.cli.console import progress_bars
    from flows.cli.inputs import json_lines

    # Everything is read before anything is written: a bad line leaves no half result behind.
    rows = [row for _, row in json_lines(jsonl, "title", "text")]
    detector = build_detector(extra)
    with progress_bars() as progress, _Replacing(out) as lines:
        for number, row in enumerate(rows, 1):
            found = mentions_to_dict(detector.detect(row["title"], row["text"]))
            lines.append(json.dumps({"id": row.get("id"), **found}, ensure_ascii=False))
            progress("detect", number, len(rows))


def _extract_lines(jsonl: Path, out: Path) -> None:
    from extractors.articles import extract_html
    from flows.cli.console import progress_bars
    from flows.cli.inputs import json_lines, read_bytes

    rows = [row for _, row in json_lines(jsonl, "url", "html_path")]
    with progress_bars() as progress, _Replacing(out) as lines:
        for number, row in enumerate(rows, 1):
            page = read_bytes(jsonl.parent / row["html_path"])
            found = _article_as_dict(extract_html(page, row["url"]))
            lines.append(json.dumps({"id": row.get("id"), **found}, ensure_ascii=False))
            progress("extract", number, len(rows))


class _Replacing:
    """Collects lines and writes them to `path` at once, unless something went wrong on the way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: list[str] = []

    def __enter__(self) -> list[str]:
        return self.lines

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is None:
            self.path.write_text("".join(f"{line}\n" for line in self.lines), encoding="utf-8")


def _article(source: str, config: str | None) -> Article:
    import sys

    from flows.cli.inputs import is_address, read_bytes

    if is_address(source):
        from flows.trying import try_page

        return asyncio.run(try_page(source, config))
    page = sys.stdin.buffer.read() if source == "-" else read_bytes(Path(source))
    return _extracted(page, source)


def _extracted(page: bytes, source: str) -> Article:
    from domain.errors import InputError
    from domain.news import Completeness
    from extractors.articles import extract_html

    article = extract_html(page, f"file:{source}")
    if article.completeness is Completeness.BLOCKED:
        msg = f"{source}: {article.note or 'no article was found'}"
        raise InputError(msg)
    return article


def _article_as_dict(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "body": article.body,
        "published": article.published.isoformat() if article.published else None,
        "precision": article.precision.value if article.precision else None,
        "author": article.author,
        "language": article.language,
        "completeness": article.completeness.value,
        "method": article.method.value,
    }
