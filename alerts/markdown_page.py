"""Alerts as a page of Markdown, for the artifact that a Prefect run shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from alerts.untrusted import clean
from alerts.views import AlertView, QuotationView, view_of
from domain.alerting import Alert

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&])")


def render_markdown(alerts: Sequence[Alert]) -> str:
    """All alerts of a run, one section each."""
    if not alerts:
        return "No alerts in this run."
    return "\n".join(line for alert in alerts for line in _section(view_of(alert)))


def _section(view: AlertView) -> Iterator[str]:
    yield f"## {_plain(view.title)}"
    yield ""
    yield f"{view.kind} · watch {_plain(view.watch)} · {_plain(view.time)}"
    yield ""
    yield from (f"- **New:** {_plain(change)}" for change in view.changes)
    for transfer in view.transfers:
        facts = [transfer.systems, transfer.quantity, transfer.value, transfer.certainty]
        stated = ", ".join(_plain(fact) for fact in facts if fact)
        detail = f": {stated}" if stated else ""
        yield f"- **{_plain(transfer.parties)}**, {_plain(transfer.stage)}{detail}"
        yield from _quotation(transfer.quotation)
    for reaction in view.reactions:
        role = f" ({_plain(reaction.role)})" if reaction.role else ""
        yield f"- **{_plain(reaction.speaker)}**{role} **{reaction.stance_words}**"
        yield from _quotation(reaction.quotation)
    yield ""
    for article in view.articles:
        title = f"[{_plain(article.title)}]({_target(article.link)})" if article.link else ""
        yield f"- {_plain(article.outlet)}, {_plain(article.time)}: {title or _plain(article.title)}"
    yield ""


def _quotation(view: QuotationView | None) -> Iterator[str]:
    if view is not None:
        parts = (f"**{_plain(t)}**" if marked else _plain(t) for t, marked in view.segments)
        yield f"    > {''.join(parts)}"


def _plain(text: str) -> str:
    """Text in which nothing formats and nothing is markup."""
    return _SPECIAL.sub(r"\\\1", clean(text))


def _target(link: str) -> str:
    """A link that no parenthesis ends early."""
    return link.replace("(", "%28").replace(")", "%29")
