"""How a lexicon row is read: strictly, key by key, with file and line in every error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.errors import ConfigError
from domain.mentions import Category, Stage, Stance
from extractors.detection.lexicon_entries import (
    WORD_CLASSES,
    Company,
    Cue,
    Designation,
    NamedActor,
    Office,
    Official,
    Predicate,
    Relation,
    StanceRule,
    State,
    Suppliers,
    WeaponNoun,
)
from extractors.detection.wordsets import word_set

PREDICATE_ROLES = word_set(
    "give get control request offer negotiate stop arm commit embargo lift modal"
)


OFFICE_KINDS = word_set(
    "institution person parliament court military spokesperson anonymous lawmaker international"
    " unofficial"
)


CUE_KINDS = frozenset(["say", "attitude", "nominal", "action", "according", "headline"])


STRENGTHS = frozenset(["strong", "weak", "not"])


@dataclass(frozen=True, kw_only=True)
class Row:
    """One JSON object of a lexicon with where it stands, read key by key."""

    data: Mapping[str, Any]
    path: Path
    line: int

    def wrong(self, message: str) -> ConfigError:
        return ConfigError(message, path=self.path, line=self.line)

    def text(self, key: str) -> str:
        value = self._present(key)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(f'"{key}" must be a text that is not empty, not {value!r}')
        return value

    def text_or_none(self, key: str) -> str | None:
        value = self.data.get(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return value
        raise self.wrong(f'"{key}" must be a text or null, not {value!r}')

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._present(key)
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise self.wrong(f'"{key}" must be a list of texts, not {value!r}')
        return tuple(value)

    def texts_or_empty(self, key: str) -> tuple[str, ...]:
        return () if self.data.get(key) is None else self.texts(key)

    def truth(self, key: str) -> bool:
        value = self._present(key)
        if not isinstance(value, bool):
            raise self.wrong(f'"{key}" must be true or false, not {value!r}')
        return value

    def truth_or_false(self, key: str) -> bool:
        return False if self.data.get(key) is None else self.truth(key)

    def one_of(self, key: str, allowed: frozenset[str]) -> str:
        value = self.text(key)
        if value not in allowed:
            raise self.wrong(f'unknown {key} "{value}"; known: {", ".join(sorted(allowed))}')
        return value

    def stage(self, key: str) -> Stage | None:
        value = self.text_or_none(key)
        return None if value is None else Stage(self.one_of(key, frozenset(Stage)))

    def stance(self, key: str) -> Stance | None:
        value = self.text_or_none(key)
        return None if value is None else Stance(self.one_of(key, frozenset(Stance)))

    def category(self, key: str) -> Category:
        return Category(self.one_of(key, frozenset(Category)))

    def _present(self, key: str) -> Any:
        if key not in self.data:
            raise self.wrong(f'the key "{key}" is missing')
        return self.data[key]


def _state(row: Row) -> State:
    return State(
        id=row.text("id"),
        names=row.texts("names"),
        adjectives=row.texts("adjectives"),
        people=row.texts("people"),
        capitals=row.texts("capitals"),
        metonyms=row.texts("metonyms"),
        ambiguous=row.texts("ambiguous"),
    )


def _actor(row: Row) -> NamedActor:
    return NamedActor(
        id=row.text("id"),
        kind=row.text("kind"),
        names=row.texts("names"),
        country=row.text_or_none("country"),
        state=row.text_or_none("state"),
        ambiguous=row.texts_or_empty("ambiguous"),
    )


def _office(row: Row) -> Office:
    return Office(
        id=row.text("id"),
        kind=row.one_of("kind", OFFICE_KINDS),
        names=row.texts("names"),
        affiliation=row.text_or_none("affiliation"),
        country=row.text_or_none("country"),
        official=row.truth("official"),
    )


def _cue(row: Row) -> Cue:
    return Cue(
        id=row.text("id"),
        lemma=row.text("lemma"),
        forms=row.texts("forms"),
        kind=row.one_of("kind", CUE_KINDS),
        stance=row.stance("stance"),
        target=row.text_or_none("target"),
    )


def _stance_rule(row: Row) -> StanceRule:
    sign = row.data.get("sign")
    if sign is not None and (isinstance(sign, bool) or sign not in (-1, 1)):
        raise row.wrong(f'"sign" must be 1 or -1, not {sign!r}')
    strength = row.data.get("strength", 1.0)
    if isinstance(strength, bool) or not isinstance(strength, int | float):
        raise row.wrong(f'"strength" must be a number, not {strength!r}')
    flip = row.text_or_none("flip")
    if flip is not None:
        row.one_of("flip", frozenset(["neutral", "invert"]))
    rule = StanceRule(
        id=row.text("id"),
        pattern=row.texts("pattern"),
        stance=row.stance("stance"),
        strength=float(strength),
        sign=None if sign is None else int(sign),
        flip=flip,
    )
    classes = {w for p in rule.pattern for w in p.split() if w.startswith("<")}
    if classes - set(WORD_CLASSES):
        unknown, known = ", ".join(sorted(classes - set(WORD_CLASSES))), ", ".join(WORD_CLASSES)
        raise row.wrong(f"unknown word class {unknown}; known: {known}")
    if rule.stance is None and rule.sign is None and rule.flip is None:
        raise row.wrong('one of the keys "stance", "sign" and "flip" is needed')
    return rule


def _designation(row: Row) -> Designation:
    origin = row.data.get("origin")
    return Designation(
        id=row.text("id"),
        names=row.texts("names"),
        category=row.category("category"),
        origin=(row.texts("origin") if isinstance(origin, list) else ())
        or ((row.text("origin"),) if isinstance(origin, str) else ()),
        ambiguous=row.texts_or_empty("ambiguous"),
        context=tuple(t.lower() for t in row.texts_or_empty("context")),
        not_context=tuple(t.lower() for t in row.texts_or_empty("not_context")),
    )


def _weapon_noun(row: Row) -> WeaponNoun:
    return WeaponNoun(
        id=row.text("id"),
        names=row.texts("names"),
        category=None if row.data.get("category") is None else row.category("category"),
        strength=row.one_of("strength", STRENGTHS),
        name=row.truth_or_false("name"),
    )


def _company(row: Row) -> Company:
    return Company(
        id=row.text("id"),
        names=row.texts("names"),
        country=row.text("country"),
        civil=row.truth_or_false("civil"),
    )


def _predicate(row: Row) -> Predicate:
    return Predicate(
        id=row.text("id"),
        lemma=row.text("lemma"),
        forms=row.texts("forms"),
        role=row.one_of("role", PREDICATE_ROLES),
        pos=row.text("pos"),
        stage=row.stage("stage"),
        frame=row.text_or_none("frame"),
    )


def _official(row: Row) -> Official:
    return Official(
        id=row.text("id"),
        names=row.texts("names"),
        country=row.text("country"),
        office=row.text("office"),
    )


def _relation(row: Row) -> Relation:
    return Relation(
        id=row.text("id"),
        kind=row.one_of("kind", frozenset(["bloc", "quarrel", "kin"])),
        members=row.texts("members"),
        as_of=row.text("as_of"),
    )


def _suppliers(row: Row) -> Suppliers:
    entry = Suppliers(
        id=row.text("id"),
        recipient=row.text("recipient"),
        suppliers=row.texts("suppliers"),
        as_of=row.text("as_of"),
    )
    twice = {name for name in entry.suppliers if entry.suppliers.count(name) > 1}
    if twice:
        raise row.wrong(f'"suppliers" names twice: {", ".join(sorted(twice))}')
    if entry.recipient in entry.suppliers:
        raise row.wrong(f'"{entry.recipient}" is named as its own supplier')
    return entry


READERS: Mapping[str, Callable[[Row], Any]] = {
    "states": _state,
    "actors": _actor,
    "offices": _office,
    "cues": _cue,
    "stance": _stance_rule,
    "systems": _designation,
    "weapon_nouns": _weapon_noun,
    "companies": _company,
    "predicates": _predicate,
    "officials": _official,
    "relations": _relation,
    "suppliers": _suppliers,
}
