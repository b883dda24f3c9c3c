"""What a story knows, taken together from its articles: one transfer a pair, one reaction a
speaker. Articles are taken in the order they were told (alerts/story_telling.py), so each is news to
what is known before it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from alerts.certainty import takes_side
from alerts.figures import unite_figures
from alerts.party_names import fuller_party, may_be_party, same_parties, same_party
from alerts.speakers import bare_name, is_institution, same_speaker
from alerts.system_names import is_system, same_system, share_system
from domain.alerting import ToldReaction, ToldTransfer
from domain.mentions import STAGE_ORDER, Reaction, Stage, System, Transfer

_STOPPED = (Stage.SUSPENDED, Stage.REJECTED)
_RESUMED = (Stage.APPROVED, Stage.SIGNED, Stage.DELIVERED)
"""Only these undo a stop: a newer article that calls a frozen deal "announced" tells its past."""


def same_pair(a: Transfer, b: Transfer) -> bool:
    """Whether two transfers are the same one within a story: same supplier, same recipient, and
    both a rule (policy) or both a deal."""
    return _both_or_none_policy(a, b) and same_parties(a, b)


def may_be_pair(a: Transfer, b: Transfer) -> bool:
    """Whether they are, or would be if what one of them leaves out or in the vague were said."""
    return (
        _both_or_none_policy(a, b)
        and may_be_party(a.supplier, b.supplier)
        and may_be_party(a.recipient, b.recipient)
    )


def _both_or_none_policy(a: Transfer, b: Transfer) -> bool:
    return (a.stage is Stage.POLICY) is (b.stage is Stage.POLICY)


def merge_transfers(
    known: Iterable[ToldTransfer], found: Iterable[ToldTransfer]
) -> tuple[ToldTransfer, ...]:
    """`known` with what a later article adds."""
    merged = list(known)
    # Complete pairs first, so that an incomplete one finds its home.
    for told in sorted(
        found, key=lambda t: (t.transfer.supplier, t.transfer.recipient).count(None)
    ):
        place = _home(merged, told.transfer)
        if place is None:
            merged.append(told)
        else:
            merged[place] = _merged_transfer(merged[place], told)
    return tuple(merged)


def merge_reactions(
    known: Iterable[ToldReaction], found: Iterable[ToldReaction]
) -> tuple[ToldReaction, ...]:
    """`known` with what a later article adds; a speaker's last word counts."""
    merged = list(known)
    for told in found:
        same = (i for i, k in enumerate(merged) if same_speaker(k.reaction, told.reaction))
        place = next(same, None)
        if place is None:
            merged.append(told)
        else:
            merged[place] = _merged_reaction(merged[place], told)
    return tuple(merged)


def unite_systems(known: Iterable[System], found: Iterable[System]) -> tuple[System, ...]:
    """All systems, each once; what one article lacks (designation, category) another gives."""
    united = list(known)
    for system in found:
        place = next((i for i, k in enumerate(united) if same_system(k, system)), None)
        if place is None:
            united.append(system)
        else:
            united[place] = replace(
                united[place],
                designation=united[place].designation or system.designation,
                category=united[place].category or system.category,
            )
    return tuple(united)


def has_system(systems: Iterable[System], system: System) -> bool:
    """Whether `system` is nothing new among `systems`: "Patriot" beside "Patriot PAC-3" is not."""
    return any(
        same_system(k, system) or is_system(system.name, k) or is_system(k.name, system)
        for k in systems
    )


def _home(known: list[ToldTransfer], transfer: Transfer) -> int | None:
    """The place in `known` of the transfer that `transfer` tells again.

    One that leaves a party out belongs to the only one it is compatible with ("Japan exports
    Patriots" beside Japan -> US: Patriot); between two it stays by itself.
    """
    same = next((i for i, k in enumerate(known) if same_pair(k.transfer, transfer)), None)
    if same is not None:
        return same
    if transfer.stage is Stage.POLICY:
        return None
    fitting = [i for i, k in enumerate(known) if _completes(k.transfer, transfer)]
    return fitting[0] if len(fitting) == 1 else None


def _completes(a: Transfer, b: Transfer) -> bool:
    if Stage.POLICY in (a.stage, b.stage) or not may_be_pair(a, b):
        return False
    both = ((a.supplier, b.supplier), (a.recipient, b.recipient))
    agree = any(x is not None and same_party(x, y) for x, y in both)
    if a.systems and b.systems:
        return agree and share_system(a.systems, b.systems)
    return agree or not b.systems


def _merged_transfer(known: ToldTransfer, found: ToldTransfer) -> ToldTransfer:
    old, new = known.transfer, found.transfer
    advances = _advances(old.stage, new.stage)
    lead, other = (new, old) if advances else (old, new)
    transfer = replace(
        lead,
        supplier=fuller_party(old.supplier, new.supplier),
        recipient=fuller_party(old.recipient, new.recipient),
        systems=unite_systems(old.systems, new.systems),
        value=lead.value or other.value,
        quantity=lead.quantity or other.quantity,
        # Reported as fact once is enough; only while everybody merely alleges it does it stay
        # alleged.
        alleged=old.alleged and new.alleged,
        confidence=max(old.confidence, new.confidence),
    )
    # The sentence has to speak of the stage shown, so an earlier stage's is no substitute.
    quotation = found.quotation if advances else known.quotation or found.quotation
    return ToldTransfer(
        transfer=transfer,
        quotation=quotation,
        values=unite_figures(known.values, found.values),
        quantities=unite_figures(known.quantities, found.quantities),
    )


def _advances(old: Stage, new: Stage) -> bool:
    if old is new:
        return False
    if new in _STOPPED:
        return True
    if old in _STOPPED:
        return new in _RESUMED
    if old in STAGE_ORDER and new in STAGE_ORDER:
        return STAGE_ORDER.index(new) > STAGE_ORDER.index(old)
    return False


def _merged_reaction(known: ToldReaction, found: ToldReaction) -> ToldReaction:
    old, new = known.reaction, found.reaction
    # An article that quotes a neutral sentence of an opponent has not changed his mind, nor has one of whom it is unclear.
    turned = new.stance is not old.stance and takes_side(new)
    last, other = (new, old) if turned else (old, new)
    reaction = replace(
        last,
        speaker=_fuller_speaker(old, new),
        affiliation=old.affiliation or new.affiliation,
        country=_likelier_country(old, new),
        quote=last.quote,
        confidence=max(old.confidence, new.confidence),
        stance_confidence=max(r.stance_confidence for r in (old, new) if r.stance is last.stance),
    )
    told = found if last is new else known
    return replace(
        told,
        reaction=reaction,
        quotation=told.quotation or (known if other is old else found).quotation,
    )


def _likelier_country(old: Reaction, new: Reaction) -> str | None:
    """The country of the surer reading, where two articles tell two."""
    if old.country and new.country:
        return new.country if new.confidence > old.confidence else old.country
    return old.country or new.country


def _fuller_speaker(old: Reaction, new: Reaction) -> str:
    """A person's name says more than an institution's, a full name more than a surname."""
    if is_institution(old) != is_institution(new):
        return new.speaker if is_institution(old) else old.speaker
    ours, theirs = bare_name(old.speaker), bare_name(new.speaker)
    return new.speaker if len(theirs) > len(ours) and theirs.endswith(ours) else old.speaker
