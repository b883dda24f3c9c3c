"""The newsrooms the demo serves: the bundled one, one from a file of articles, one of any size."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.errors import InputError
from flows.demo.newsroom import load_newsroom, newsroom_from_jsonl, read_newsroom
from flows.demo.outlets import FeedFormat, OutletKind, Quirk, paragraphs_of, slug_of
from flows.demo.stream import newsroom_of_size

START = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def write_lines(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def line(number: int, title: str = "Ferry late", text: str = "The ferry was late.") -> object:
    return {"id": f"a{number}", "title": title, "text": text, "relevant": False}


def test_bundled_newsroom_is_as_varied_as_the_demo_promises() -> None:
    """Eight feeds or more, every format and kind, 60 pages or more, at most half of them relevant."""
    room = load_newsroom(START)
    assert len(room.outlets) >= 8
    assert {outlet.feed for outlet in room.outlets} == set(FeedFormat)
    assert {outlet.kind for outlet in room.outlets} == set(OutletKind)
    assert {quirk for outlet in room.outlets for quirk in outlet.quirks} == set(Quirk)
    assert len(room.collection) >= 60
    assert sum(article.relevant is True for article in room.collection) <= len(room.collection) / 2
    assert all(article.paragraphs and article.title for article in room.collection)


def test_bundled_articles_have_an_address_of_their_own_that_outlasts_the_start() -> None:
    """No two articles share a URL, and a demo started another day gives them the same ones."""
    paths = [article.path for article in load_newsroom(START).collection]
    assert len(set(paths)) == len(paths)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert [article.path for article in load_newsroom(later).collection] == paths


def test_a_wave_adds_to_the_earlier_ones() -> None:
    """The second wave holds the first one and follow-ups that are newer than anything in it."""
    room = load_newsroom(START)
    first, second = room.articles(1), room.articles(2)
    assert room.waves == 2
    assert set(second) > set(first)
    assert len(second) == len(room.collection)
    fresh = [article for article in second if article.wave == 2]
    assert max(a.published for a in first) < min(a.published for a in fresh)
    assert max(a.published for a in fresh) <= START
    assert [a.published for a in second] == sorted((a.published for a in second), reverse=True)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("title: A\nwave: 1\n", "no line ---"),
        ("title: A\nnonsense\n---\nText.\n", ":2: a line of the header is"),
        ("title: A\nwave: 1\nrelevant: true\n---\nText.\n", "lacks minutes_ago"),
        ("title: A\nwave: 1\nminutes_ago: soon\nrelevant: true\n---\nText.\n", "soon"),
        ("title: A\nwave: 1\nminutes_ago: 5\nrelevant: maybe\n---\nText.\n", "`relevant`"),
    ],
)
def test_a_slip_in_an_article_file_names_the_file(
    tmp_path: Path, content: str, complaint: str
) -> None:
    """A file that is not of the newsroom's format is an InputError naming it and the slip."""
    outlet = {"id": "o", "name": "O", "kind": "blog", "feed": "atom", "feed_text": "full"}
    outlet |= {"about": "-", "country": "NL", "language": "en", "tier": "blog"}
    (tmp_path / "outlets.yaml").write_text(json.dumps({"outlets": [outlet]}), encoding="utf-8")
    article = tmp_path / "articles" / "o" / "01-a.txt"
    article.parent.mkdir(parents=True)
    article.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"01-a\.txt") as raised:
        read_newsroom(tmp_path, START)
    assert complaint in str(raised.value)


def test_every_line_of_a_file_becomes_one_article(tmp_path: Path) -> None:
    """Odd ids, equal texts, an empty text and an empty title each get an article and a URL."""
    odd = ["../../etc", "", "ä/ö?#&", "a b", "%2e", "A", "a", "\u202ex", "1" * 500]
    rows: list[object] = [{"id": name, "title": "Same", "text": "Same text."} for name in odd]
    rows += [line(1, text=""), line(2, title=""), line(3, title="", text="")]
    room = newsroom_from_jsonl(write_lines(tmp_path / "a.jsonl", *rows), START)
    assert [a.source_id for a in room.collection] == [*odd, "a1", "a2", "a3"]
    paths = {article.path for article in room.collection}
    assert len(paths) == len(rows)
    assert all(path.isascii() and " " not in path and ".." not in path for path in paths)
    assert room.collection[len(odd)].paragraphs == ()
    assert all(article.published < START for article in room.collection)


