"""Sums of money that an article states for a transfer, as it words them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from domain.mentions import Evidence
from extractors.detection.frames import Frame
from extractors.detection.reading import Reading

_SUM = re.compile(
    r"(?:(?:US|A|C|S|NT|HK)?[$€£¥₩]\s?\d[\d.,]*(?:\s?(?:billion|million|trillion|bn|mn|m|crore)\b)?"
    r"|\b\d[\d.,]*\s(?:billion|million|trillion|crore)\s(?:US |U\.S\. )?"
    r"(?:dollars|euros|pounds|kronor|kroner|yen|won|rupees|zlotys|roubles|rubles|francs))"
)
_NOT_A_PRICE = re.compile(
    r"^\s*(?:each|apiece|per|a piece|a year|a share|in aid)|(?:budget|share price|shares) of $",
    re.I,
)


def value_of(reading: Reading, frames: Sequence[Frame]) -> tuple[str, Evidence] | None:
    """The first sum in the frames' sentences that is no unit price, budget or yearly figure; None when there is none."""
    sentences = {frame.sentence.index: frame.sentence for frame in frames}
    for _, sentence in sorted(sentences.items()):
        begin = reading.begins[sentence.start]
        stop = reading.ends[sentence.end - 1]
        for match in _SUM.finditer(reading.text, begin, stop):
            around = (
                reading.text[match.end() : match.end() + 12],
                reading.text[begin : match.start()],
            )
            if _NOT_A_PRICE.search(around[0]) or _NOT_A_PRICE.search(around[1]):
                continue
            evidence = Evidence(
                field="value",
                start=match.start(),
                end=match.end(),
                text=match.group(),
                rule="value.sum",
            )
            return match.group(), evidence
    return None
