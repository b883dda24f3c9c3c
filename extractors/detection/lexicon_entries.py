"""What the lexicons hold: one record type per file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.mentions import Category, Stage, Stance
from extractors.detection.wordsets import word_set

WORD_CLASSES = {
    "<give>": word_set(
        "send sell supply provide deliver give export ship transfer arm equip donate approve license"
        " buy hand back proceed go support help furnish lend lease sending selling supplying providing"
        " delivering giving exporting shipping arming equipping approving authorise authorize allow"
    ),
    "<given>": word_set(
        "sent sold supplied provided delivered given exported shipped transferred armed equipped"
        " donated approved licensed allowed made"
    ),
    "<stop>": word_set(
        "stop halt suspend cancel block end ban freeze cease scrap withdraw revoke reject refuse"
        " pause restrict limit delay postpone prevent abandon oppose veto drop withhold prohibit cut"
        " forbid"
    ),
    "<stopped>": word_set(
        "stopped halted suspended cancelled canceled blocked ended banned frozen scrapped withdrawn"
        " revoked rejected refused paused restricted delayed postponed prevented abandoned vetoed"
        " dropped withheld prohibited"
    ),
    "<arms>": word_set(
        "weapons arms missiles tanks jets aircraft planes drones helicopters ammunition shells"
        " systems ships submarines equipment artillery rockets launchers interceptors weaponry"
        " fighters warplanes defences defenses air military fighter more heavy advanced modern"
    ),
    "<flow>": word_set(
        "sale sales delivery deliveries shipment shipments transfer transfers supply supplies export"
        " exports aid deal deals assistance flow arms weapons purchase contract"
    ),
    "<measure>": word_set(
        "embargo embargoes ban bans moratorium restriction restrictions curbs limits suspension"
        " freeze hold sanctions veto blockade pause"
    ),
    "<det>": word_set(
        "the its their his her an a this that these those all any our your us u.s. un eu"
    ),
}
"""Words that one place in a stance pattern may take: "must not <give>"."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A state and the words it goes by. `ambiguous` lists those that also mean something else."""

    id: str
    names: tuple[str, ...]
    adjectives: tuple[str, ...]
    people: tuple[str, ...]
    capitals: tuple[str, ...]
    metonyms: tuple[str, ...]
    ambiguous: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NamedActor:
    """A non-state, sub-state or international actor; `state` is the code of the state it acts for, if it does."""

    id: str
    kind: str
    names: tuple[str, ...]
    country: str | None
    state: str | None
    ambiguous: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Office:
    """An office, ministry or chamber whose holder speaks officially, or (`official` false) does not."""

    id: str
    kind: str
    names: tuple[str, ...]
    affiliation: str | None
    country: str | None
    official: bool


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A word that introduces speech or is itself a reaction; `target` is the sign it has by itself."""

    id: str
    lemma: str
    forms: tuple[str, ...]
    kind: str
    stance: Stance | None
    target: str | None


@dataclass(frozen=True, kw_only=True)
class StanceRule:
    """A phrase with a stance, a sign (-1: a measure against the flow) or a flip (a negator)."""

    id: str
    pattern: tuple[str, ...]
    stance: Stance | None
    strength: float
    sign: int | None
    flip: str | None


@dataclass(frozen=True, kw_only=True)
class Designation:
    """A weapon system under its standard designation; those of its names that are `ambiguous` need `context` near."""

    id: str
    names: tuple[str, ...]
    category: Category
    origin: tuple[str, ...]
    ambiguous: tuple[str, ...]
    context: tuple[str, ...]
    not_context: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WeaponNoun:
    """A common noun for arms. `strength`: strong, weak (needs company) or not (a false friend)."""

    id: str
    names: tuple[str, ...]
    category: Category | None
    strength: str
    name: bool


@dataclass(frozen=True, kw_only=True)
class Company:
    """An arms maker and the state it belongs to; `civil` marks makers of much else."""

    id: str
    names: tuple[str, ...]
    country: str
    civil: bool


@dataclass(frozen=True, kw_only=True)
class Predicate:
    """A verb or noun of transferring: who does what (`role`), as which part of speech, at which stage."""

    id: str
    lemma: str
    forms: tuple[str, ...]
    role: str
    pos: str
    stage: Stage | None
    frame: str | None


@dataclass(frozen=True, kw_only=True)
class Official:
    """A head of state or government, or a minister, known by name."""

    id: str
    names: tuple[str, ...]
    country: str
    office: str


@dataclass(frozen=True, kw_only=True)
class Relation:
    """States and movements that mostly side with each other (a bloc), are in open dispute (a quarrel), or movements of one
    people (kin), as of a month ("2026-01").
    """

    id: str
    kind: str
    members: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class Suppliers:
    """Who has armed a state or a movement since about 2000, the largest suppliers first, as of a month ("2026-01")."""

    id: str
    recipient: str
    suppliers: tuple[str, ...]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class Lexicons:
    """All lexicons, each by id in file order."""

    states: Mapping[str, State]
    actors: Mapping[str, NamedActor]
    offices: Mapping[str, Office]
    cues: Mapping[str, Cue]
    stance: Mapping[str, StanceRule]
    systems: Mapping[str, Designation]
    weapon_nouns: Mapping[str, WeaponNoun]
    companies: Mapping[str, Company]
    predicates: Mapping[str, Predicate]
    officials: Mapping[str, Official]
    relations: Mapping[str, Relation]
    suppliers: Mapping[str, Suppliers]
