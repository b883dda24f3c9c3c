"""The gate: whether a text speaks of weapons and of transferring at all, told without spaCy at tens of MB a second."""

from __future__ import annotations

from extractors.detection.lexicon_entries import Lexicons
from extractors.detection.wordsets import word_set

_ENGLISH = word_set(
    "the of and to in a is that for on was with as by at from it be are has have will not said"
)
_MARKS = ".,:;()[]?!\"'“”‘’—–"
"""Marks glued to words; a hyphen stays, as it belongs to designations."""


_NO_ACTS = word_set(
    "a an the is be are was were have has in on to of at by for its it their his her no not and or up out"
)
_EVERYDAY = word_set(
    "get gets got getting give gives gave given giving take takes took taken taking bring brings brought bringing want"
    " wants wanted need needs needed hold holds held let lets back backs backed end ends ended ending stop stops stopped"
    " call calls called calling ask asks asked asking put make makes made land lands landed pick picks picked look looks"
    " hand hands field fields order orders ordered push pushes pushed press demand demands demanded drop drops dropped"
    " cut cuts kill kills killed close closed open opened allow allows allowed pass passed review reviewed plan plans"
    " planned bid bids fly flies flew fund secure seek seeks sought offer offers offered support supported report move"
    " moves moved keep keeps kept pay paid cost lose lost win wins won extend extended limit limited enforce fit fits"
    " accept accepted adopt adopted bar barred clear cleared send sends sent sending order order's release released"
    " reject rejected refuse refused deny denied delay delayed suspend suspended ban banned block blocked halt halted"
)
_HALF_NAMES = word_set("hawk hawks dome shadow hornet hornets eagle falcon tucano sling mirage")
"""Words of names of two words without a digit: "Black Hawk", "Iron Dome"."""
_ARMS = word_set(
    "arms armoured armored weapons weapon weaponry ammunition missile missiles jet jets tanks drones warships warship"
)
NEAR = 10
"""Words between a word of arms and a word of transferring that still speak of each other."""
LEAD = 70
"""Words of title and lead in which a party beside a word of arms, or beside one of export control, is enough."""
NEAR_PARTY = 8
_EXPORT = word_set(
    "export exports re-export re-exports exporting arms-export weapons-export defence-export end-user"
)
_CONTROL = word_set(
    "permit permits licence licences license licenses licensing rule rules paperwork ban bans controls curbs law"
    " policy ceiling restrictions guidelines veto principles"
)
_HINTS = word_set(
    "guns radars helicopter helicopters submarine submarines subs boats frigates rounds rockets"
)
_NO_HINTS = word_set(
    "military defence defense army arrow leopard leopards falcon eagle tiger spike"
)
"""Words of the weak kind that ordinary news is full of, or that mean animals."""
_EMBARGO = word_set("embargo embargoes embargos arms-embargo")


