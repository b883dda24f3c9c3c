"""The digest of one official: whom it marks, which sentences it shows, what the encoder makes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.detection import build_detector
from extractors.detection.combining import PairCase
from extractors.detection.combining_voices import (
    MOST_JUDGED,
    VoiceCase,
    voice_cases,
    voice_evidence,
    worth_judging,
)
from extractors.detection.detector import Detector
from extractors.detection.encoder.digest import WORDS, Digest, digest_of
from extractors.detection.encoder.heads import Answers, DigestAnswer
from extractors.detection.encoder.inference import Encoder
from extractors.detection.encoder.tokens import (
    ABOUT,
    SAID,
    SPEAKER_ENDS,
    SPEAKER_OPENS,
    digest_tokens,
    prepare,
)
from extractors.detection.lexicons import load_lexicons
from extractors.detection.linear import Linear
from extractors.detection.reading import Size

TITLE = "Norway to sell Latvia missiles"
BODY = (
    "OSLO - Norway has agreed to sell Latvia missiles, the Norwegian defence ministry said on Tuesday.\n\n"
    'Russian Foreign Ministry spokeswoman Vera Orlova called the sale "a reckless provocation". She warned that'
    " missiles in Latvia would have consequences.\n\n"
    "Finance Minister Marta Berg said on Tuesday that rain had spoilt the barley."
)
SALE = PairCase("NO", "LV", None, 0.9, None)
NOTHING = Answers(relevance=0.0, pairs={}, speakers={}, weapons={})
NEUTRAL = Linear(bias=0.0, weights={}, threshold=0.5)
LONG = Size(headline=False, length=1.0)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return build_detector()


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load()


def _cases(detector: Detector, title: str, body: str) -> dict[str, VoiceCase]:
    scene = detector.scene(title, body)
    found = voice_cases(detector.hearings(scene, [], NEUTRAL), {}, NOTHING)
    return {case.party.label: case for case in found}


def _digest(
    detector: Detector,
    name: str,
    title: str = TITLE,
    body: str = BODY,
    pairs: tuple[PairCase, ...] = (SALE,),
) -> Digest:
    reading = detector.scene(title, body).reading
    return digest_of(reading, _cases(detector, title, body)[name], pairs, load_lexicons().states)


def _marked(digest: Digest) -> list[str]:
    parts = digest.said.split(SPEAKER_OPENS)[1:]
    return [part.split(SPEAKER_ENDS)[0].strip() for part in parts]


def test_a_digest_tells_who_speaks_and_what_the_article_is_about(detector: Detector) -> None:
    """Name and state, the pair in words, the title; states by name, not by code."""
    about = _digest(detector, "Vera Orlova").about
    assert about.startswith("Vera Orlova, ")
    assert "Russia" in about
    assert "Norway arms Latvia" in about
    assert about.endswith("Norway to sell Latvia missiles")
    unknown = PairCase(None, "LV", None, 0.9, None)
    assert "someone arms Latvia" in _digest(detector, "Vera Orlova", pairs=(unknown,)).about


def test_the_official_is_marked_by_name_and_by_pronoun(detector: Detector) -> None:
    """Wherever the rules hear her, and nobody else is."""
    digest = _digest(detector, "Vera Orlova")
    marked = _marked(digest)
    assert any("Vera Orlova" in words for words in marked)
    assert "She" in marked
    assert "reckless provocation" in digest.said
    assert "barley" not in digest.said.split(SPEAKER_OPENS)[0]
    assert "barley" in _digest(detector, "Marta Berg").said


def test_a_digest_is_short_however_long_the_article(detector: Detector) -> None:
    """Its most telling sentences are shown; of an endless one the part around the official."""
    endless = "rain " * 150 + "and Vera Orlova said missiles for Latvia were wrong " + "rain " * 40
    body = BODY + "\n\n" + "\n\n".join(f"Orlova said it again on day {i}." for i in range(60))
    for text in (body, BODY + "\n\n" + endless + "."):
        digest = _digest(detector, "Vera Orlova", body=text)
        assert (
            len(digest.said.replace(SPEAKER_OPENS, "").replace(SPEAKER_ENDS, "").split()) <= WORDS
        )
        assert _marked(digest)


def test_a_headline_is_not_told_twice(detector: Detector) -> None:
    """Where the official is heard in the title, the title is among the sentences."""
    title = "Moscow condemns Norwegian missiles for Latvia"
    digest = _digest(detector, "Moscow", title=title, body="")
    assert _marked(digest) == ["Moscow"]
    assert "condemns" not in digest.about


def test_critics_are_told_from_those_who_speak_of_something_else(
    detector: Detector, encoder: Encoder
) -> None:
    """The critic's digest is a likelier reaction than the finance minister's; her words are against."""
    critic = _judge(encoder, _digest(detector, "Vera Orlova"))
    other = _judge(encoder, _digest(detector, "Marta Berg"))
    assert critic.logit > other.logit + 1
    assert sum(critic.stances) == pytest.approx(1.0)
    assert critic == _judge(encoder, _digest(detector, "Vera Orlova"))


def _judge(encoder: Encoder, digest: Digest) -> DigestAnswer:
    return encoder.judge(digest.about, digest.said)


@pytest.mark.parametrize(
    "text", ["", "\x00\ud800", "ا" * 5_000, "🚀 " * 900, f"{SPEAKER_OPENS} [CLS]"]
)
def test_no_digest_is_too_odd(encoder: Encoder, text: str) -> None:
    """Empty, broken, endless and foreign texts get an answer; no text makes it longer than there is room."""
    assert -50 < encoder.judge(text, text).logit < 50


def test_ids_are_bounded() -> None:
    """Both parts are cut, the frame stays."""
    from tokenizers import Tokenizer

    from extractors.detection.encoder.inference import VOCABULARY, WEIGHTS

    tokenizer = prepare(Tokenizer.from_file(str(WEIGHTS / VOCABULARY)))
    assert len(digest_tokens(tokenizer, "word " * 900, "word " * 900)) == ABOUT + SAID + 3


def test_what_the_digest_says_is_weighed(detector: Detector) -> None:
    """Its logit is evidence, as is how far it lies behind the article's surest; nothing where it was not asked."""

    case = _cases(detector, TITLE, BODY)["Vera Orlova"]
    sure = replace(case, judged=DigestAnswer(logit=3.0, stances=(0.1, 0.2, 0.7)))
    unsure = replace(case, judged=DigestAnswer(logit=-1.0, stances=(0.1, 0.2, 0.7)))
    evidence = voice_evidence(unsure, [sure, unsure], LONG, ())
    assert (evidence["digest"], evidence["digest_behind"]) == (-1.0, 4.0)
    assert "digest" not in voice_evidence(case, [case, sure], LONG, ())


def test_only_who_may_react_is_read_closely(detector: Detector) -> None:
    """Nobody whom both routes rule out, and no more than there is time for."""
    case = _cases(detector, TITLE, BODY)["Vera Orlova"]
    assert case.hearing is not None
    ruled_out = replace(case, hearing=replace(case.hearing, odds=0.01))
    likely = [replace(case, hearing=replace(case.hearing, odds=0.1 + i / 50)) for i in range(20)]
    chosen = worth_judging([ruled_out, *likely])
    assert chosen == likely[::-1][:MOST_JUDGED]
    assert worth_judging([ruled_out]) == []
