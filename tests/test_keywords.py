"""Boolean keywords."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.keywords import KeywordsError, parse_keywords


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        ("patriot", "The PATRIOT battery"),
        ("Patriot Japan", "Japan sends Patriot missiles"),
        ("Patriot AND (Korea OR Japan)", "Patriot for Japan"),
        ('"air defence"', "new air-defence units"),
        ("PAC-3", "PAC 3 interceptors"),
        ("missil*", "two missiles"),
        ('"air def*"', "air defences"),
        ("Patriot NOT drill", "Patriot sale"),
        ("NOT (drill OR exercise)", "a sale"),
        ("Erdogan", "Erdoğan said"),
        ("Erdoğan", "ERDOGAN said"),
        ("Straße", "STRASSE"),
        ("ﬁghter", "fighter"),
        ("Japan", "Japan's decision"),
        ("ミサイル", "日本、パトリオットミサイルを輸出へ"),
        ("“air defence”", "air defence"),
        ("a OR b c", "a"),
    ],
)
def test_finds(keywords: str, text: str) -> None:
    """Operators, phrases, prefixes; case, accents, hyphens and compatibility forms do not count."""
    assert parse_keywords(keywords).matches(text)


@pytest.mark.parametrize(
    ("keywords", "text"),
    [
        ("arm", "army alarm"),
        ("strike", "striker"),
        ("Patriot Japan", "Patriot for Korea"),
        ('"air defence"', "defence of air bases"),
        ("Patriot NOT drill*", "Patriot drills"),
        ("a OR b c", "b"),
        ("NOT NOT a", "b"),
        ("a_b", "ab"),
    ],
)
def test_does_not_find(keywords: str, text: str) -> None:
    """Words match whole; side by side means AND, which binds closer than OR."""
    assert not parse_keywords(keywords).matches(text)


@pytest.mark.parametrize(
    ("keywords", "complaint"),
    [
        ("", "are empty"),
        ("   ", "are empty"),
        ("(a", "never closed"),
        ("a)", "( is missing"),
        ("a AND", "word is missing before this: the end"),
        ("OR a", "word is missing before this: OR"),
        ("a NOT", "word is missing"),
        ("()", "word is missing"),
        ('"air', "quotation mark is never closed"),
        ('""', "no letter or digit"),
        ("Patriot and Japan", "write AND in capitals"),
        ("p*t", "may only end a word"),
        ("&", "no letter or digit"),
        ("*", "no letter or digit"),
        ("(" * 60 + "a" + ")" * 60, "nested deeper"),
        ("NOT " * 60 + "a", "nested deeper"),
    ],
)
def test_refuses(keywords: str, complaint: str) -> None:
    """What cannot be meant is refused with the place, not guessed."""
    with pytest.raises(KeywordsError) as caught:
        parse_keywords(keywords)
    assert complaint in str(caught.value)


@given(st.text(alphabet='ab "()*ANDORT-“é日', max_size=30))
def test_any_text_parses_or_is_refused(keywords: str) -> None:
    """No input raises anything but KeywordsError, and what parses can be asked."""
    try:
        parsed = parse_keywords(keywords)
    except KeywordsError:
        return
    assert parsed.matches("a b") in (True, False)