def test_given_articles_are_spread_over_outlets_of_different_kinds(tmp_path: Path) -> None:
    """A dozen articles come from several kinds of site and formats of feed; 700 overfill no feed."""
    dozen = write_lines(tmp_path / "dozen.jsonl", *map(line, range(12)))
    room = newsroom_from_jsonl(dozen, START)
    assert len({outlet.kind for outlet in room.outlets}) >= 4
    assert len({outlet.feed for outlet in room.outlets}) >= 4
    assert {article.outlet for article in room.collection} == set(room.outlets)
    many = newsroom_from_jsonl(write_lines(tmp_path / "m.jsonl", *map(line, range(700))), START)
    per_outlet = [sum(a.outlet is o for a in many.collection) for o in many.outlets]
    assert sum(per_outlet) == 700
    assert max(per_outlet) <= 100
    assert len({outlet.id for outlet in many.outlets}) == len(many.outlets)


def test_one_line_is_enough(tmp_path: Path) -> None:
    """A file of one article, with a byte order mark and blank lines, makes a newsroom."""
    path = tmp_path / "one.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(line(1)).encode() + b"\r\n\r\n  \n")
    room = newsroom_from_jsonl(path, START)
    assert [article.title for article in room.collection] == ["Ferry late"]


@pytest.mark.parametrize(
    ("second_line", "complaint"),
    [
        (b"{broken", ":2: not JSON"),
        (b"[" * 100_000, ":2: "),
        (b"\xff\xfe", ":2: not UTF-8"),
        (b"[1, 2]", ":2: must be an object"),
        (b'{"title": "T", "text": "x"}', ':2: lacks "id"'),
        (b'{"id": "b", "text": "x"}', ':2: lacks "title"'),
        (b'{"id": "b", "title": "T"}', ':2: lacks "text"'),
        (b'{"id": 7, "title": "T", "text": "x"}', ':2: "id" must be a text, not 7'),
        (b'{"id": "b", "title": "T", "text": null}', ':2: "text" must be a text, not null'),
        (b'{"id": "a1", "title": "T", "text": "x"}', ":2: the id 'a1' is that of line 1"),
    ],
)
def test_a_bad_line_is_named_with_file_and_line(
    tmp_path: Path, second_line: bytes, complaint: str
) -> None:
    """What is wrong with a line is told in one line, with the file's name and the line's number."""
    path = tmp_path / "articles.jsonl"
    path.write_bytes(json.dumps(line(1)).encode() + b"\n" + second_line + b"\n")
    with pytest.raises(InputError) as raised:
        newsroom_from_jsonl(path, START)
    assert f"{path}{complaint}" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_without_articles_is_refused(tmp_path: Path) -> None:
    """An empty file and a missing one are InputErrors that name the file."""
    (tmp_path / "empty.jsonl").write_text("\n\n")
    with pytest.raises(InputError, match=r"empty\.jsonl: holds no article"):
        newsroom_from_jsonl(tmp_path / "empty.jsonl", START)
    with pytest.raises(InputError, match=r"none\.jsonl: cannot be read"):
        newsroom_from_jsonl(tmp_path / "none.jsonl", START)


@pytest.mark.parametrize(
    ("text", "paragraphs"),
    [
        ("One.\nstill one.\n \nTwo.", ("One. still one.", "Two.")),
        ("One.\nTwo.\n", ("One.", "Two.")),
        ("One.  Two.   Three  four.", ("One.", "Two.", "Three four.")),
        (" \n ", ()),
    ],
)
def test_paragraphs_are_found_however_a_text_keeps_them(
    text: str, paragraphs: tuple[str, ...]
) -> None:
    """Blank lines part paragraphs, else line ends, else runs of spaces after a sentence."""
    assert paragraphs_of(text) == paragraphs


def test_slugs_are_safe_in_addresses_and_file_names() -> None:
    """A slug holds lower-case ASCII letters, digits and hyphens only, whatever it is made from."""
    assert slug_of("Garçon: “Leopard 2A7” für €3") == "garcon-leopard-2a7-fur-3"
    assert slug_of("../../etc/passwd\r\n") == "etc-passwd"
    assert slug_of("日本") == ""
    assert len(slug_of("word " * 90)) <= 60


def test_a_stream_of_any_size_is_mostly_ordinary_and_never_repeats_itself() -> None:
    """250 articles hold the asked share of relevant ones; no two share half their word fives."""
    room = newsroom_of_size(250, START, relevant_share=0.04)
    assert len({article.path for article in room.collection}) == 250
    assert sum(article.relevant is True for article in room.collection) == 10
    fives = []
    for article in room.collection:
        words = article.text.split()
        assert len(words) > 60
        fives.append({tuple(words[i : i + 5]) for i in range(len(words) - 4)})
    assert max(len(a & b) / len(a | b) for a, b in itertools.combinations(fives, 2)) < 0.5


def test_a_stream_is_the_same_for_the_same_seed() -> None:
    """Two benchmarks with one seed read the same articles, with another seed others."""
    assert newsroom_of_size(30, START) == newsroom_of_size(30, START)
    assert newsroom_of_size(30, START) != newsroom_of_size(30, START, seed=1)
