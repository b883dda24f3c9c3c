"""The language of a text."""

from __future__ import annotations

from functools import cache
from typing import Any

from extractors.plain_text import one_line

# Languages in which governments, agencies and newspapers publish. The others of the model's 140
# were never right in 717 real English headlines and wrong in 20 (Nigerian Pidgin, Walloon, Shona).
_CODES = (
    "af am ar az be bg bn bs ca cs da de el en es et fa fi fr he hi hr hu hy id is it ja ka kk km ko"
    " ku ky lo lt lv mk mn mr ms ne nl nn no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tl tr"
    " uk ur vi zh"
)
SURE = 0.9
"""Probability from which a short text overrules what its feed says of itself."""
LONG = 300
"""Characters from which a text is believed before its feed: some feeds name a language they are not
written in.
"""
_READ = 4_000


def language_of(text: str, prior: str | None = None) -> str | None:
    """The ISO 639-1 code of a text's language; None for a text without letters and without `prior`.

    `prior` is what the feed or the page says; a text too short to tell is believed to be in it.
    """
    sample = one_line(text[:_READ])
    if not any(c.isalpha() for c in sample):
        return prior
    language, probability = _identifier().classify(sample)
    if prior is not None and len(sample) < LONG and probability < SURE:
        return prior
    return str(language)


@cache
def _identifier() -> Any:
    """py3langid's model (0.5 s to load), limited to the languages above."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    known = _CODES.split()
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([code for code in identifier.labels if code in known])
    return identifier
