"""What an exported encoder says of labelled articles, with the labels beside it: the raw material of all figures."""

from __future__ import annotations

import math
from typing import Any

from extractors.detection.encoder.candidates import same_voice
from extractors.detection.encoder.examples import STAGES, STANCES, Labelled
from extractors.detection.encoder.inference import Encoder
from extractors.detection.encoder.windows import PAIR_TOKENS, RELEVANCE_TOKENS, SPEAKER_TOKENS


def answer(article: Labelled, encoder: Encoder) -> dict[str, Any]:
    """Logits for all windows of one article, without any of its text but the names of its candidates."""
    relevance = encoder.logits(article.relevance.window, RELEVANCE_TOKENS, ["relevance"])[0][0]
    body = article.document.body
    return {
        "id": article.id,
        "source": article.source,
        "relevant": article.relevant,
        "marginal": article.marginal,
        "headline": not body.strip(),
        "length": math.log1p(len(body)) / 8.0,
        "relevance": relevance,
        "pairs": _pairs(article, encoder),
        "speakers": _speakers(article, encoder),
    }


def _pairs(article: Labelled, encoder: Encoder) -> list[dict[str, Any]]:
    out: list[dict[str, Any]] = []
    for pair, example in article.pairs:
        score, stages = encoder.logits(pair.window, PAIR_TOKENS, ["pair", "stage"])
        stage = STAGES[max(range(len(stages)), key=stages.__getitem__)]
        out.append({"supplier": pair.supplier, "recipient": pair.recipient, "score": score[0], "stage": stage,
                    "positive": example.positive, "label": example.label})  # fmt: skip
    return out


def _speakers(article: Labelled, encoder: Encoder) -> list[dict[str, Any]]:
    """Likeliest first, those that are another's second name left out."""
    asked = []
    for one, example in article.speakers:
        score, stances = encoder.logits(one.window, SPEAKER_TOKENS, ["reaction", "stance"])
        asked.append((score[0], stances, one.speaker, example))
    kept: list[Any] = []
    for row in sorted(asked, key=lambda a: -a[0]):
        if not any(same_voice(article.document.text, row[2], other[2]) for other in kept):
            kept.append(row)
    return [
        {
            "speaker": named.label,
            "country": named.code,
            "score": score,
            "stance": STANCES[max(range(3), key=stances.__getitem__)],
            "positive": example.positive,
            "label": example.label,
        }
        for score, stances, named, example in kept
    ]
