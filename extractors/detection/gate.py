"""The gate: whether a text speaks of weapons and of transferring at all, told without spaCy at tens of MB a second."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

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
BRIEF = 250
"""Words up to which a text with arms near a word of transferring needs no more than two parties anywhere."""
LONG = 600
"""Words from which one such place beside a party may be a remark: sure words of arms count twice, two are needed."""
DENSE = 100
"""A longer text passes without parties when one word in so many is a word of arms beside one of transferring."""
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
_PERMITS = word_set(
    "permits licences licenses arms-export weapons-export defence-export re-exports"
)
_NO_NAMES = word_set(
    "the and for new main type class mark system systems air defence defense military army army's light heavy sea land"
    " combat multi role support water fire ground force forces power center centre program programme boat boats ship ships"
    " car cars truck trucks vehicle vehicles plane planes van body engine engines one two star war line all level high low"
    " super advanced next generation national global city joint rapid force project family future strike attack medium"
    " service training school test long short fast wide open first second third king queen south north east west"
)
"""Words inside weapons' names that headlines of any kind are full of."""
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
        arms = strong | weak | _PLAIN
        plurals = {f"{w}s" for w in strong if not w.endswith("s")}
        self._hints = frozenset(
            (strong | plurals | hinting | _HINTS) - _PLAIN - _NO_HINTS - {"", "s"}
        )
        self._parties = _party_words(lexicons) - arms
        kinds = (
            (_ARMS_WORD, arms),
            (_STRONG, self._strong),
            (_ACT, acts),
            (_TELLING, acts - _EVERYDAY),
            (_PARTY, self._parties),
        )
        self._kinds: dict[str, int] = {}
        for kind, names in kinds:
            for name in names:
                self._kinds[name] = self._kinds.get(name, 0) | kind
        self._named = self._parties | _surnames(lexicons)
        self._sure = (self._strong | plurals | _EMBARGO) - _PLAIN
        self._brief_hints = (_name_words(lexicons) | self._hints | _PERMITS) - _NO_NAMES

    def passes(self, text: str) -> bool:
        """True when words of arms and of transferring stand near each other, the nearer to parties the longer the text.

        Ordinary articles are long and hold all these words somewhere: of them a party must stand by, from LONG words
        on more than once, or arms and transferring must run through the text. A headline needs less.
        """
        words = _words(text)
        if self._opens(words[:LEAD]) or (len(words) <= LEAD and self._hints_at_all(words)):
            return True
        marked = [(i, kind) for i, word in enumerate(words) if (kind := self._kinds.get(word))]
        told = _told(marked)
        if len(words) <= LEAD or len(told) * DENSE >= len(words) or not told:
            return bool(told)
        parties = [i for i, kind in marked if kind & _PARTY]
        if len(words) <= BRIEF:
            return bool(parties)
        beside = _near(sorted(told), parties, NEAR)
        return len(beside) + sum(told[i] for i in beside) >= (2 if len(words) > LONG else 1)

    def _hints_at_all(self, words: Sequence[str]) -> bool:
        """Whether a headline or brief has a sure word of arms, an embargo, or a party and part of a weapon's name."""
        if not self._sure.isdisjoint(words):
            return True
        return not self._named.isdisjoint(words) and not self._brief_hints.isdisjoint(words)

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


_NO_PARTIES = word_set(
    "islands republic states kingdom city territory territories african town union coast peace"
)
_SHORT = frozenset(["UK", "EU", "UN"])


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
        if " " not in name and name not in state.ambiguous and (len(name) > 2 or name in _SHORT)
    }
    names |= {
        name.lower()
        for actor in lexicons.actors.values()
        for name in actor.names
        if " " not in name and (len(name) > 2 or name in _SHORT)
    }
    names |= {
        name.lower().split()[-1]
        for state in lexicons.states.values()
        for name in (*state.names, *state.capitals)
        if " " in name and len(name.split()[-1]) > 4
    } - _NO_PARTIES
    return frozenset(names | {f"{name}'s" for name in names} | {f"{name}’s" for name in names})


_ARMS_WORD, _STRONG, _ACT, _TELLING, _PARTY = 1, 2, 4, 8, 16
"""Kinds of words, as bits: one look-up a word tells them all."""


def _told(marked: Sequence[tuple[int, int]]) -> dict[int, bool]:
    """Where a sure word of arms has any word of transferring near (True), or one of arms a telling one (False)."""
    acts = [i for i, kind in marked if kind & _ACT]
    telling = [i for i, kind in marked if kind & _TELLING]
    strong = [i for i, kind in marked if kind & _STRONG]
    arms = [i for i, kind in marked if kind & _ARMS_WORD]
    return dict.fromkeys(_near(arms, telling, NEAR), False) | dict.fromkeys(
        _near(strong, acts, NEAR), True
    )


def _surnames(lexicons: Lexicons) -> frozenset[str]:
    """The last names of leaders and ministers, whom headlines name instead of their states."""
    names = {n.lower().split()[-1] for o in lexicons.officials.values() for n in o.names}
    return frozenset(name for name in names if len(name) > 2)


def _name_words(lexicons: Lexicons) -> frozenset[str]:
    """Every word of the names of weapon systems that is not short, and its plural."""
    words = {
        word.lower()
        for system in lexicons.systems.values()
        for name in (*system.names, *system.ambiguous)
        for word in name.split()
        if len(word) > 2 and not word.isdigit()
    }
    return frozenset(words | {f"{word}s" for word in words})


def _near(places: Sequence[int], others: Sequence[int], reach: int) -> list[int]:
    """Those of `places` that have one of `others` within `reach`; both rise."""
    found = []
    for place in places:
        k = bisect_left(others, place - reach)
        if k < len(others) and others[k] <= place + reach:
            found.append(place)
    return found


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
