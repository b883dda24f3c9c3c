"""From the rules' layers of an article to the page that the encoder reads."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.detection.encoder.page import Kind, Mention, Page, Passage
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import key_of
from extractors.detection.systems import Weapon
from extractors.detection.voices import is_official


def page_of(reading: Reading, parties: Sequence[Party], weapons: Sequence[Weapon]) -> Page:
    """All states, bodies, movements and officials named, and all weapon phrases."""
    sentences = tuple(
        Passage(reading.begins[s.start], reading.ends[s.end - 1], s.is_title)
        for s in reading.sentences
        if s.end > s.start
    )
    mentions: list[Mention] = []
    taken: set[int] = set()
    for party in parties:
        mention = _party(reading, party)
        if mention is not None and mention.start not in taken:
            taken.add(mention.start)
            mentions.append(mention)
    for number, weapon in enumerate(weapons):
        start = reading.begins[weapon.start]
        if start not in taken:
            taken.add(start)
            end = reading.ends[weapon.end - 1]
            mentions.append(Mention(Kind.WEAPON, start, end, weapon=number))
    return Page(reading.text, sentences, tuple(mentions))


def _party(reading: Reading, party: Party) -> Mention | None:
    sends = party.code if party.kind not in ("outsider", "place") else None
    speaks = key_of(party) if is_official(party) else None
    if sends is None and speaks is None:
        return None
    start, end = reading.begins[party.start], reading.ends[party.end - 1]
    return Mention(Kind.PARTY, start, end, party=sends, speaker=speaks)
