"""How names look and what stands beside them: cases, titles, possessives, heads."""

from __future__ import annotations

import re

from extractors.detection.parties import Party, PartyTable, Person
from extractors.detection.reading import Reading
from extractors.detection.wordsets import word_set

MOVEMENT_HEADS = word_set(
    "rebels rebel insurgents insurgent militants militant militia militias separatists separatist"
    " jihadists jihadist terrorists guerrillas guerrilla opposition kurds mujahideen fighters"
    " islamists paramilitaries warlords dissidents tribes tribesmen houthis"
)


FORCE_HEADS = word_set(
    "army military forces troops navy government regime authorities marines soldiers armed air"
    " military's administration state police side delegation leadership rulers junta firms"
    " companies contractors makers manufacturers suppliers coalition allies"
)


BETWEEN = word_set(
    "senior deputy acting vice first top chief new outgoing incoming interim permanent special"
    " national federal leading main ruling caretaker assistant under state moderate armed islamist"
    " pro anti ethnic shiite shi'ite sunni kurdish arab opposition-held"
)


PARTICLES = word_set(
    "al el bin ibn van von de der den da di du la le del dos abu ben ould bint abdel abdul"
)


NOT_NAME = word_set(
    "the a an this that these those it he she they we i and but or for in on at to from with by"
    " of as if when while after before monday tuesday wednesday thursday friday saturday sunday"
    " january february march april may june july august september october november december says"
    " said will would could mr mrs ms dr gen sen rep col lt maj sir lord no not us reuters ap afp"
    " bbc cnn photo image file press tv news told according last next also both its his her their"
    " republican democratic democrat labour conservative general act house senate council war"
    " world army force air navy about against is are was were has have been be who what why how"
    " where which there here all some any more many new old first two three one over under up out"
    " off than then so now just only even still"
)


TITLES = word_set(
    "mr mrs ms dr gen sen rep col lt maj sir lord capt adm cmdr brig mr. mrs. ms. dr. gen. sen."
    " rep. col. lt. maj. capt. adm. cmdr. brig. sens. reps."
)


_PARTY_BADGE = re.compile(r"[RDI]-[A-Z]")
"""How American news tells a lawmaker's party and state: "R-N.Y."."""


def cleaned(reading: Reading, start: int, end: int) -> str:
    return " ".join(reading.slice(start, end).split())


def remember(table: PartyTable, party: Party) -> None:
    if not party.name:
        return
    surname = party.name.split()[-1].strip(".").lower()
    if len(surname) < 2 or surname in NOT_NAME:
        return
    known = table.persons.get(surname)
    if known is not None and (known.code or not party.code) and known.office_kind:
        return
    table.persons[surname] = Person(
        party.name, party.code, party.office, party.office_kind, party.official, party.affiliation
    )


def known_surname(table: PartyTable, name: str) -> bool:
    person = table.persons.get(name.split()[-1].strip(".").lower())
    return person is not None and name.split()[0] in person.name.split()


def name_word(reading: Reading, i: int, *, inside: bool) -> bool:
    if not 0 <= i < len(reading.words):
        return False
    word = reading.words[i]
    low = reading.low[i]
    if inside and (low in PARTICLES or word == "-"):
        return True
    return (
        word[0].isupper()
        and low not in NOT_NAME
        and any(c.isalpha() for c in word)
        and not any(c.isdigit() for c in word)
        and not _PARTY_BADGE.match(word)
    )


def after(reading: Reading, end: int) -> str:
    return "possessive" if _owns(reading, end) else "name"


def _owns(reading: Reading, end: int) -> bool:
    """Whether a possessive mark is glued to the word before `end`; a quotation mark stands apart."""
    word = reading.word(end)
    return word == "'s" or (
        word == "'"
        and reading.begins[end] == reading.ends[end - 1]
        and reading.low[end - 1].endswith("s")
    )


def case_of(reading: Reading, start: int, end: int, *, adjective: bool) -> str:
    following = reading.word(end)
    if _owns(reading, end):
        return "possessive"
    if not reading.same_sentence(start, end):
        return "name"
    if following == "-":
        return "adjective" if adjective else "name"
    if end in reading.spans["weapons"] or _is_head(reading, end):
        return "adjective" if adjective else "compound"
    if adjective and following[:1].isalpha() and following not in _FUNCTION_WORDS:
        return "adjective"
    if following in BETWEEN:
        return "adjective" if adjective else "compound"
    return "name"


_NOUNS_OF_TRANSFER = (
    "deal",
    "sale",
    "sales",
    "aid",
    "deals",
    "package",
    "embargo",
    "exports",
    "order",
    "request",
    "purchase",
    "acquisition",
    "shipment",
    "delivery",
    "contract",
)
"""Nouns that no verb's third person looks like; behind a state they are its own."""


def before_noun(reading: Reading, i: int) -> bool:
    """Whether a word that is both name and adjective ("U.S.") modifies what follows: a noun of arms or office is near."""
    for j in range(i, min(i + 4, len(reading.words))):
        if (
            not reading.same_sentence(i, j)
            or reading.low[j] in _FUNCTION_WORDS
            or not reading.low[j][0].isalpha()
        ):
            return reading.low[j] == "-" and j == i
        if j in reading.spans["weapons"] or _is_head(reading, j):
            return True
        if j in reading.spans["predicates"]:
            return reading.low[j].endswith(_NOUNS_OF_TRANSFER)
        if j in reading.spans["cues"]:
            return False
    return False


def _is_head(reading: Reading, i: int) -> bool:
    entry = reading.spans["names"].get(i)
    if entry is not None and any(label.startswith("office.") for label, _ in entry[1]):
        return True
    return reading.word(i) in MOVEMENT_HEADS or reading.word(i) in FORCE_HEADS


_FUNCTION_WORDS = word_set(
    "is are was were be been being has have had do does did will would could can may might should"
    " must to of in on at by for from with and or but not that which who as if when while after"
    " before over against under about into said says say than also it he she they its his her"
    " their the a an this these those agreed agrees wants want"
)


def looks_like_a_name(reading: Reading, start: int, end: int) -> bool:
    """An ambiguous name beside another capitalised word that is no name of ours: "Michael Jordan", "Chad Johnson"."""
    if reading.title_case and reading.sentences[reading.sentence_of[start]].is_title:
        return False
    before, after = start - 1, end
    for i, first_of_sentence in ((before, True), (after, False)):
        if not reading.same_sentence(start, i) or i in reading.spans["names"]:
            continue
        if first_of_sentence and reading.sentences[reading.sentence_of[start]].start == i:
            continue
        word = reading.words[i]
        if word[0].isupper() and word[1:].islower() and reading.low[i] not in NOT_NAME:
            return True
    return False
