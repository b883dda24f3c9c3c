"""The review list: a person decides what one route alone proposed, and the decisions become labels.

What is accepted is a mention of its article from then on: it goes into the article's story, and watches that wait for it
have their alerts in the outbox, for the next run to deliver.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from alerts.stories import FoundArticle
from domain.errors import InputError
from domain.mentions import (
    Mention,
    Mentions,
    Reaction,
    Transfer,
    mentions_to_dict,
    reaction_to_dict,
    transfer_to_dict,
)
from domain.settings_files import Configuration
from flows.background import load_register, with_background
from flows.placing import place_again
from flows.run_context import Clock, utc_now
from storage.published import open_published, publish
from storage.records import Decision
from storage.rows import ArticleRow, ProposalRow, ReviewedArticle
from storage.run_lock import run_lock
from storage.store import Store, open_store


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """A proposal that was decided, and how many alerts wait in the outbox because of it."""

    proposal: ProposalRow
    decision: Decision
    alerts: int = 0


def find_proposal(configuration: Configuration, start: str) -> ProposalRow:
    """The one proposal whose id begins with `start`.

    Raises:
        InputError: none does, or several do.
        StorageError: no run has finished yet.
    """
    with open_published(configuration.settings.database) as queries:
        found = queries.proposals_named(start.lower()) if start else []
    if len(found) != 1:
        what = "no proposal's id begins" if not found else f"{len(found)} proposals' ids begin"
        msg = f'{what} with "{start}"; `armswire review` lists them'
        raise InputError(msg)
    return found[0]


def decide(
    configuration: Configuration, start: str, decision: Decision, *, clock: Clock = utc_now
) -> Reviewed:
    """Accepts or refuses the proposal whose id begins with `start`.

    Raises:
        InputError: there is no such proposal, or it was accepted before.
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    database = configuration.settings.database
    with run_lock(database):
        proposal = find_proposal(configuration, start)
        with open_store(database) as store:
            if decision is Decision.REFUSED:
                done, alerts = store.refuse_proposal(proposal.id, clock()), 0
            else:
                done, alerts = _accept(configuration, store, proposal, clock)
        publish(database)
    if not done:
        msg = f"proposal {proposal.id} was accepted before; it is a mention of its article by now"
        raise InputError(msg)
    return Reviewed(proposal=proposal, decision=decision, alerts=alerts)


def _accept(
    configuration: Configuration, store: Store, proposal: ProposalRow, clock: Clock
) -> tuple[bool, int]:
    settings, article, now = configuration.settings, proposal.article, clock()
    # A person vouches for it: no threshold keeps it back.
    mention = replace(proposal.mention, confidence=1.0)
    if isinstance(mention, Reaction):
        mention = replace(mention, stance_confidence=1.0)
    # The article's own story may have slept for longer than the window.
    stories = store.recent_stories(min(now - settings.stories.window, article.stored_at))
    placed = place_again(_found(article, mention), stories, settings, now, store.mutes(now))
    placed = with_background(placed, load_register(configuration))
    return store.accept_proposal(proposal.id, mention, placed, now), len(placed.alerts)


def _found(row: ArticleRow, mention: Mention) -> FoundArticle:
    article = row.article
    transfers = (mention,) if isinstance(mention, Transfer) else ()
    reactions = (mention,) if isinstance(mention, Reaction) else ()
    return FoundArticle(
        url=article.url,
        title=article.title,
        body=article.body,
        outlet=article.outlet or "given",
        country=row.country,
        tier=row.tier,
        published=article.published,
        mentions=Mentions(
            relevant=True,
            score=row.score,
            language=article.language or "en",
            transfers=transfers,
            reactions=reactions,
        ),
        sketch=row.sketch,
    )


def labels(reviewed: Sequence[ReviewedArticle]) -> list[dict[str, Any]]:
    """Labelled articles, as `evaluate` takes them, of those with no proposal left to decide.

    Labels are what the article was held to say when it was read, and what was accepted; what was refused is told apart.
    """
    return [_label(one) for one in reviewed if all(p.decision for p in one.proposals)]


def _label(one: ReviewedArticle) -> dict[str, Any]:
    said = Mentions(
        relevant=one.article.relevant,
        score=1.0,
        language=one.article.article.language or "en",
        transfers=one.transfers,
        reactions=one.reactions,
    )
    found = mentions_to_dict(said)
    refused = [p.mention for p in one.proposals if p.decision is Decision.REFUSED]
    return {
        "id": one.article.id,
        "url": one.article.article.url,
        "title": one.article.article.title,
        "text": one.article.article.body,
        "relevant": said.relevant,
        "marginal": False,
        "transfers": found["transfers"],
        "reactions": found["reactions"],
        "refused": {
            "transfers": [transfer_to_dict(m) for m in refused if isinstance(m, Transfer)],
            "reactions": [reaction_to_dict(m) for m in refused if isinstance(m, Reaction)],
        },
        "decided_at": max(p.decided_at for p in one.proposals if p.decided_at).isoformat(),
    }
