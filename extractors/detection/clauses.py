"""A sentence as a row of items (party, weapon, predicate, word), and the walks over it that find a verb's arguments.

The walks stand in for a parser: to the left over the verb chain to its subject, to the right to its objects and
prepositional phrases, passive or active. They stop at clause boundaries.
"""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.parties import Party
from extractors.detection.predicates import Pred
from extractors.detection.reading import Reading, Sentence
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Item:
    """One element of a sentence: `kind` is party, weapon, pred or word; `low` its text in lower case."""

    kind: str
    start: int
    end: int
    low: str
    party: Party | None = None
    weapon: Weapon | None = None
    pred: Pred | None = None
    cue: bool = False


@dataclass(slots=True)
class Clause:
    """The items of one sentence."""

    sentence: Sentence
    items: list[Item]

    def low(self, k: int) -> str:
        return self.items[k].low if 0 <= k < len(self.items) else ""

    def party(self, k: int) -> Party | None:
        return self.items[k].party if 0 <= k < len(self.items) else None


BE = word_set("is are was were be been being 's 're get got gets getting")


AUXILIARIES = BE | word_set(
    "has have had having 've will would could can may might must should shall do does did 'll 'd"
    " wo ca to not n't never no longer also already yet still now then soon just ever even be been"
    " being about once again only first"
)


CHAIN_WORDS = AUXILIARIES | word_set(
    "agreed agree agrees agreeing plan plans planned planning want wants wanted wanting decide"
    " decided decides deciding vow vows vowed promise promises promised pledge pledges pledged"
    " pledging refuse refuses refused refusing intend intends intended offer offers offered"
    " offering begin begins began begun beginning start starts started starting continue continues"
    " continued continuing resume resumes resumed resuming stop stops stopped stopping cease"
    " ceases ceased consider considers considered considering mull mulls mulled mulling weigh"
    " weighs weighed weighing try tries tried trying hope hopes hoped hoping seek seeks sought"
    " seeking prepare prepares prepared preparing move moves moved moving help helps helped"
    " helping threaten threatens threatened threatening fail fails failed failing keep keeps kept"
    " admit admits admitted admitting deny denies denied denying set due ready able unable going"
    " likely unlikely poised expected willing unwilling reluctant free obliged required allowed"
    " cleared permitted authorized authorised forbidden supposed scheduled committed eager keen"
    " close secretly reportedly allegedly openly directly quietly illegally covertly and halt"
    " halts halted halting suspend suspends suspended suspending end ends ended ending finish"
    " finished decision deal agreement intention proposal request permission approval contract"
    " readiness bid refusal decisions deals accused suspected of for from against by ban banned"
    " bans banning prevent prevented avoid avoided delay delayed postpone postponed freeze froze"
    " frozen rule ruled out rules ruling approve approves approved approving vote votes voted"
    " study studying discuss discussing discussed discusses bar barred cancel cancelled canceled"
    " rush rushes rushed rushing look looking looks think thinking opt opted choose chose chosen"
    " aim aims aimed propose proposes proposed proposing need needs needed ask asks asked asking"
    " urge urges urged call calls called push pushes pushed a an the its his their in talks"
    " negotiations negotiating on"
)


PREPOSITIONS = word_set(
    "of to from for with by in on at against between near over about under into among amid"
    " through via toward towards inside outside across around within without during since until"
    " after before like including than as despite upon"
)


BOUNDARIES = word_set(
    "; : — – -- | ... … while because although though but whereas unless if when after before"
    " despite amid as since until so even"
)


PRONOUNS = frozenset(["it", "they", "he", "she", "we", "i"])


_LINKS = word_set(", and & / or nor the as well also then both his her their its")


_WITH = frozenset(["along", "together"])
_JOINTS = _WITH | {",", "and", "&", "/", "or", "nor"}


SPEECH = word_set("says said say saying saith reports reported according told tells warns warned")


def build_clauses(
    reading: Reading, parties: dict[int, Party], weapons: dict[int, Weapon], preds: dict[int, Pred]
) -> list[Clause]:
    """The sentences of a reading as items; a predicate inside a weapon phrase replaces it ("Iran arms the Houthis")."""
    clauses = []
    for sentence in reading.sentences:
        items: list[Item] = []
        i = sentence.start
        while i < sentence.end:
            item = _item_at(reading, i, parties, weapons, preds)
            if item.end > sentence.end:
                item = Item("word", i, i + 1, reading.low[i])
            items.append(item)
            i = max(item.end, i + 1)
        clauses.append(Clause(sentence, items))
    return clauses


