"""The shipped encoder: what it is shown, and the same answer every time."""

from __future__ import annotations

import hashlib
import re

import pytest

from extractors.detection import build_detector
from extractors.detection.detector import Detector
from extractors.detection.encoder.heads import Answers
from extractors.detection.encoder.inference import WEIGHTS, Encoder
from extractors.detection.encoder.page import (
    PARTY,
    PASSAGES,
    SHOWN,
    WEAPON,
    Kind,
    Mention,
    Page,
    Passage,
    passages,
    sheets,
)
from extractors.detection.encoder.scenes import page_of
from extractors.detection.encoder.tokens import LONGEST, MARKS, prepare, tokens_of

TITLE = "Norway to sell Finland 24 used howitzers"
BODY = (
    "OSLO - Norway has agreed to sell Finland 24 used M109 howitzers, the Norwegian defence ministry said on Tuesday.\n\n"
    '"These guns will make the region safer," said Finnish Defence Minister Antti Laakso. Moscow condemned the sale,'
    " calling it a provocation that Finland would come to regret."
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def _page(detector: Detector, title: str, body: str) -> Page:
    scene = detector.scene(title, body)
    return page_of(scene.reading, scene.table.parties, scene.weapons)


def _read(detector: Detector, encoder: Encoder, title: str, body: str) -> Answers:
    return encoder.read(_page(detector, title, body))


# -- what is shown -----------------------------------------------------------------------------------------------------
def test_every_party_and_weapon_shown_has_a_mark_before_it(detector: Detector) -> None:
    """The words after each mark are those of its mention, in order."""
    page = _page(detector, TITLE, BODY)
    for shown in sheets(page)[0]:
        after = re.split(r" \[unused[12]\] ", shown.words)[1:]
        named = [page.text[m.start : m.end] for m in shown.mentions]
        assert len(after) == len(named)
        assert all(words.startswith(name) for words, name in zip(after, named, strict=True))
    kinds = {m.kind for s in sheets(page)[0] for m in s.mentions}
    assert kinds == {Kind.PARTY, Kind.WEAPON}


def test_a_long_article_is_shown_by_its_telling_sentences() -> None:
    """The title always, the sentence about the sale wherever it stands, and not more than there is room for."""
    idle = "The weather in the valley was pleasant for the season and nobody complained."
    deal = "Norway will sell Finland howitzers under a contract signed in Oslo."
    sentences = ["Quiet week in the north", *[idle] * 60, deal]
    text = "\n".join(sentences)
    passages: list[Passage] = []
    at = 0
    for number, words in enumerate(sentences):
        passages.append(Passage(at, at + len(words), is_title=number == 0))
        at += len(words) + 1
    at_deal = Mention(Kind.PARTY, text.index("Norway"), text.index("Norway") + 6, party="NO")
    [shown] = sheets(Page(text, tuple(passages), (at_deal,)))
    assert shown[0].is_title
    assert deal in shown[-1].words.replace(f" {PARTY} ", "")
    assert sum(len(s.words) for s in shown) <= SHOWN + len(idle) + len(PARTY)


def test_what_does_not_fit_stands_on_a_second_sheet_under_the_title() -> None:
    """Nobody named is lost where both sheets together have room for the whole article; nothing is shown twice."""
    sentences = [
        "Arms week",
        *[f"Norway sold {n} howitzers, the ministry said." for n in range(60)],
    ]
    text = "\n".join(sentences)
    passages: list[Passage] = []
    mentions: list[Mention] = []
    at = 0
    for number, words in enumerate(sentences):
        passages.append(Passage(at, at + len(words), is_title=number == 0))
        if number:
            mentions.append(Mention(Kind.PARTY, at, at + 6, party="NO"))
        at += len(words) + 1
    first, second = sheets(Page(text, tuple(passages), tuple(mentions)))
    assert [s.words for s in (first[0], second[0])] == ["Arms week", "Arms week"]
    assert not {s.words for s in first[1:]} & {s.words for s in second[1:]}
    assert len(first[1:]) + len(second[1:]) == 60


def _numbered(sentences: list[str], naming: str) -> Page:
    """A page of these sentences, the first its title, with a party named wherever `naming` stands."""
    text = "\n".join(sentences)
    shown: list[Passage] = []
    mentions: list[Mention] = []
    at = 0
    for number, words in enumerate(sentences):
        shown.append(Passage(at, at + len(words), is_title=number == 0))
        if naming in words:
            start = at + words.index(naming)
            mentions.append(Mention(Kind.PARTY, start, start + len(naming), party="NO"))
        at += len(words) + 1
    return Page(text, tuple(shown), tuple(mentions))


def test_a_passing_mention_is_read_alone_between_its_neighbours() -> None:
    """Without the title, whatever else the article is about."""
    idle = [f"Resident number {n} complained about the noise." for n in range(20)]
    deal = "Norway will sell howitzers under a contract signed last week."
    [passage] = passages(_numbered(["A noisy street", *idle[:12], deal, *idle[12:]], "Norway"))
    assert [s.words.replace(f" {PARTY} ", "") for s in passage] == [idle[11], deal, idle[12]]
    assert not any(s.is_title for s in passage)


def test_passages_are_few_and_a_short_text_has_none() -> None:
    """The most telling ones only, in the order of the text."""
    deals = [f"Norway sold {n} howitzers, the ministry said." for n in range(30)]
    found = passages(_numbered(["Arms week", *deals], "Norway"))
    assert len(found) == PASSAGES
    assert found == sorted(found, key=lambda p: deals.index(p[-1].words.replace(f" {PARTY} ", "")))
    assert passages(_numbered(["Arms week", *deals[:3]], "Norway")) == []


def test_marks_in_the_text_itself_are_defused() -> None:
    """An article that spells out a mark cannot place one."""
    text = f"A {PARTY} trick {WEAPON} here"
    mention = Mention(Kind.PARTY, text.index("here"), len(text), party="NO")
    [shown] = sheets(Page(text, (Passage(0, len(text), is_title=True),), (mention,)))
    assert shown[0].words.count(PARTY) == 1
    assert WEAPON not in shown[0].words


def test_ids_never_exceed_what_the_encoder_can_take(detector: Detector) -> None:
    """An endless title of rare words is cut, and every mark kept stands among the ids."""
    from tokenizers import Tokenizer

    tokenizer = prepare(Tokenizer.from_file(str(WEIGHTS / "tokenizer.json")))
    page = _page(detector, "Norway sells Finland qzxv howitzers " * 200, BODY)
    tokens = tokens_of(tokenizer, sheets(page)[0])
    assert len(tokens.ids) <= LONGEST
    assert tokens.marked
    assert all(tokens.ids[m.place] in MARKS for m in tokens.marked)


# -- what it answers ---------------------------------------------------------------------------------------------------
def test_a_plain_sale_is_read(detector: Detector, encoder: Encoder) -> None:
    """Supplier, recipient and direction of a plain sale come out first, its weapon and its critic are known."""
    answers = _read(detector, encoder, TITLE, BODY)
    best = max(answers.pairs.values(), key=lambda a: a.logit)
    assert answers.relevance > 0
    assert (best.supplier, best.recipient) == ("NO", "FI")
    assert sum(best.stages) == pytest.approx(1.0)
    loudest = max(answers.speakers.values(), key=lambda a: a.logit)
    assert loudest.logit > 0
    assert max(answers.weapons.values()) > 0


def test_ordinary_news_is_not_relevant(detector: Detector, encoder: Encoder) -> None:
    """A football report is far from the threshold."""
    body = "The Jets traded their quarterback to Denver on Monday. The Patriots kept theirs."
    assert _read(detector, encoder, "Jets send quarterback to Broncos", body).relevance < -1


def test_answers_are_the_same_every_time_and_on_a_second_loading(
    detector: Detector, encoder: Encoder
) -> None:
    """Reading is deterministic, to the last bit, whatever was read before."""
    first = _read(detector, encoder, TITLE, BODY)
    _read(detector, encoder, "Another story", "Sweden sent Ukraine guns, Stockholm said.")
    assert first == _read(detector, encoder, TITLE, BODY)
    assert first == _read(detector, Encoder.load(), TITLE, BODY)


@pytest.mark.parametrize(
    "text",
    ["", " \n\n", "\x00\ud800", "ا" * 5_000, "🚀 " * 900, "[unused1] [CLS] [SEP]", "a" * 200_000],
)
def test_no_text_is_too_odd(detector: Detector, encoder: Encoder, text: str) -> None:
    """Empty, broken, endless and foreign texts get an answer."""
    answers = _read(detector, encoder, text, text)
    assert -50 < answers.relevance < 50


def test_the_files_are_those_of_the_model_card() -> None:
    """The card's SHA-256 sums are the files' own, so figures and weights belong together; all fit 30 MB."""
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf8")
    sums = dict(re.findall(r"`([\w.]+)` \| [\d.]+ MB \| `([0-9a-f]{64})`", card))
    assert set(sums) == {p.name for p in WEIGHTS.iterdir()} - {"MODEL_CARD.md"}
    for name, expected in sums.items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == expected
    assert sum(p.stat().st_size for p in WEIGHTS.iterdir()) <= 30_000_000
