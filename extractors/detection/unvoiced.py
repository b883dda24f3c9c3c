"""Officials whom no cue of ours makes speak: beside a quote, as the subject of an unknown verb, or merely named.

They are put forward with rules of their own, so that whoever judges speakers may find the reaction that the cues miss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extractors.detection.attributions import Attribution
from extractors.detection.clauses import AUXILIARIES, BE, Clause, group
from extractors.detection.lexicon_entries import Cue
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.speakers_heard import key_of
from extractors.detection.subjects import in_phrase
from extractors.detection.wordsets import word_set

NO_CUE = Cue(id="none", lemma="", forms=(), kind="none", stance=None, target=None)
_MOST_MENTIONS = 3
"""Mentions of one silent official that are put forward."""


def beside(reading: Reading, clause: Clause) -> Iterator[Attribution]:
    """No cue of ours: a quote with one official beside it, or a named official as the sentence's first party."""
    outside = [
        i.party
        for i in clause.items
        if i.party is not None
        and i.party.kind in ("person", "institution")
        and i.party.official
        and i.party.case == "name"
        and reading.quote_of[i.start] < 0
    ]
    if not outside or clause.sentence.is_title:
        return
    sentence = clause.sentence
    quoted = any(reading.quote_of[i] >= 0 for i in range(sentence.start, sentence.end))
    party = outside[0]
    first = next((i.party for i in clause.items if i.party is not None), None)
    if not quoted and (party is not first or not party.name):
        return
    rule = "speaker.beside-quote" if quoted else "speaker.no-cue"
    yield _uncued(clause, party, quoted, rule)


def unvoiced(
    reading: Reading, clauses: Sequence[Clause], found: Sequence[Attribution]
) -> list[Attribution]:
    """The officials and states that speak nowhere in `found`: where they act, else where they are named."""
    heard = {key_of(p) for a in found for p in a.speakers}
    mentions: dict[str, list[Attribution]] = {}
    for clause in clauses:
        for k, item in enumerate(clause.items):
            party = item.party
            if party is None or not _may_be_heard(party) or key_of(party) in heard:
                continue
            if reading.quote_of[party.start] >= 0 and not clause.sentence.is_title:
                continue
            last = _last_of_list(clause, k)
            acts = _acts(clause, last, several=last != k or clause.low(k - 1) == "and")
            if not acts and party.kind in ("state", "movement") and not clause.sentence.is_title:
                continue
            rule = "speaker.mention"
            if acts:
                given = any(i.pred is not None for i in clause.items[k + 1 : k + 4])
                rule = "speaker.doer" if given else "speaker.subject-uncued"
            mentions.setdefault(key_of(party), []).append(_uncued(clause, party, False, rule))
    return [
        attribution
        for several in mentions.values()
        for attribution in sorted(several, key=lambda a: a.rule == "speaker.mention")[
            :_MOST_MENTIONS
        ]
    ]


def _may_be_heard(party: Party) -> bool:
    return (
        party.kind in ("person", "institution", "state", "movement")
        and party.official
        and party.case == "name"
        and not party.ambiguous
        and bool(party.label)
    )


def _last_of_list(clause: Clause, k: int) -> int:
    """Where the list ends that the party at `k` begins: of "Italy, Greece and Spain" the last stands before the verb."""
    if in_phrase(clause, k):
        return k
    listed = group(clause, k)
    return max(i for i, item in enumerate(clause.items) if item.party in listed)


def _acts(clause: Clause, k: int, *, several: bool) -> bool:
    """Whether the party at `k` looks like the subject of a finite verb, in the plural for `several`."""
    if in_phrase(clause, k):
        return False
    if clause.low(k + 1) == "," and clause.low(k + 2) in ("which", "who"):
        return True
    following = clause.items[k + 1 : k + 4]
    for item in following:
        if item.kind == "pred":
            return True
        if item.kind != "word":
            return False
        low = item.low
        if low in AUXILIARIES or low in BE or low in _IRREGULAR:
            return True
        if low.endswith("ly") or low in ("also", "who", "'s", "-"):
            continue
        return low.isalpha() and (
            low.endswith("ed") or _present(low) or (several and low in _AGREE)
        )
    return False


def _present(word: str) -> bool:
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))


_AGREE = word_set(
    "agree disagree want need fear hope think see say back insist differ object argue"
)
"""What several do with a verb's bare form."""
_IRREGULAR = word_set(
    "said told wrote spoke spoken held found took put gave saw made let kept left went came sent"
    " felt thought knew stood sat rose fell fought threw drew hit cut set met led began won lost"
    " broke chose drove bade swore hung paid laid saw heard got sought brought shot struck"
)


def _uncued(clause: Clause, party: Party, quoted: bool, rule: str) -> Attribution:
    sentence = clause.sentence
    return Attribution(
        sentence=sentence.index,
        cue_start=party.start,
        cue_end=party.start,
        cue=NO_CUE,
        cue_word="",
        speakers=[party],
        content=[(sentence.start, sentence.end)],
        quoted=quoted,
        negated=False,
        rule=rule,
    )
