"""How much of an arms exporter a state is: the prior for deals whose words do not tell who sells to whom."""

from __future__ import annotations

from extractors.detection.parties import Party

EXPORTERS = {
    "US": 10, "RU": 9, "FR": 8, "DE": 7, "CN": 7, "GB": 7, "IL": 6, "IT": 6, "SE": 6, "KR": 5, "ES": 5, "NL": 5, "CH": 5,
    "UA": 4, "NO": 4, "CA": 4, "TR": 4, "BY": 4, "CZ": 4, "ZA": 3, "BR": 3, "BE": 3, "AT": 3, "FI": 3, "KP": 3, "IR": 3,
    "AU": 2, "PL": 2, "BG": 2, "RS": 2, "SK": 2, "JP": 2, "IN": 2, "EU": 2, "NATO": 2, "PK": 1, "SA": 0, "AE": 1, "QA": 1,
}  # fmt: skip
"""How much of an exporter a state is, for "a US-Saudi arms deal" where nothing else tells the direction. JUDGEMENT after
SIPRI's rankings 2008-2024; unnamed states count 0.5."""


def exporter_rank(party: Party) -> float:
    """Sort key: the bigger exporter first."""
    return -EXPORTERS.get(party.codes[0], 0.5) if party.codes else 0.0
