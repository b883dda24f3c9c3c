"""Which words of transferring are verbs here and which are nouns, told by form and neighbours, without a tagger."""

from __future__ import annotations

from dataclasses import dataclass

from extractors.detection.lexicon_entries import Lexicons, Predicate
from extractors.detection.parties import Party
from extractors.detection.reading import Reading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


@dataclass(slots=True)
class Pred:
    """Tokens [start, end) of a predicate. `form`: base, s, ing, past (past tense or participle), noun."""

    start: int
    end: int
    entry: Predicate
    form: str

    @property
    def is_noun(self) -> bool:
        return self.form == "noun"


_OF_DOING = word_set("of for by in from against about over after before despite without on")
_NOUN_BEFORE = word_set(
    "the a an this that these those its his her their our my your any some such no more further"
    " new first second last recent massive huge big major planned proposed possible potential"
    " controversial future foreign secret illegal military annual all other another each every of"
    " for on in with by over about against after before despite under between and's into via per"
    " additional multi-billion multibillion billion million initial direct actual final"
)
_VERB_BEFORE = word_set(
    "to will would could can may might must should shall not n't 'll 'd and or who which it they"
    " he she we i you also already has have had is are was were be been being having do does did"
    " never now let help reportedly secretly then 's"
)
_NOUN_AFTER = word_set(
    "of to from with by between is was are were has would will could , . ; : ) over on"
)
_IRREGULAR_PAST = word_set(
    "sold sent gave given bought got gotten sought built lent leased shipped made took taken held"
    " put won withdrew withdrawn forbade forbidden chose chosen let cut lost paid brought flown"
    " flew drawn drew froze frozen broke broken met found struck stricken said told wanted spent"
    " began begun"
)


def find_predicates(
    reading: Reading, lexicons: Lexicons, parties: dict[int, Party], weapons: dict[int, Weapon]
) -> list[Pred]:
    """The predicates of a reading in text order."""
    inside_weapon = {i for w in weapons.values() for i in range(w.start, w.end)}
    inside_party = {i for p in parties.values() for i in range(p.start, p.end)}
    found: list[Pred] = []
    for start in sorted(reading.spans["predicates"]):
        end, options = reading.spans["predicates"][start]
        if start in inside_party:
            continue
        entries = [lexicons.predicates[key] for _, key in options]
        verbs = [e for e in entries if e.pos.startswith("v")]
        nouns = [e for e in entries if not e.pos.startswith("v")]
        weapon = weapons.get(start)
        if start in inside_weapon and not (weapon is not None and end > weapon.end):
            if not verbs or not _verb_over_weapon(reading, start, end, parties, weapons):
                continue
            nouns = []
        form = _verb_form(reading.low[start], verbs[0] if verbs else None)
        if reading.word(end) in _PARTICLES.get(reading.low[start], ()):
            continue
        if reading.low[start] == "arm" and reading.word(end) in _TRADE:
            continue  # "arm sales" for arms sales
        as_noun = bool(nouns) and (
            not verbs or _is_noun(reading, start, end, form, parties, weapons)
        )
        if (
            not as_noun
            and verbs
            and not nouns
            and form in ("base", "s")
            and reading.word(start - 1) in ("the", "a", "an")
        ):
            continue
        entry = nouns[0] if as_noun else verbs[0]
        found.append(Pred(start, end, entry, "noun" if as_noun else form))
    return found


