"""Analysts judge alerts, and their verdicts become labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.alerting import Alert, StoryArticle
from domain.errors import InputError
from domain.feedback import Feedback, Field, Verdict
from domain.mentions import reaction_to_dict, transfer_to_dict
from domain.settings_files import Configuration
from flows.run_context import Clock, utc_now
from storage.published import open_published, publish
from storage.run_lock import run_lock
from storage.store import open_store


def judge(
    configuration: Configuration,
    start: str,
    verdict: Verdict,
    fields: Sequence[Field] = (),
    note: str | None = None,
    *,
    clock: Clock = utc_now,
) -> Alert:
    """Keeps a verdict on the alert whose id begins with `start`, and returns that alert.

    Raises:
        InputError: no alert's id begins so, or several do; fields of an alert that is not wrong.
        RunInProgress: a run works on this database.
        StorageError: the database cannot be used.
    """
    if fields and verdict is not Verdict.WRONG:
        msg = f'--field tells what is wrong, and the verdict is "{verdict}"; say "wrong"'
        raise InputError(msg)
    database = configuration.settings.database
    with run_lock(database):
        with open_published(database) as queries:
            found = queries.alerts_named(start.lower()) if start else []
        if len(found) != 1:
            what = "no alert's id begins" if not found else "several alerts' ids begin"
            msg = f'{what} with "{start}"; `armswire alerts` shows ids, as every message does'
            raise InputError(msg)
        given = Feedback(
            alert=found[0].id,
            verdict=verdict,
            fields=tuple(dict.fromkeys(fields)),
            note=note,
            given_at=clock(),
        )
        with open_store(database) as store:
            store.add_feedback(given)
        publish(database)
    return found[0]


def labels(
    judged: Sequence[tuple[Alert, Feedback]], bodies: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Labelled articles as `evaluate` takes them, one for each article that a judged alert rests on and whose text is in
    `bodies`; copies of a text are left out, and the last verdict on an article counts.

    A relevant alert's articles say what the alert told of each; an irrelevant one's are not relevant. Of a wrong one nobody
    knows yet what is right: its articles are marked marginal, so that no figure counts them, and `wrong` names the fields.
    """
    found: dict[str, dict[str, Any]] = {}
    for alert, given in judged:
        for article in alert.story.articles:
            told = article.transfers or article.reactions
            if article.url in bodies and not article.copy_of and told:
                found[article.url] = _label(article, given, bodies[article.url])
    return list(found.values())


def _label(article: StoryArticle, given: Feedback, body: str) -> dict[str, Any]:
    right = given.verdict is not Verdict.IRRELEVANT
    return {
        "id": article.url,
        "url": article.url,
        "title": article.title,
        "text": body,
        "relevant": right,
        "marginal": given.verdict is Verdict.WRONG,
        "transfers": [transfer_to_dict(t.transfer) for t in article.transfers] if right else [],
        "reactions": [reaction_to_dict(r.reaction) for r in article.reactions] if right else [],
        "wrong": [field.value for field in given.fields],
        "note": given.note,
        "decided_at": given.given_at.isoformat(),
    }
