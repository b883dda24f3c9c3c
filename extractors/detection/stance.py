"""The stance of what an official says: sign of the words times sign of what they are about, inside the content only.

+1 favours the arms flow, -1 is against it. A word of attitude toward a measure against the flow (embargo, halt, ban)
counts with its sign turned round; a negator before it makes it neutral, or turns it when the attitude is to a denial.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.mentions import Stance
from extractors.detection.lexicon_entries import WORD_CLASSES, Lexicons, StanceRule
from extractors.detection.reading import Reading
from extractors.detection.relations import Relations


@dataclass(frozen=True, slots=True)
class Hit:
    """A stance rule that matched tokens [start, end), with the signed weight it adds."""

    start: int
    end: int
    value: float
    rule: str


_DETERMINERS = WORD_CLASSES["<det>"] | {"'s", "arms", "weapons", "export"}
_BREAKS = frozenset(
    [";", ".", ",", "but", "because", "since", "while", "if", "on", "against", "of"]
)
TONE = "tone."
"""How the ids of rules begin that tell only a tone (tone.suffering, tone.good): counted, weighed by who speaks."""

_NOT = frozenset(["not", "n't", "never", "without", "nor"])
_DENIED = {"good": "bad", "bad": "good"}
_REACH = 7
"""Tokens right of an attitude word in which the thing it is about is looked for."""


@dataclass(slots=True)
class _Node:
    """A place in the tree of patterns: what may follow as a word, a stem or a word class, and the rule that ends here."""

    words: dict[str, _Node] = field(default_factory=dict)
    stems: dict[str, _Node] = field(default_factory=dict)
    classes: dict[str, _Node] = field(default_factory=dict)
    rule: StanceRule | None = None

    def child(self, step: str) -> _Node:
        """The node after `step`, made when new."""
        if step.startswith("<"):
            return self.classes.setdefault(step, _Node())
        if step.endswith("*"):
            return self.stems.setdefault(step[:-1], _Node())
        return self.words.setdefault(step, _Node())

    def after(self, word: str) -> list[_Node]:
        """The nodes that reading `word` leads to."""
        found = [self.words[word]] if word in self.words else []
        found += [node for name, node in self.classes.items() if word in WORD_CLASSES[name]]
        if self.stems:
            found += [
                self.stems[word[:n]] for n in range(3, len(word) + 1) if word[:n] in self.stems
            ]
        return found


class StanceReader:
    """Scores content with the stance lexicon. `relations` tell who sides with whom."""

    def __init__(self, lexicons: Lexicons) -> None:
        self.relations = Relations(lexicons)
        self._root = _Node()
        self._tones = _Node()
        for rule in lexicons.stance.values():
            root = self._tones if rule.id.startswith(TONE) else self._root
            for phrase in rule.pattern:
                node = root
                for step in _tokens(phrase):
                    node = node.child(step)
                node.rule = node.rule or rule

    def hits(self, reading: Reading, start: int, end: int, turned: bool = False) -> list[Hit]:
        """The signed hits in tokens [start, end). `turned`: what is judged is a measure against the flow."""
        matched = self._matches(reading, start, end)
        measures = [s for s, _, r in matched if r.sign == -1]
        flips = [(e, 0.0 if r.flip == "neutral" else -1.0) for _, e, r in matched if r.flip]
        found: list[Hit] = []
        for s, e, rule in matched:
            if rule.stance is None or rule.stance is Stance.NEUTRAL:
                continue
            value = rule.strength * (1.0 if rule.stance is Stance.SUPPORT else -1.0)
            if (
                turned
                or any(e <= m < e + _REACH for m in measures)
                or self._judges_measure(reading, matched, s)
            ):
                value = -value
            for flip_end, turn in flips:
                if s - 4 <= flip_end <= s:
                    value *= turn
            if _NOT & set(reading.low[max(start, s - 2) : s]):
                value *= -0.7
            if value == 0.0:
                continue
            found.append(Hit(s, e, value, f"stance.{rule.id}"))
        return found

    def about_measure(self, reading: Reading, start: int, end: int) -> bool:
        """Whether a measure against the flow (halt, embargo, ban) is what the first words of the content are about."""
        return any(
            rule.sign == -1 for _, _, rule in self._matches(reading, start, min(end, start + 9))
        )

    def names_measure(self, reading: Reading, start: int, end: int) -> bool:
        """Whether a noun for a measure against the flow ("the halt", "a Hungarian veto") stands in tokens [start, end)."""
        return any(
            rule.sign == -1 and bool(_DETERMINERS & set(reading.low[max(start, s - 3) : s]))
            for s, _, rule in self._matches(reading, start, min(end, len(reading.low)))
        )

    def _judges_measure(
        self, reading: Reading, matched: Sequence[tuple[int, int, StanceRule]], at: int
    ) -> bool:
        """Whether the words at `at` are said of a measure named before them: "the ban is a relic"."""
        for s, e, rule in matched:
            if rule.sign != -1 or not e <= at <= e + 6:
                continue
            if _DETERMINERS & set(reading.low[max(0, s - 3) : s]):
                return not _BREAKS & set(reading.low[e:at])
        return False

    def tones(self, reading: Reading, start: int, end: int) -> dict[str, float]:
        """How many words of each tone stand in tokens [start, end); praise that is denied is blame, and the reverse."""
        counts: dict[str, float] = {}
        for s, _, rule in self._matches(reading, start, end, self._tones):
            kind = rule.id.removeprefix(TONE)
            if _NOT & set(reading.low[max(start, s - 3) : s]):
                kind = _DENIED.get(kind, kind)
            counts[kind] = counts.get(kind, 0.0) + 1.0
        return counts

    def _matches(
        self, reading: Reading, start: int, end: int, root: _Node | None = None
    ) -> list[tuple[int, int, StanceRule]]:
        found: list[tuple[int, int, StanceRule]] = []
        i = start
        while i < end:
            best = self._longest(reading, i, end, root or self._root)
            if best is None:
                i += 1
                continue
            found.append((i, best[0], best[1]))
            i = best[0]
        return found

    def _longest(
        self, reading: Reading, i: int, end: int, root: _Node
    ) -> tuple[int, StanceRule] | None:
        """The end and rule of the longest pattern that begins at token `i`."""
        best: tuple[int, StanceRule] | None = None
        nodes = [root]
        while nodes and i < end:
            word = reading.low[i]
            nodes = [after for node in nodes for after in node.after(word)]
            i += 1
            for node in nodes:
                if node.rule is not None:
                    best = (i, node.rule)
                    break
        return best


def _tokens(phrase: str) -> list[str]:
    """Cuts a phrase as the tokenizer cuts text: "don't" is "do n't", "cannot" is "can not", "Kyiv's" is "kyiv 's"."""
    text = phrase.lower().replace("n't", " n't").replace("cannot", "can not").replace("'s", " 's")
    return text.replace("-", " - ").split()


def decide(hits: Sequence[Hit], cue_value: float) -> tuple[Stance, float]:
    """The stance of summed hits and the cue's own value, with the margin."""
    total = cue_value + sum(h.value for h in hits)
    if total >= 0.6:
        return Stance.SUPPORT, total
    if total <= -0.6:
        return Stance.OPPOSE, total
    return Stance.NEUTRAL, total