def _item_at(
    reading: Reading,
    i: int,
    parties: dict[int, Party],
    weapons: dict[int, Weapon],
    preds: dict[int, Pred],
) -> Item:
    low = reading.low[i]
    if i in parties:
        return Item("party", i, parties[i].end, low, party=parties[i])
    if i in preds and (i not in weapons or preds[i].end >= weapons[i].end):
        return Item("pred", i, preds[i].end, low, pred=preds[i])
    if i in weapons:
        return Item("weapon", i, weapons[i].end, low, weapon=weapons[i])
    return Item("word", i, i + 1, low, cue=i in reading.spans["cues"])


def group(clause: Clause, k: int) -> list[Party]:
    """The parties coordinated with the one at `k`: "Britain, France and Germany" from any of the three."""
    first = last = k
    while True:
        j = _before_links(clause, first - 1)
        if clause.low(j) == "counterpart":  # "and his Polish counterpart, Jan Dvorak"
            j = _before_links(clause, j - 1 if clause.party(j - 1) is None else j - 2)
        other = clause.party(j)
        if (
            j == first - 1
            or j < 0
            or other is None
            or other.case == "adjective"
            or other.kind == "place"
        ):
            break
        if not any(clause.low(x) in _JOINTS for x in range(j + 1, first)):
            break
        first = j
    while True:
        j = last + 1
        while j < len(clause.items) and _is_link(clause, j):
            j += 1
        other = clause.party(j)
        if j == last + 1 or other is None or other.case in ("adjective", "possessive"):
            break
        if not any(clause.low(x) in _JOINTS for x in range(last + 1, j)):
            break
        last = j
    between = [clause.party(x) for x in range(first, last + 1)]
    members = [p for p in between if p and (p.case != "adjective" or p is clause.party(k))]
    joined = any(
        clause.low(x) in _JOINTS - {","} for x in range(first, last + 1) if clause.party(x) is None
    )
    alike = {p.kind in ("person",) for p in members}
    if len(alike) > 1 or not (joined or clause.sentence.is_title):
        return [p for p in members if p is clause.party(k)]
    return members


def _before_links(clause: Clause, j: int) -> int:
    """From `j` to the left over words that only join, -1 beyond the sentence's start."""
    while j >= 0 and _is_link(clause, j):
        j -= 1
    return j


def _is_link(clause: Clause, j: int) -> bool:
    """Whether the word at `j` only joins members of a list: "Russia, along with Iran"."""
    if clause.items[j].kind != "word":
        return False
    if clause.low(j) == "with":
        return clause.low(j - 1) in _WITH
    return clause.low(j) in _LINKS or (clause.low(j) in _WITH and clause.low(j + 1) == "with")


def speaks(clause: Clause, k: int) -> bool:
    """Whether the party at `k` is the subject of a speech cue, or the source a headline ends or begins with."""
    i = k + 1
    while (
        i < len(clause.items)
        and clause.items[i].kind == "word"
        and not clause.items[i].cue
        and (clause.low(i) in AUXILIARIES or clause.low(i).endswith("ly"))
    ):
        i += 1
    if i < len(clause.items) and (clause.items[i].cue or clause.low(i) in SPEECH):
        return True
    if clause.low(i) in (":",) and i <= 3:
        return True
    return clause.low(k - 1) in (":", "-", "—", "–") and k >= len(clause.items) - 2


_OWNS = word_set("defends defended justifies justified confirms confirmed")
"""Cues of one who speaks of its own transfer."""


def candidates(clause: Clause, k: int, taken: set[str], *, speakers_too: bool) -> list[list[Party]]:
    """Parties of the sentence that might fill an empty role of the predicate at `k`, with those coordinated with them.

    The nearest to the left come first.
    """
    stop = k + 1
    while stop < len(clause.items) and (
        clause.sentence.is_title or clause.low(stop) not in BOUNDARIES
    ):
        stop += 1
    order = [*range(k - 1, -1, -1), *range(k + 1, stop)]
    found: list[list[Party]] = []
    for i in order:
        party = clause.party(i)
        if party is None or not party.codes or party.kind in ("place", "outsider"):
            continue
        if set(party.codes) & taken or party.codes[0] in ("UN",):
            continue
        if any(party in members for members in found):
            continue
        if not speakers_too and speaks(clause, i) and clause.low(i + 1) not in _OWNS:
            continue
        if party.case == "adjective" and (i + 1 < len(clause.items)) and clause.items[i + 1].cue:
            continue
        if clause.low(i - 1) in ("against", "near", "in", "over", "despite", "than", "like"):
            continue
        members = [p for p in group(clause, i) if not set(p.codes) & taken and p.kind == party.kind]
        found.append(members or [party])
    return found
