"""What only the encoder sees, put into the rules' words: a pair as a frame with its sentence, a speaker as a party."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from domain.mentions import Stage
from extractors.detection.encoder.heads import Answers, PairAnswer
from extractors.detection.encoder.tokens import Marked
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair, position_weight
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import is_fuller, key_of
from extractors.detection.stage import StageReading
from extractors.detection.systems import Weapon
from extractors.detection.voices import is_official

SEEN = "encoder.pair"
"""Rule id of a frame that the encoder alone proposes."""
MEANT = 0.0
"""Logit from which on a weapon of the pair's sentences is taken to be the one that is sent: likelier than not. JUDGEMENT."""


def seen_pair(
    reading: Reading,
    parties: Sequence[Party],
    weapons: Sequence[Weapon],
    answer: PairAnswer,
    answers: Answers,
) -> Pair | None:
    """The pair with one frame over the two mentions that speak most for it; None where neither can be found again."""
    supplier, recipient = (_party_at(reading, parties, marked) for marked in answer.best)
    named = [p for p in (supplier, recipient) if p is not None]
    if not named:
        return None
    last = max(named, key=lambda p: p.start)
    sentence = reading.sentences[reading.sentence_of[last.start]]
    homes = {reading.sentence_of[p.start] for p in named}
    first = min(
        (p for p in named if reading.sentence_of[p.start] == sentence.index), key=lambda p: p.start
    )
    meant = [
        weapon
        for number, weapon in enumerate(weapons)
        if reading.sentence_of[weapon.start] in homes
        and answers.weapons.get(number, MEANT) >= MEANT
    ]
    end = max([last.end, *(w.end for w in meant if reading.sentence_of[w.start] == sentence.index)])
    frame = Frame(
        sentence=sentence,
        rule=SEEN,
        stage=StageReading(stage=likeliest(answer), rule="stage.encoder"),
        suppliers=[supplier] if supplier is not None else [],
        recipients=[recipient] if recipient is not None else [],
        weapons=meant,
        start=first.start,
        end=end,
        weight=0.9,
    )
    pair = Pair(answer.supplier, answer.recipient, [frame], [position_weight(frame)])
    roles = (("supplier", supplier), ("recipient", recipient))
    pair.parties = [(role, party) for role, party in roles if party is not None]
    return pair


def likeliest(answer: PairAnswer) -> Stage:
    """The likeliest stage; announced where the encoder was not asked."""
    if not answer.stages:
        return Stage.ANNOUNCED
    return list(Stage)[max(range(len(answer.stages)), key=answer.stages.__getitem__)]


def _party_at(reading: Reading, parties: Sequence[Party], marked: Marked | None) -> Party | None:
    if marked is None:
        return None
    start = marked.mention.start
    return next((p for p in parties if reading.begins[p.start] == start), None)


def officials(parties: Sequence[Party]) -> Mapping[str, Party]:
    """Everybody who may speak officially, by key, each at their fullest."""
    found: dict[str, Party] = {}
    for party in parties:
        if is_official(party):
            key = key_of(party)
            if key not in found or is_fuller(party, found[key]):
                found[key] = party
    return found