_TRADE = word_set("sale sales deal deals export exports shipment shipments embargo trade")
_OTHER_GIVE = (
    "up",
    "in",
    "off",
    "birth",
    "way",
    "rise",
    "him",
    "her",
    "them",
    "us",
    "me",
    "people",
    "voters",
    "thanks",
)
_OTHER_GET = (
    "ready",
    "rid",
    "to",
    "involved",
    "out",
    "into",
    "back",
    "hold",
    "away",
    "in",
    "on",
    "along",
    "together",
    "started",
    "worse",
    "better",
)
_PARTICLES = {
    **dict.fromkeys(("give", "gives", "gave", "given", "giving"), _OTHER_GIVE),
    **dict.fromkeys(("get", "gets", "got", "getting", "gotten"), _OTHER_GET),
    **dict.fromkeys(
        ("take", "takes", "took", "taking", "taken"),
        ("place", "part", "off", "over", "up", "out", "action"),
    ),
    **dict.fromkeys(
        ("order", "orders", "ordered", "ordering"), ("to", "airstrikes", "strikes", "his", "an")
    ),
    **dict.fromkeys(
        ("bring", "brings", "brought", "bringing"), ("down", "about", "up", "in", "back", "to")
    ),
    **dict.fromkeys(
        ("send", "sends", "sent", "sending"), ("troops", "soldiers", "forces", "message")
    ),
}
"""Words after a verb that make it another verb: "give up arms" transfers nothing, "ordered the strike" buys nothing."""


def _verb_form(word: str, verb: Predicate | None) -> str:
    if word.endswith("ing"):
        return "ing"
    if verb is not None and word == verb.lemma.lower().split()[0]:
        return "base"
    if word.endswith(("ed", "en")) or word in _IRREGULAR_PAST:
        return "past"
    return "s" if word.endswith("s") else "past"


def _is_noun(
    reading: Reading,
    start: int,
    end: int,
    form: str,
    parties: dict[int, Party],
    weapons: dict[int, Weapon],
) -> bool:
    if form == "past":
        return False
    before = reading.word(start - 1) if reading.same_sentence(start - 1, start) else ""
    after = reading.word(end) if reading.same_sentence(start, end) else ""
    if form == "ing" and before in _OF_DOING:
        armed = end + 1 if after in ("the", "a", "its", "his", "their") else end
        if armed in parties:
            return False  # "accused of arming the rebels"
    if before in ("'s", "'", "-") or before in _NOUN_BEFORE:
        return True
    if before in _VERB_BEFORE:
        return False
    if form == "ing":
        return False
    ends_here = {w.end for w in weapons.values()}
    if start in ends_here:
        return not (after.isdigit() or after in ("the", "a", "its"))
    party_before = next((p for p in parties.values() if p.end == start), None)
    takes_object = (
        end in weapons
        or end in parties
        or after in ("the", "a", "an", "its", "more", "new", "up", "dozens", "some")
        or after[:1].isdigit()
        or after in ("$", "deal", "arms", "off")
    )
    if party_before is not None:
        relative = any(w.end == party_before.start for w in weapons.values())
        if relative and form == "s" and after == "to":
            return False  # "the submarines Germany exports to Israel"
        return not takes_object if party_before.case in ("name", "compound") else True
    if before == "":
        return not takes_object
    if after in _NOUN_AFTER:
        return True
    return not takes_object


def _verb_over_weapon(
    reading: Reading, start: int, end: int, parties: dict[int, Party], weapons: dict[int, Weapon]
) -> bool:
    """ "Iran arms the Houthis", "US ships missiles to": a weapon word that is a verb here."""
    weapon = weapons.get(start)
    if weapon is None or weapon.end != end:
        return False
    before = reading.word(start - 1)
    after = reading.word(end)
    if before == "to" and reading.low[start].endswith("s"):
        return False  # "a halt to arms for Sudan"
    if before in ("to", "will", "would", "could", "may", "should", "not", "and's", "who", "which"):
        return True
    party_before = any(p.end == start and p.case in ("name", "compound") for p in parties.values())
    if not party_before:
        return False
    if reading.low[start] == "arms":
        follows = parties.get(end) or parties.get(end + 1 if after == "the" else end)
        return follows is not None or after in ("rebels", "militants", "syrian", "its")
    return (
        end in weapons
        or after[:1].isdigit()
        or after in ("the", "a", "more", "arms", "weapons", "tons")
    )
