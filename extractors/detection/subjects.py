"""The subject of a verb of speech: who stands before it, after it, or takes it up from the clause's start."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.clauses import CHAIN_WORDS, PREPOSITIONS, Clause, group
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


@dataclass(frozen=True, slots=True)
class Subject:
    """The speakers a verb has, the rule that found them, and the tokens of the pronoun that stands for them, if one does."""

    speakers: list[Party]
    rule: str
    place: tuple[int, int] | None = None


NOBODY = Subject([], "")
NEGATIONS = frozenset(["not", "n't", "never", "no", "neither", "nor", "without"])
_PRONOUNS = frozenset(["he", "she", "they", "it"])
_OWN_VOICE = frozenset(["we", "i", "you"])
_RELATIVES = frozenset(["who", "which", "that"])
_TOLD = word_set("told tells tell telling informed informs asked asks assured assures reminded")
_AUX = word_set(
    "has have had is are was were be been being will would did does do could can may might should 'd"
    " 'll 've 's"
)
_OVER = word_set("also then later to again first have strongly further both all long now still") | (
    _AUX | NEGATIONS
)
_CHAIN_OVER = CHAIN_WORDS - PREPOSITIONS - {"the", "a", "an", "it", "its", "his"}
_TIMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight earlier"
    " meanwhile however recently week month year last this late early morning evening afternoon"
    " night ago here there separately again then january february march april"
    " may june july august september october november december"
)
_MARKS = frozenset(['"', "'", "''", ",", "?", "!"])
_DETERMINERS = word_set("the a an its his their her this that these those some several two one 's")
_WALKED_OVER = _TIMES | PREPOSITIONS | _DETERMINERS
_FARTHEST = 25


def may_speak(party: Party) -> bool:
    """Whether a party can be the subject of speech."""
    return party.kind != "place" and party.case != "adjective" and party.kind != "company"


def verb_speakers(reading: Reading, clause: Clause, k: int, last: list[Party]) -> Subject:
    """The subject of the speech verb at `k`: inverted after a closing quote or comma, else to the left.

    `last`: who spoke last, for pronouns that nobody named in the sentence explains.
    """
    before, word = clause.low(k - 1), clause.low(k)
    participle = word.endswith("ing")
    if before == "," and not participle:
        jumped = _jump_apposition(clause, k - 1)
        if jumped is None and _stands_apart(reading, clause, k - 2):
            jumped = k - 2
        if jumped is not None:
            return Subject(group(clause, jumped), "speaker.apposition")
    if (before in _MARKS or k == 0) and word not in _TOLD and not participle:
        right = _inverted(clause, k)
        if right:
            return Subject(right, "speaker.inverted")
    if participle and clause.low(k - 2) == "with" and _is_named(clause, k - 1):
        return Subject(group(clause, k - 1), "speaker.subject")
    i = k - 1
    while i >= 0 and _passes_over(clause, i):
        i -= 1
    joined = clause.low(k - 1) in ("and", "but") and clause.items[k - 2].party is not None
    at = _first_subject(clause, k - 1) if joined else _walk(reading, clause, i)
    if at is None:
        return _far_subject(clause, i, last)
    return _taken(clause, at, last, "speaker.subject")


def _taken(clause: Clause, at: int, last: list[Party], rule: str) -> Subject:
    item = clause.items[at]
    if item.party is None:
        place = (item.start, item.end)
        return Subject(_left_subject(clause, at) or last, "speaker.pronoun", place)
    if item.party.kind == "outsider":
        return Subject([item.party], rule)
    return Subject(group(clause, at), rule)


def _is_subject(clause: Clause, i: int) -> bool:
    party = clause.items[i].party
    if party is None or in_phrase(clause, i):
        return False
    return party.kind == "outsider" or (may_speak(party) and party.case != "possessive")


def _walk(reading: Reading, clause: Clause, i: int) -> int | None:
    """From the word before a verb leftwards to its subject: a party or a pronoun; None when it is somebody unknown."""
    steps = 0
    while i >= 0 and steps < _FARTHEST:
        steps += 1
        item = clause.items[i]
        low = item.low
        if item.party is not None:
            if _is_subject(clause, i):
                return i
            i -= 1
        elif item.kind != "word":
            return None
        elif low == ")":
            i = _opening(clause, i) - 1
        elif low in _PRONOUNS:
            return i
        elif low in _OWN_VOICE or low in (";", ":", "—", '"', "''"):
            return None
        elif low == ",":
            jumped = _jump_apposition(clause, i)
            return jumped if jumped is not None else _first_subject(clause, i)
        elif low in ("and", "but", "or", "while"):
            return _first_subject(clause, i)
        elif low in _RELATIVES:
            i -= 2 if clause.low(i - 1) == "," else 1
            if low == "who" and (told := _antecedent(clause, i)) is not None:
                return told
        elif low in _WALKED_OVER or low.isdigit() or _passes_over(clause, i):
            i -= 1
        else:
            head = _phrase_start(clause, i)
            if head is None:
                return _behind_noun(clause, i)
            i = head - 1
    return None


def _behind_noun(clause: Clause, i: int) -> int | None:
    """Who speaks where the noun at `i` seems to: whose office it is, or who stands before a relative clause."""
    held = _whose_office(clause, i)
    return held if held is not None else _before_relative(clause, i)


def _antecedent(clause: Clause, i: int) -> int | None:
    """Whom "who" takes up when a party stands at `i`: "in a call with President Lopez of Quito, who has urged"."""
    party = clause.party(i)
    if party is not None and party.kind == "state" and clause.low(i - 1) in ("of", "from"):
        i -= 2
        party = clause.party(i)
    return i if party is not None and party.kind == "person" and may_speak(party) else None


def _whose_office(clause: Clause, i: int) -> int | None:
    """Where the holder of the "office" at `i` stands: "the prime minister's office said"."""
    if clause.low(i) != "office":
        return None
    at = i - 2 if clause.low(i - 1) in ("'s", "'") else i - 1
    holder = clause.party(at)
    return at if holder is not None and holder.kind == "person" else None


def _before_relative(clause: Clause, i: int) -> int | None:
    """ "An official in Geneva who deals with trade said": who stands before the relative pronoun."""
    for j in range(i - 1, max(-1, i - 10), -1):
        if clause.low(j) in ("who", "which"):
            told = clause.low(j) == "who"
            j -= 2 if clause.low(j - 1) == "," else 1
            if told and (antecedent := _antecedent(clause, j)) is not None:
                return antecedent
            while j > 0 and not _is_subject(clause, j) and clause.items[j].party is not None:
                j -= 1 if clause.low(j - 1) not in PREPOSITIONS else 2
            return j if j >= 0 and _is_subject(clause, j) else None
        if clause.low(j) in (",", ";", '"'):
            return None
    return None


def _opening(clause: Clause, i: int) -> int:
    """The bracket that the one at `i` closes, or `i` itself."""
    return next((j for j in range(i - 1, max(-1, i - 15), -1) if clause.low(j) == "("), i)


def _phrase_start(clause: Clause, i: int) -> int | None:
    """The preposition that the noun at `i` hangs on; None when the noun is itself the subject."""
    for j in range(i - 1, max(-1, i - 5), -1):
        low = clause.low(j)
        if low in PREPOSITIONS:
            return j
        if clause.items[j].kind != "word" or low in (",", '"', "and", "that"):
            return None
        if low in _DETERMINERS:
            return j - 1 if clause.low(j - 1) in PREPOSITIONS else None
    return None


def _first_subject(clause: Clause, end: int) -> int | None:
    """The first party or pronoun before `end` that is no object: the subject of a verb joined by "and" or a comma."""
    for j in range(max(0, end - _FARTHEST), end):
        item = clause.items[j]
        if item.kind == "word" and item.low in _PRONOUNS:
            return j
        if _is_subject(clause, j):
            return j
    return None


def _far_subject(clause: Clause, i: int, last: list[Party]) -> Subject:
    """What stands nearest to the left where no grammar of ours tells the subject: less often right."""
    for at in range(i, max(-1, i - _FARTHEST), -1):
        item = clause.items[at]
        if item.low in (";", ":", "—") or (item.kind == "word" and item.cue and i - at > 5):
            break
        if item.kind == "word" and item.low in _OWN_VOICE:
            break
        if (item.kind == "word" and item.low in _PRONOUNS) or _is_subject(clause, at):
            found = _taken(clause, at, last, "speaker.far-subject")
            rule = "speaker.far-pronoun" if item.party is None else found.rule
            return Subject(found.speakers, rule, found.place)
    return NOBODY


def _passes_over(clause: Clause, i: int) -> bool:
    """Whether the word at `i` stands between a speech verb and its subject: auxiliaries, adverbs, another cue."""
    item = clause.items[i]
    if item.kind != "word":
        return False
    return item.low in _OVER or item.low in _CHAIN_OVER or item.low.endswith("ly") or item.cue


def _inverted(clause: Clause, k: int) -> list[Party]:
    for x in range(k + 1, min(k + 7, len(clause.items))):
        item = clause.items[x]
        if item.party is not None:
            if item.party.case in ("adjective",) or item.party.kind == "place":
                continue
            return group(clause, x + 1 if _is_named(clause, x + 1) else x)
        if (
            item.kind != "word"
            or item.low in PREPOSITIONS
            or item.low in ("that", '"', ",", ".", "he", "she", "it", "they")
        ):
            return []
    return []


def _jump_apposition(clause: Clause, i: int) -> int | None:
    """At a comma before the verb: "X, the minister, said" gives the position of X."""
    for j in range(i - 1, max(-1, i - 22), -1):
        if clause.low(j) == ",":
            party = clause.party(j - 1)
            return j - 1 if party is not None and not in_phrase(clause, j - 1) else None
    return None


def _is_named(clause: Clause, i: int) -> bool:
    """Whether an official stands at `i` by name."""
    party = clause.party(i)
    return party is not None and party.kind == "person" and party.name is not None


def _stands_apart(reading: Reading, clause: Clause, i: int) -> bool:
    """Whether the party at `i` is a name after a comma, its own office's or not: "the council's head, Ana Rey, told us"."""
    party = clause.party(i)
    if party is None or party.name is None:
        return False
    return clause.low(i - 1) == "," or "," in reading.words[party.start : party.end]


def in_phrase(clause: Clause, i: int) -> bool:
    """Whether the party at `i` hangs on a preposition, so that it is no subject."""
    j = i - 1
    while j >= 0 and clause.items[j].kind == "word" and clause.low(j) in _BEFORE_NAMES:
        j -= 1
    return (
        j >= 0
        and clause.items[j].kind == "word"
        and clause.low(j) in PREPOSITIONS
        and clause.low(j) not in ("as", "than")
    )


_BEFORE_NAMES = word_set("the a an its his their her one some senior 's another several two")


def _left_subject(clause: Clause, i: int) -> list[Party]:
    for j in range(i - 1, -1, -1):
        party = clause.party(j)
        if (
            party is not None
            and party.kind in ("person", "institution")
            and party.case == "name"
            and not in_phrase(clause, j)
        ):
            return [party]
    return []
