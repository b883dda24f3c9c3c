"""What `evaluate` adds to the figures: intervals, comparison with a saved result, the worst misses."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InputError
from domain.mentions import Evidence, Mentions, Reaction, Stage, Stance, System, Transfer
from extractors.detection.evaluation import (
    ArticleCounts,
    GoldArticle,
    evaluate,
    together,
)
from extractors.detection.intervals import differences, intervals
from extractors.detection.misses import Miss, MissKind, worst_misses
from extractors.detection.saved_evaluation import compare, read_saved, save

SALE = Transfer(supplier="JP", recipient="US", stage=Stage.SIGNED, confidence=0.9)
OTHER = replace(SALE, supplier="FR", confidence=0.6)


def mentions(*transfers: Transfer, relevant: bool = True, **changes: Any) -> Mentions:
    facts = {"score": 0.8 if relevant else 0.3, "language": "en", "transfers": transfers}
    return Mentions(**{"relevant": relevant} | facts | changes)


def gold(name: str, labelled: Mentions, title: str = "Title", text: str = "") -> GoldArticle:
    return GoldArticle(id=name, title=title, text=text, marginal=False, mentions=labelled)


def pairs(name: str, hits: int, wanted: int, found: int) -> ArticleCounts:
    return ArticleCounts(id=name, counts={"relevance": (1, 1, 1), "pairs": (hits, wanted, found)})


# -- intervals ---------------------------------------------------------------------------------------------------------
def test_an_interval_holds_its_figure_and_is_always_the_same() -> None:
    """Over articles read well and badly it is wide, around the figure, and drawn alike each time."""
    articles = [pairs(str(n), n % 2, 1, 1) for n in range(40)]
    sure = intervals(articles)["pairs", "f1"]
    assert 0.2 < sure.low < 0.5 < sure.high < 0.8
    assert intervals(articles)["pairs", "f1"] == sure


def test_articles_that_are_all_alike_leave_no_doubt() -> None:
    """Whichever are drawn, the figure is the same; what was never matched has no figure and no interval."""
    sure = intervals([pairs(str(n), 1, 2, 1) for n in range(5)])
    assert (sure["pairs", "recall"].low, sure["pairs", "recall"].high) == (0.5, 0.5)
    assert (sure["pairs", "precision"].low, sure["pairs", "precision"].high) == (1.0, 1.0)
    assert ("stage", "value") not in sure


def test_more_articles_are_surer() -> None:
    """Forty times the articles, an interval less than a third as wide."""
    few = intervals([pairs(str(n), n % 2, 1, 1) for n in range(10)])["pairs", "f1"]
    many = intervals([pairs(str(n), n % 2, 1, 1) for n in range(400)])["pairs", "f1"]
    assert many.high - many.low < (few.high - few.low) / 3


def test_nothing_to_evaluate_has_no_spread() -> None:
    """A file of marginal articles alone."""
    assert intervals([])["pairs", "f1"].low == 1.0


def test_a_difference_is_paired() -> None:
    """One more hit in every tenth article shows, though the articles differ by far more among themselves."""
    before = [pairs(str(n), n % 2, 1, 1) for n in range(200)]
    after = [pairs(str(n), 1 if n % 10 == 0 else n % 2, 1, 1) for n in range(200)]
    told = differences(before, after)["pairs", "f1"]
    assert told.change == pytest.approx(0.1)
    assert told.interval is not None
    assert 0.05 < told.interval.low < 0.1 < told.interval.high < 0.15
    with pytest.raises(ValueError, match="same articles"):
        differences(before, after[1:])


# -- comparison --------------------------------------------------------------------------------------------------------
def test_articles_read_better_and_worse_are_named() -> None:
    """By field, most changed first; articles of one side alone are counted; new labels are noticed."""
    before = [pairs("a", 0, 2, 2), pairs("b", 1, 1, 1), pairs("c", 1, 1, 1), pairs("gone", 1, 1, 1)]
    after = [pairs("b", 0, 1, 1), pairs("a", 2, 2, 2), pairs("c", 1, 3, 1), pairs("new", 1, 1, 1)]
    told = compare(before, after)
    assert [(c.id, dict(c.fields)) for c in told.better] == [("a", {"pairs": -4})]
    assert [(c.id, c.mistakes) for c in told.worse] == [("b", 2), ("c", 2)]
    assert (told.common, told.only_before, told.only_after, told.relabelled) == (3, 1, 1, 1)


def test_ids_that_occur_twice_are_told_apart() -> None:
    """The second "a" is compared with the second."""
    told = compare([pairs("a", 1, 1, 1), pairs("a", 0, 1, 1)], [pairs("a", 1, 1, 1)] * 2)
    assert [c.id for c in told.better] == ["a (2)"]
    assert told.worse == ()


def test_a_saved_result_comes_back(tmp_path: Path) -> None:
    """Every count of every article, by file; figures over several files are those of all their articles."""
    one = evaluate([gold("a", mentions(SALE))], [mentions(SALE, OTHER)])
    two = evaluate([gold("b", mentions(SALE))], [mentions(OTHER)])
    path = tmp_path / "saved.json"
    save(path, {"one": one, "two": two})
    assert read_saved(path) == {"one": one.articles, "two": two.articles}
    both = together([one, two])
    assert (both.pairs.hits, both.pairs.gold, both.pairs.predicted, both.n) == (1, 2, 3, 2)
    assert both.stage_confusion == {("signed", "signed"): 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no saved evaluation"),
        (b"\xff\xfe", "is no saved evaluation"),
        (b"[1, 2]", "is no saved evaluation"),
        (b'{"n": 3, "pairs": {}}', "is no saved evaluation"),
        (b'{"kind": "armswire evaluation", "version": 99}', "another version"),
        (b'{"kind": "armswire evaluation", "version": 1, "files": {"a": [3]}}', "is no saved"),
        (
            b'{"kind": "armswire evaluation", "version": 1, "files":'
            b' {"a": [{"id": "x", "counts": {"pairs": [1]}}]}}',
            "is no saved",
        ),
    ],
)
def test_a_foreign_file_is_no_saved_result(tmp_path: Path, content: bytes, words: str) -> None:
    """One line that names the file and says how one is made."""
    path = tmp_path / "saved.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_saved(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


# -- misses ------------------------------------------------------------------------------------------------------------
TEXT = "Chile asked. Japan sold Patriots to Poland. Ana Torres objected."


def kinds(labelled: Mentions, found: Mentions, text: str = TEXT) -> dict[MissKind, Miss]:
    return {m.kind: m for m in worst_misses([gold("a", labelled, text=text)], [found], 20)}


def test_every_kind_of_miss_is_told_with_its_words() -> None:
    """A wrong finding shows the evidence it had; a missed label the place where the text says it."""
    span = Evidence(field="stage", start=20, end=24, text="sold", rule="frame.sell/stage.asserted")
    wanted = Reaction(speaker="Ana Torres", country="CL", stance=Stance.OPPOSE)
    labelled = mentions(
        SALE,
        replace(SALE, supplier="CL", systems=(System(name="Patriots"),)),
        reactions=(wanted,),
    )
    found = mentions(
        replace(SALE, stage=Stage.DELIVERED, evidence=(span,), systems=(System(name="Grad"),)),
        OTHER,
        reactions=(Reaction(speaker="Bo Lund", country="SE", confidence=0.7),),
    )
    told = kinds(labelled, found)
    assert set(told) == {
        MissKind.WRONG_PAIR,
        MissKind.MISSED_PAIR,
        MissKind.WRONG_STAGE,
        MissKind.WRONG_SYSTEM,
        MissKind.MISSED_SYSTEM,
        MissKind.WRONG_REACTION,
        MissKind.MISSED_REACTION,
    }
    stage = told[MissKind.WRONG_STAGE]
    assert (stage.found, stage.labelled) == ("JP → US: Grad, delivered", "JP → US: arms, signed")
    assert (stage.sure, stage.evidence) == (0.9, (span,))
    assert told[MissKind.WRONG_PAIR].found == "FR → US: arms, signed"
    assert [e.text for e in told[MissKind.MISSED_PAIR].evidence] == ["Patriots"]
    assert [e.text for e in told[MissKind.MISSED_REACTION].evidence] == ["Ana Torres"]
    turned = mentions(SALE, reactions=(replace(wanted, stance=Stance.SUPPORT, confidence=0.7),))
    stance = kinds(labelled, turned)[MissKind.WRONG_STANCE]
    assert (stance.found, stance.sure) == ("Ana Torres (CL): support", 0.7)


def test_an_article_judged_wrongly_is_one_miss() -> None:
    """A false alarm and an overlooked article are told once, not pair by pair."""
    nothing = mentions(relevant=False)
    assert set(kinds(mentions(SALE), nothing)) == {MissKind.OVERLOOKED}
    assert kinds(mentions(SALE), nothing)[MissKind.OVERLOOKED].sure == pytest.approx(0.7)
    assert set(kinds(nothing, mentions(SALE))) == {MissKind.FALSE_ALARM}
    assert kinds(mentions(SALE), mentions(SALE)) == {}


def test_the_worst_come_first_and_each_kind_has_its_turn() -> None:
    """Of each kind the one detection was surest of; what it had proposed is a lesser miss."""
    articles = [gold(str(n), mentions(SALE)) for n in range(3)]
    found = [
        mentions(proposed=(replace(SALE, confidence=0.4),)),
        mentions(replace(OTHER, confidence=0.7)),
        mentions(replace(OTHER, confidence=0.95)),
    ]
    told = worst_misses(articles, found, 4)
    assert [(m.kind, m.article.id, m.sure) for m in told] == [
        (MissKind.WRONG_PAIR, "2", 0.95),
        (MissKind.MISSED_PAIR, "1", 1.0),
        (MissKind.WRONG_PAIR, "1", 0.7),
        (MissKind.MISSED_PAIR, "2", 1.0),
    ]
    assert worst_misses(articles, found, 0) == []


def test_a_text_without_title_or_place_still_gives_a_miss() -> None:
    """Offsets always slice to the evidence text."""
    for title, text in (("", ""), ("", "Nothing of it."), ("A title", "")):
        article = gold("a", mentions(SALE), title=title, text=text)
        [miss] = worst_misses([article], [mentions()], 5)
        whole = f"{title}\n\n{text}"
        assert all(whole[e.start : e.end] == e.text != "" for e in miss.evidence)


# -- the command -------------------------------------------------------------------------------------------------------
ROWS = [
    {
        "id": "sale",
        "title": "Norway sells frigates to Chile",
        "text": "Norway has sold two frigates to Chile, the Norwegian defence ministry said.",
        "relevant": True,
        "transfers": [{"supplier": "NO", "recipient": "CL", "systems": [], "stage": "signed"}],
        "reactions": [],
    },
    {
        "id": "rain",
        "title": "Rain",
        "text": "It rained.",
        "relevant": False,
        "transfers": [],
        "reactions": [],
    },
]


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", "evaluate", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_result_is_saved_and_compared(labels: Path, tmp_path: Path) -> None:
    """With itself nothing has changed; figures without anything to count are null, not an error."""
    kept = tmp_path / "kept.json"
    shown = run(labels, "--save", kept)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "stance, on matched" in shown.stdout
    told = json.loads(run(labels, "--compare", kept, "--json").stdout)
    assert (told["n"], told["relevance"]["f1"], told["stance"]) == (2, 1.0, None)
    assert told["intervals"]["relevance"]["f1"] == [1.0, 1.0]
    [change] = told["comparison"]
    assert (change["common"], change["better"], change["worse"]) == (2, [], [])
    assert all(not row["change"] for row in change["figures"])


def test_several_files_have_a_table_each_and_a_summary(labels: Path, tmp_path: Path) -> None:
    """The figures of all come first in JSON, then each file's own; the summary has a row for each."""
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(ROWS[1]) + "\n", encoding="utf-8")
    told = json.loads(run(labels, other, "--json").stdout)
    assert [(f["file"], f["n"]) for f in told["files"]] == [("gold.jsonl", 2), ("other.jsonl", 1)]
    assert told["n"] == 3
    shown = run(labels, other, "--misses", "0").stdout
    assert "all together" in shown
    assert "Worst misses" not in shown


def test_wrong_files_are_told_before_anything_is_read(labels: Path, tmp_path: Path) -> None:
    """One line, exit status 2: no saved result, one of other articles, labels that are none, no place to save."""
    kept = tmp_path / "kept.json"
    save(kept, {"else.jsonl": evaluate([gold("x", mentions(SALE))], [mentions(SALE)])})
    for arguments, words in (
        ((labels, "--compare", labels), f"{labels}: is no saved evaluation"),
        ((labels, "--compare", tmp_path / "none"), "no such file"),
        ((labels, "--compare", kept), f"{kept}: holds no article of gold.jsonl"),
        ((labels, kept), f"{kept}:1: "),
        ((labels, "--save", labels), f"{labels}: is a file of labels"),
        ((labels, "--save", tmp_path / "no" / "folder"), "no file can be written there"),
    ):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1
