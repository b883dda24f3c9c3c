"""What the encoder is shown of an article: sentences, marked windows, candidate pairs and speakers. No weights needed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.detection.encoder.candidates import pair_windows, speaker_windows
from extractors.detection.encoder.gazetteer import shipped_gazetteer
from extractors.detection.encoder.reader import Document, read_document
from extractors.detection.encoder.windows import (
    RECIPIENT,
    SPEAKER,
    SUPPLIER,
    marked_window,
    relevance_window,
    split_sentences,
    telling,
)

TITLE = "Norway sends Finland a second battery of NASAMS launchers"
BODY = (
    "OSLO - The launchers left by rail on Tuesday, Norwegian Defence Minister Kari Solheim said.\n\n"
    '"They are a gift," she told the U.S. envoy. "Nothing is owed."\n\n'
    "The harvest was good this year. Moscow condemned the delivery to Finland as reckless."
)


def document(title: str = TITLE, body: str = BODY) -> Document:
    return read_document(title, body, shipped_gazetteer())


def test_sentences_end_at_full_stops_and_line_breaks_but_not_at_abbreviations() -> None:
    """A sentence ends at its full stop or line; initials, titles and "U.S." do not end one."""
    text = "The U.S. Army paid Mr. Hale. He left.\nA new line"
    assert [text[s.start : s.end] for s in split_sentences(text)] == [
        "The U.S. Army paid Mr. Hale.",
        "He left.",
        "A new line",
    ]


def test_a_page_without_any_full_stop_is_cut() -> None:
    """One endless line becomes pieces of at most 600 characters that together hold all its words."""
    text = "missile " * 5_000
    pieces = [text[s.start : s.end] for s in split_sentences(text)]
    assert max(map(len, pieces)) <= 600
    assert " ".join(pieces).split() == text.split()


def test_the_relevance_window_prefers_telling_sentences_in_their_order() -> None:
    """Of a long article the encoder sees the title and the sentences that speak of arms changing hands, in text order."""
    dull = ["The weather stayed mild across the whole of the region for weeks."] * 40
    first, second = "Oslo will sell 12 howitzers.", "The missiles were delivered in May."
    _, shown = relevance_window("Title", [first, *dull, second])
    assert shown.startswith(first)
    assert shown.endswith(second)
    assert telling(first) > telling(dull[0]) == 0.0


def test_marks_stand_before_every_mention_and_pass_for_nothing_else() -> None:
    """Supplier and recipient are marked wherever they are named; marks written in the text itself are defused."""
    read = document(f"{TITLE} {SPEAKER}")
    title, body = marked_window(
        read.text,
        read.sentences,
        read.title_sentences,
        [(SUPPLIER, read.parties["NO"].spans), (RECIPIENT, read.parties["FI"].spans)],
    )
    assert f"{SUPPLIER} Norway sends  {RECIPIENT} Finland" in title
    assert SPEAKER not in title + body
    assert f"{RECIPIENT} Finland as reckless" in body
    assert "harvest" not in body


def test_parties_are_bound_to_their_codes_and_bands_to_their_state() -> None:
    """Names, adjectives, capitals and metonyms give the state; "rebels in Syria" is a party of its own."""
    read = document(
        "Washington arms rebels in Syria", "The Kremlin objected. Mexican police watched."
    )
    assert {"US", "SY", "RU", "MX", "Syrian rebels"} <= set(read.parties)


def test_pairs_come_in_both_directions_and_alone() -> None:
    """Each two parties named together are asked about both ways; the likeliest also with the other side unknown."""
    pairs = {(p.supplier, p.recipient) for p in pair_windows(document())}
    assert {("NO", "FI"), ("FI", "NO"), ("NO", None), (None, "FI")} <= pairs


def test_speakers_are_people_offices_and_states_near_words_of_speech() -> None:
    """A named official, and a capital that condemns, are possible speakers, each with its mentions marked."""
    windows = {w.speaker.label: w.window for w in speaker_windows(document())}
    assert {"Kari Solheim", "Moscow"} <= set(windows)
    assert f"{SPEAKER} Moscow condemned" in windows["Moscow"][1]


def test_reading_twice_gives_the_same_windows() -> None:
    """Candidates and windows are a function of the text alone."""
    assert pair_windows(document()) == pair_windows(document())
    assert speaker_windows(document()) == speaker_windows(document())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=600))
def test_any_text_can_be_read(title: str, body: str) -> None:
    """No text raises, and every span slices inside the text."""
    read = document(title, body)
    pair_windows(read)
    speaker_windows(read)
    spans = [s for p in (*read.parties.values(), *read.speakers) for s in p.spans]
    assert all(0 <= s.start < s.end <= len(read.text) for s in (*spans, *read.sentences))


@pytest.mark.parametrize(
    "title",
    ["", "\n", "🚀" * 40, "Russia " * 3_000, "شحنة أسلحة إلى مصر", "\u200fUS\u200f sells tanks"],
)
def test_odd_titles_give_windows_of_bounded_size(title: str) -> None:
    """Emoji, right-to-left text and endless titles give windows, never an error, and not more than their share."""
    assert len(pair_windows(document(title))) <= 24
