"""What every answer of the detector must hold to, whatever the text."""

from __future__ import annotations

from domain.mentions import Mentions, full_text
from extractors.detection.reading import LONGEST_TEXT


def faults_of(title: str, body: str, found: Mentions) -> list[str]:
    """What is wrong with an answer: evidence that is no slice of the text or names no rule, odds beyond [0, 1]."""
    text = full_text(title, body)
    mentions = [*found.transfers, *found.reactions, *found.proposed]
    odds = [found.score, *(mention.confidence for mention in mentions)]
    wrong = [f"{value} is no probability" for value in odds if not 0.0 <= value <= 1.0]
    for mention in mentions:
        for evidence in mention.evidence:
            inside = 0 <= evidence.start < evidence.end <= min(len(text), LONGEST_TEXT)
            if not inside or text[evidence.start : evidence.end] != evidence.text:
                wrong.append(f"{evidence} is not in the text")
            if not evidence.rule:
                wrong.append(f"{evidence} names no rule")
    return wrong