class Gate:
    """Words of arms and words of transferring; a text passes where one stands near the other.

    Everyday words ("give", "ships") count only beside words that mean nothing but arms.
    """

    def __init__(self, lexicons: Lexicons) -> None:
        strong: set[str] = set()
        weak: set[str] = {"military", "defence", "defense"}
        for noun in lexicons.weapon_nouns.values():
            if noun.strength != "not":
                (strong if noun.strength == "strong" else weak).update(_key(n) for n in noun.names)
        for system in lexicons.systems.values():
            strong.update(_telling_part(n) for n in system.names)
            weak.update(_telling_part(n) for n in system.ambiguous)
        acts: set[str] = set()
        for predicate in lexicons.predicates.values():
            if predicate.role == "arm":
                strong.update(f.lower() for f in predicate.forms if " " not in f)
            if predicate.role in _ROLES:
                forms = (*predicate.forms, predicate.lemma)
                acts.update(f.lower() for f in forms if " " not in f)
        weak |= _HALF_NAMES
        alone = {
            name.lower()
            for noun in lexicons.weapon_nouns.values()
            if noun.strength == "strong"
            for name in noun.names
            if " " not in name
        }
        hinting = weak | {f"{w}s" for w in weak if not w.endswith("s")}
        strong = (strong - _PLAIN - weak - {""}) | alone | _ARMS
        weak.discard("")
        acts -= _NO_ACTS
        self._strong = frozenset(strong)
        self._weak = frozenset((weak | _PLAIN) - strong)
        self._arms = self._strong | self._weak
        self._acts = frozenset(acts)
        self._telling = frozenset(acts - _EVERYDAY)
        plurals = {f"{w}s" for w in strong if not w.endswith("s")}
        self._hints = frozenset(
            (strong | plurals | hinting | _HINTS) - _PLAIN - _NO_HINTS - {"", "s"}
        )
        self._parties = _party_words(lexicons) - self._arms

    def passes(self, text: str) -> bool:
        """True when a word of arms has a word of transferring near it, or in title and lead a party."""
        words = _words(text)
        if self._opens(words[:LEAD]):
            return True
        if self._arms.isdisjoint(words) or self._acts.isdisjoint(words):
            return False
        last_strong = last_weak = last_act = last_telling = -NEAR - 1
        for i, word in enumerate(words):
            if word in self._arms:
                if word in self._strong:
                    last_strong = i
                    if i - last_act <= NEAR:
                        return True
                last_weak = i
                if i - last_telling <= NEAR:
                    return True
            if word in self._acts:
                last_act = i
                if i - last_strong <= NEAR:
                    return True
                if word in self._telling:
                    last_telling = i
                    if i - last_weak <= NEAR:
                        return True
        return False

    def _opens(self, words: list[str]) -> bool:
        """Whether title and lead name a party near a word for arms, or one of export control anywhere."""
        if self._parties.isdisjoint(words):
            return False
        ruled = not _EMBARGO.isdisjoint(words) or not (
            _EXPORT.isdisjoint(words) or _CONTROL.isdisjoint(words)
        )
        if ruled:
            return True
        if self._hints.isdisjoint(words):
            return False
        at = [i for i, word in enumerate(words) if word in self._parties]
        return any(
            abs(i - j) <= NEAR_PARTY
            for j, word in enumerate(words)
            if word in self._hints
            for i in at
        )

    def language(self, text: str) -> str:
        """ "en" unless hardly any of the commonest English words occur, then "und" (undetermined)."""
        words = text[:4000].lower().split()
        if len(words) < 25:
            return "en"
        return "en" if sum(w in _ENGLISH for w in words) >= len(words) * 0.08 else "und"


_ROLES = word_set("give get arm embargo lift stop control request offer")
_PLAIN = word_set(
    "system systems equipment vehicle vehicles aircraft technology technologies parts part support aid goods capability"
    " capabilities package packages force forces class power program programme family security line war star air ground"
    " block defence defense military stocks stock products product services materials cargo hardware gear kit exports"
    " sales deals imports purchases transfers shipments contracts cooperation supplies platform platforms components"
    " good piece pieces head material device devices personnel assistance fire charge gas article articles supply light"
    " complex car cars link links heads camera cameras craft robot robots transport layers hunter suite"
    " item items kits jacket"
    " component units unit boats boat ships ship trucks truck rounds charges vests engines engine"
)
"""Words that weapon names end in and much else does: they count as weak."""


def _party_words(lexicons: Lexicons) -> frozenset[str]:
    """The one-word names of states, their capitals and peoples, and of movements, with the possessive."""
    names = {
        name.lower()
        for state in lexicons.states.values()
        for name in (
            *state.names,
            *state.adjectives,
            *state.people,
            *state.capitals,
            *state.metonyms,
        )
        if " " not in name and name not in state.ambiguous and len(name) > 2
    }
    names |= {
        name.lower()
        for actor in lexicons.actors.values()
        for name in actor.names
        if " " not in name and len(name) > 2
    }
    return frozenset(names | {f"{name}'s" for name in names} | {f"{name}’s" for name in names})


def _words(text: str) -> list[str]:
    """The words of a text in lower case, marks cut off. One pass of `str.replace` a mark outruns any expression."""
    text = text.lower()
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return text.split()


def _key(name: str) -> str:
    """The word of a noun that the gate looks for: its last, which is the telling one of "fighter jet"."""
    return name.lower().split()[-1]


def _telling_part(name: str) -> str:
    """The word that tells a designation: one with letters and digits ("f-16"), or its only one."""
    words = name.lower().split()
    mixed = [w for w in words if any(c.isalpha() for c in w) and any(c.isdigit() for c in w)]
    best = max(mixed or words, key=len)
    telling = bool(mixed) or len(words) == 1
    return best if telling and len(best) > 2 else ""
