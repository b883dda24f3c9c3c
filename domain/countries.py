"""Names of the codes that stand for suppliers, recipients and speakers' countries.

countries.json: ISO 3166-1 alpha-2 with the short English names in common use, XK for Kosovo, and
"EU", "NATO", "UN".
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path

# What people write although ISO says otherwise; the right code is offered, never silently taken.
_OTHER_NAMES = {
    "uk": "GB",
    "britain": "GB",
    "great britain": "GB",
    "england": "GB",
    "usa": "US",
    "america": "US",
    "united states of america": "US",
    "turkey": "TR",
    "burma": "MM",
    "uae": "AE",
    "holland": "NL",
    "czech republic": "CZ",
    "korea": "KR",
    "dprk": "KP",
    "prc": "CN",
    "macedonia": "MK",
    "swaziland": "SZ",
    "ivory coast": "CI",
    "bosnia-herzegovina": "BA",
    "cabo verde": "CV",
    "congo": "CG",
    "el": "GR",
    "ks": "XK",
}


@cache
def country_names() -> Mapping[str, str]:
    """Every known code with its English name."""
    table: dict[str, str] = json.loads(
        Path(__file__).with_name("countries.json").read_text(encoding="utf-8")
    )
    return table


def country_name(code: str) -> str:
    """The English name of a code. Anything else is an actor's own name and comes back as it is."""
    return country_names().get(code, code)


@cache
def codes_by_name() -> Mapping[str, str]:
    """Codes by what people write, without spaces, accents, capitals and signs: "vietnam", "uk"."""
    named = {name: code for code, name in country_names().items()} | _OTHER_NAMES
    return {bare_name(name): code for name, code in named.items()}


def bare_name(name: str) -> str:
    """A country's name as `codes_by_name` has it: Viet Nam and Vietnam are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def code_meant(text: str) -> str | None:
    """The code that "Japan", "jp" or "Jappan" probably stands for; None when unclear."""
    names = country_names()
    if text.upper() in names:
        return text.upper()
    by_name = {name.casefold(): code for code, name in names.items()} | _OTHER_NAMES
    wanted = text.strip().casefold()
    if wanted in by_name:
        return by_name[wanted]
    # 0.85 keeps the names of actors apart from those of countries ("Hamas", "Bahamas": 0.83).
    close = get_close_matches(wanted, by_name, n=1, cutoff=0.85)
    return by_name[close[0]] if close else None
