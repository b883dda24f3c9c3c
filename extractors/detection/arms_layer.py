"""Where a text may name arms: the lexicon's matches, the names that patterns find, and whether arms are meant."""

from __future__ import annotations

from extractors.detection.designations import calibre_end, is_common, is_designation
from extractors.detection.quantities import is_counted
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set


class ArmsLayer:
    """The weapon layer of a reading with the designations that patterns find, and what tells whether arms are meant."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.known = reading.spans["weapons"]
        names = reading.spans["names"]
        self.taken = {
            i for spans in (self.known, names) for s, e in spans.items() for i in range(s, e[0])
        }
        covered = {i for start, (end, _) in self.known.items() for i in range(start, end)}
        self._patterns: dict[int, tuple[int, list[tuple[str, str]]]] = {}
        self._sure = {
            s for s, (_, o) in self.known.items() if any(x == "weapon.strong" for x, _ in o)
        }
        for i in range(len(reading.words)):
            if i in covered:
                continue
            if is_designation(reading, i):
                self._patterns[i] = (i + 1, [("pattern", "")])
            else:
                end = calibre_end(reading, i)
                if end is not None:
                    self._patterns[i] = (end, [("calibre", "")])
        self.taken |= {i for start, (end, _) in self._patterns.items() for i in range(start, end)}

        self._patterns |= {
            i: (i + 1, [("counted", "")])
            for i in range(len(reading.words))
            if self._sure and _counted_name(reading, i, self.taken) and self.trades(i, i + 1)
        }

    def starts(self) -> list[int]:
        return sorted(self.known.keys() | self._patterns.keys())

    def at(self, start: int) -> tuple[int, list[tuple[str, str]]]:
        return self.known.get(start) or self._patterns[start]

    def sure_beside(self, start: int) -> int:
        """How many phrases elsewhere in the text mean nothing but arms."""
        return len(self._sure) - (start in self._sure)

    def trades(self, start: int, end: int) -> bool:
        """Whether a capitalised name that may mean other things stands among states that give or get."""
        reading = self._reading
        if not reading.words[start][0].isupper() or _beside_a_name(reading, start, end, self.taken):
            return False
        sentence = reading.sentences[reading.sentence_of[start]]
        inside = range(sentence.start, sentence.end)
        acts = any(
            label.split(".")[-1] in _TRADING
            for i in inside
            if i in reading.spans["predicates"]
            for label, _ in reading.spans["predicates"][i][1]
        )
        states = [
            i
            for i in inside
            if i in reading.spans["names"]
            and any(x.split(".")[0] in _PARTIES for x, _ in reading.spans["names"][i][1])
        ]
        sure = self.sure_beside(start)
        if sure >= 3 and not (sentence.is_title and reading.title_case):
            return True
        if not acts or not states:
            return False
        name = reading.slice(start, end)
        plain = end - start == 1 and not name.isupper() and not name.endswith("s")
        if sentence.is_title and reading.title_case:
            return sure > 0 or (not plain and (len(states) > 1 or is_counted(reading, start)))
        return sure > 0 or not plain or is_counted(reading, start)


_TRADING = word_set("give get arm offer request control stop embargo lift negotiate commit")
_PARTIES = word_set("state actor leader official")


def _counted_name(reading: Reading, i: int, taken: set[int]) -> bool:
    """Whether a number and a plural with a capital stand here, as in "four Dhruvs"; nothing else makes them arms."""
    word = reading.words[i]
    sentence = reading.sentences[reading.sentence_of[i]]
    if not (word[0].isupper() and word.endswith("s") and word[:-1].isalpha() and len(word) > 3):
        return False
    if i in taken or i <= sentence.start or (sentence.is_title and reading.title_case):
        return False
    return (
        is_counted(reading, i)
        and not is_common(word)
        and not _beside_a_name(reading, i, i + 1, taken)
    )


def _beside_a_name(reading: Reading, start: int, end: int, taken: set[int]) -> bool:
    """Whether a capitalised word that nothing explains stands right beside, as in a person's name: "Jeffrey Archer"."""
    sentence = reading.sentences[reading.sentence_of[start]]
    if sentence.is_title and reading.title_case:
        return False
    before = start - 1
    if before > sentence.start and before not in taken and reading.words[before][0].isupper():
        return True
    return (
        end < sentence.end
        and end not in taken
        and reading.words[end][0].isupper()
        and reading.words[end].isalpha()
    )
