"""The shipped encoder: the same answer every time, whatever is asked beside it. Skipped where the weights are not there."""

from __future__ import annotations

import hashlib
import re

import pytest

from extractors.detection.encoder.candidates import pair_windows, speaker_windows
from extractors.detection.encoder.gazetteer import shipped_gazetteer
from extractors.detection.encoder.judge import WEIGHTS, EncoderRoute
from extractors.detection.encoder.reader import read_document

pytestmark = pytest.mark.skipif(
    not (WEIGHTS / "encoder.onnx").is_file(),
    reason="the encoder's weights are not in this checkout",
)

TITLE = "Norway to sell Finland 24 used howitzers"
BODY = (
    "OSLO - Norway has agreed to sell Finland 24 used M109 howitzers, the Norwegian defence ministry said on Tuesday.\n\n"
    '"These guns will make the region safer," said Finnish Defence Minister Antti Laakso. Moscow condemned the sale,'
    " calling it a provocation that Finland would come to regret."
)


@pytest.fixture(scope="module")
def route() -> EncoderRoute:
    return EncoderRoute.load()


def test_a_plain_sale_is_read(route: EncoderRoute) -> None:
    """Supplier, recipient and direction of a plain sale come out first, and its condemnation as opposed."""
    judgement = route.judge(TITLE, BODY)
    first = judgement.pairs[0]
    assert judgement.relevance >= route.thresholds["relevance_alone"]
    assert (first.supplier, first.recipient) == ("NO", "FI")
    moscow = next(s for s in judgement.speakers if s.speaker == "Moscow")
    assert moscow.probability >= route.thresholds["reaction_alone"]
    assert moscow.stance == "oppose"


def test_ordinary_news_is_not_relevant(route: EncoderRoute) -> None:
    """A football report is far from the threshold."""
    body = "The Jets traded their quarterback to Denver on Monday. The Patriots kept theirs."
    assert (
        route.judge("Jets send quarterback to Broncos", body).relevance
        < route.thresholds["relevance_with_rules"]
    )


def test_answers_are_the_same_every_time_and_on_a_second_loading(route: EncoderRoute) -> None:
    """Judging is deterministic, to the last bit."""
    assert (
        route.judge(TITLE, BODY)
        == route.judge(TITLE, BODY)
        == EncoderRoute.load().judge(TITLE, BODY)
    )


def test_an_answer_does_not_depend_on_the_windows_beside_it(route: EncoderRoute) -> None:
    """Windows judged together, in another order or alone get the same probabilities."""
    document = read_document(TITLE, BODY, shipped_gazetteer())
    pairs = [p.window for p in pair_windows(document)]
    speakers = [s.window for s in speaker_windows(document)]
    assert (
        route.pairs(pairs[::-1])[::-1] == route.pairs(pairs) == [route.pairs([w])[0] for w in pairs]
    )
    assert route.speakers(speakers[::-1])[::-1] == route.speakers(speakers)


@pytest.mark.parametrize(
    "text",
    ["", " \n\n", "\x00\ud800", "ا" * 5_000, "🚀 " * 900, "[unused1] [CLS] [SEP]", "a" * 200_000],
)
def test_no_text_is_too_odd(route: EncoderRoute, text: str) -> None:
    """Empty, broken, endless and foreign texts get an answer between 0 and 1."""
    assert 0.0 <= route.judge(text, text).relevance <= 1.0
    assert 0.0 <= route.relevance(text, [text]) <= 1.0


def test_the_files_are_those_of_the_model_card() -> None:
    """The card's SHA-256 sums are the files' own, so figures and weights belong together; all fit 30 MB."""
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf8")
    sums = dict(re.findall(r"`([\w.]+)` \| [\d.]+ MB \| `([0-9a-f]{64})`", card))
    assert set(sums) == {"encoder.onnx", "tokenizer.json", "calibration.json"}
    for name, expected in sums.items():
        assert hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest() == expected
    assert sum(p.stat().st_size for p in WEIGHTS.iterdir()) <= 30_000_000
