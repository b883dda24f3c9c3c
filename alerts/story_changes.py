"""What is materially new in a story, in words: the difference between two states of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alerts.certainty import takes_side
from alerts.speakers import same_speaker
from alerts.story_merging import has_system, may_be_pair, same_pair
from alerts.wording import (
    parties,
    speaker_words,
    stage_name,
    stage_words,
    stance_words,
    summary,
    system_names,
)
from domain.alerting import Change, ChangeKind, Story
from domain.countries import country_name
from domain.mentions import Reaction, Stage, Transfer


def combine(before: Story | None, after: Story) -> tuple[Change, ...]:
    """Every material change from `before` to `after`; a story that was not there before is one
    change."""
    if before is None:
        lead = lead_transfer(after)
        what = summary(lead) if lead else after.headline
        return (Change(kind=ChangeKind.NEW_STORY, text=f"new story: {what}"),)
    known = [told.transfer for told in before.transfers]
    reactions = [told.reaction for told in before.reactions]
    return (
        *(c for told in after.transfers for c in _transfer_changes(known, told.transfer)),
        *_reaction_changes(reactions, [told.reaction for told in after.reactions]),
    )


def lead_transfer(story: Story) -> Transfer | None:
    """The transfer that stands for the story: the one most is known of, the earliest among
    equals."""
    transfers = [told.transfer for told in story.transfers]

    def known(transfer: Transfer) -> tuple[int, bool]:
        stated = (transfer.supplier, transfer.recipient)
        return 2 - stated.count(None), bool(transfer.systems)

    return max(transfers, key=known, default=None)


def _transfer_changes(known: list[Transfer], transfer: Transfer) -> Iterator[Change]:
    old = _known_as(known, transfer)
    if old is None:
        if transfer.stage is Stage.POLICY:
            yield Change(kind=ChangeKind.STAGE, text=f"policy: {summary(transfer)}")
        elif _adds_party(known, transfer):
            yield Change(kind=ChangeKind.NEW_PARTY, text=f"new parties: {summary(transfer)}")
        return
    if old.stage is not transfer.stage:
        text = f"stage: {stage_name(old.stage)} → {stage_words(transfer)} ({parties(transfer)})"
        yield Change(kind=ChangeKind.STAGE, text=text)
    new = [system for system in transfer.systems if not has_system(old.systems, system)]
    if new:
        text = f"new system: {system_names(new)} ({parties(transfer)})"
        yield Change(kind=ChangeKind.NEW_SYSTEM, text=text)


def _known_as(known: list[Transfer], transfer: Transfer) -> Transfer | None:
    """What was known of a transfer before, perhaps by a vaguer name of a party."""
    same = next((k for k in known if same_pair(k, transfer)), None)
    if same is not None or transfer.supplier is None or transfer.recipient is None:
        return same
    named = (k for k in known if k.supplier and k.recipient and may_be_pair(k, transfer))
    return next(named, None)


def _adds_party(known: list[Transfer], transfer: Transfer) -> bool:
    """Whether the pair is new: a full pair always, half a pair when that party is new in its
    part."""
    if transfer.supplier and transfer.recipient:
        return True
    new_supplier = transfer.supplier and transfer.supplier not in {k.supplier for k in known}
    new_recipient = transfer.recipient and transfer.recipient not in {k.recipient for k in known}
    return bool(new_supplier or new_recipient)


def _reaction_changes(known: list[Reaction], reactions: Iterable[Reaction]) -> Iterator[Change]:
    countries = {reaction.country for reaction in known}
    for reaction in reactions:
        old = next((k for k in known if same_speaker(k, reaction)), None)
        words = f"{speaker_words(reaction)} {stance_words(reaction)}"
        if old is not None:
            if old.stance is not reaction.stance and takes_side(reaction):
                text = f"stance: {words}, before: {old.stance}"
                yield Change(kind=ChangeKind.STANCE, text=text)
        elif reaction.country and reaction.country not in countries:
            countries.add(reaction.country)
            text = f"{country_name(reaction.country)} reacts: {words}"
            yield Change(kind=ChangeKind.NEW_COUNTRY, text=text)
        else:
            yield Change(kind=ChangeKind.NEW_OFFICIAL, text=f"new reaction: {words}")
