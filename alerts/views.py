"""An alert in words: what mail, Slack, the console and reports all show, cleaned and in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from alerts.certainty import SURE, certainty
from alerts.figures import figures_words
from alerts.story_changes import lead_transfer
from alerts.timeline import timeline
from alerts.titles import TITLE_LENGTH, title_of
from alerts.untrusted import clean, one_line, safe_link, shortened
from alerts.wording import (
    parties,
    past_words,
    stage_words,
    stance_words,
    system_names,
)
from domain.alerting import (
    TEST_WATCH,
    Alert,
    ChangeKind,
    Quotation,
    Story,
    StoryArticle,
    ToldReaction,
    ToldTransfer,
)
from domain.countries import country_name
from domain.mentions import Stage, Stance

MOST_MILESTONES = 10
SHOWN_DIGITS = 8
"""Of an alert's id: enough to tell it from all others."""


@dataclass(frozen=True, kw_only=True)
class QuotationView:
    """A quotation cut at its marks: (text, whether it is evidence). `link` may be empty."""

    segments: tuple[tuple[str, bool], ...]
    link: str
    outlet: str
    time: str

    @property
    def text(self) -> str:
        """Without marks."""
        return "".join(text for text, _ in self.segments)

    @property
    def bracketed(self) -> str:
        """For plain text: the evidence in [brackets]."""
        return "".join(f"[{text}]" if marked else text for text, marked in self.segments)


@dataclass(frozen=True, kw_only=True)
class TransferView:
    """A transfer, worded. `systems`, `value` and `quantity` may be empty; the last two name who tells what where outlets
    differ. `certainty` is how sure it is."""

    parties: str
    systems: str
    stage: str
    stage_key: Stage
    alleged: bool
    value: str
    quantity: str
    certainty: str
    quotation: QuotationView | None

    @property
    def facts(self) -> tuple[str, ...]:
        """ "quantity: about 30", "value: $2 billion", "confidence: almost certain, 0.93"."""
        named = {
            "quantity": self.quantity,
            "value": self.value,
            "confidence": self.certainty,
        }
        return tuple(f"{name}: {fact}" for name, fact in named.items() if fact)


@dataclass(frozen=True, kw_only=True)
class ReactionView:
    """A reaction, worded: `stance_words` is "opposes", "seems to support" or "takes no side"."""

    speaker: str
    affiliation: str
    country: str
    stance: Stance
    stance_words: str
    certainty: str
    outlet: str
    quotation: QuotationView | None

    @property
    def role(self) -> str:
        """ "Russian Foreign Ministry · Russia"; how sure it is where that is in doubt."""
        parts = (self.affiliation, self.country, self.certainty)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class ArticleView:
    """An article, with the outlets that carry the same text. `link` may be empty."""

    title: str
    outlet: str
    time: str
    link: str
    copies: tuple[tuple[str, str], ...] = ()
    """(outlet, link) of each."""


@dataclass(frozen=True, kw_only=True)
class MilestoneView:
    """A line of the story so far: what an outlet was the first to tell."""

    time: str
    outlet: str
    text: str


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """All of an alert as people read it. `kind` is "New story" or "Update 2"; `changes` does not repeat
    that the story is new."""

    title: str
    kind: str
    watch: str
    headline: str
    time: str
    story_id: str
    version: int
    transfers: tuple[TransferView, ...]
    reactions: tuple[ReactionView, ...]
    changes: tuple[str, ...]
    articles: tuple[ArticleView, ...]
    """The newest first."""
    milestones: tuple[MilestoneView, ...] = ()
    """The story so far, the latest last; empty where one article told all of it."""
    alert_id: str = ""
    """As short as `armswire feedback` takes it."""
    background: tuple[str, ...] = ()
    """What the user's trade register says of the parties."""


def view_of(alert: Alert, *, told_before: bool = True) -> AlertView:
    """Words everything that an alert shows. `told_before`: whether its reader was told of the story
    before, where that is known."""
    story = alert.story
    title = title_of(story)
    return AlertView(
        title=one_line(f"TEST, no news: {title}", TITLE_LENGTH)
        if alert.watch == TEST_WATCH
        else title,
        kind=_kind(alert, told_before),
        watch=one_line(alert.watch, 80),
        headline=one_line(story.headline),
        time=show_time(alert.created_at),
        story_id=story.id,
        version=alert.version,
        transfers=transfer_views(story),
        reactions=reaction_views(story),
        changes=tuple(
            one_line(c.text[:1].upper() + c.text[1:])
            for c in alert.changes
            if c.kind is not ChangeKind.NEW_STORY
        ),
        articles=article_views(story.articles),
        milestones=_milestone_views(story),
        alert_id=alert.id[:SHOWN_DIGITS],
        background=tuple(one_line(past_words(past)) for past in alert.background),
    )


def _kind(alert: Alert, told_before: bool) -> str:
    """New is what this reader was not told before, at whichever version. Updates are numbered by the
    story's version, so that all readers of one version, and of its repeats, see one number."""
    tells_new = any(change.kind is ChangeKind.NEW_STORY for change in alert.changes)
    if tells_new or not told_before or alert.version == 1:
        return "New story"
    return f"Update {alert.version - 1}"


def _milestone_views(story: Story) -> tuple[MilestoneView, ...]:
    milestones = timeline(story)
    if len(milestones) < 2:
        return ()
    return tuple(
        MilestoneView(
            time=show_time(milestone.at),
            outlet=one_line(milestone.article.outlet, 80),
            text=one_line("; ".join(change.text for change in milestone.changes), 240),
        )
        for milestone in milestones[-MOST_MILESTONES:]
    )


def transfer_views(story: Story) -> tuple[TransferView, ...]:
    """The story's transfers, the leading one first."""
    lead = lead_transfer(story)
    ordered = sorted(story.transfers, key=lambda told: told.transfer is not lead)
    return tuple(_transfer_view(told, story) for told in ordered)


def _transfer_view(told: ToldTransfer, story: Story) -> TransferView:
    transfer = told.transfer
    return TransferView(
        parties=one_line(parties(transfer), 120),
        systems=one_line(system_names(transfer.systems)),
        stage=stage_words(transfer),
        stage_key=transfer.stage,
        alleged=transfer.alleged,
        value=one_line(figures_words(told.values) or transfer.value or "", 160),
        quantity=one_line(figures_words(told.quantities) or transfer.quantity or "", 160),
        certainty=certainty(transfer.confidence),
        quotation=_quotation_view(told.quotation, story),
    )


def reaction_views(story: Story) -> tuple[ReactionView, ...]:
    """The story's reactions: who opposes first, who takes no side last."""
    order = (Stance.OPPOSE, Stance.SUPPORT, Stance.NEUTRAL)
    ordered = sorted(story.reactions, key=lambda told: order.index(told.reaction.stance))
    return tuple(_reaction_view(told, story) for told in ordered)


def _reaction_view(told: ToldReaction, story: Story) -> ReactionView:
    reaction = told.reaction
    affiliation = one_line(reaction.affiliation or "", 120)
    speaker = one_line(reaction.speaker, 120)
    country = country_name(reaction.country) if reaction.country else ""
    return ReactionView(
        speaker=speaker,
        affiliation="" if affiliation.casefold() == speaker.casefold() else affiliation,
        country=one_line(country, 80),
        stance=reaction.stance,
        stance_words=stance_words(reaction),
        certainty=certainty(reaction.confidence) if reaction.confidence < SURE else "",
        outlet=one_line(told.outlet or "", 80),
        quotation=_quotation_view(told.quotation, story),
    )


def _quotation_view(quotation: Quotation | None, story: Story) -> QuotationView | None:
    if quotation is None:
        return None
    segments: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted(quotation.marks):
        if at <= start < end <= len(quotation.text):
            segments += [(quotation.text[at:start], False), (quotation.text[start:end], True)]
            at = end
    segments.append((quotation.text[at:], False))
    article = next((a for a in story.articles if a.url == quotation.url), None)
    return QuotationView(
        segments=tuple((clean(text), marked) for text, marked in segments if clean(text)),
        link=safe_link(quotation.url),
        outlet=one_line(article.outlet, 80) if article else "",
        time=show_time(article.published or article.seen_at) if article else "",
    )


def article_views(articles: Sequence[StoryArticle]) -> tuple[ArticleView, ...]:
    """The articles, the newest first, copies of one text under its first report."""
    urls = {article.url for article in articles}
    originals = [a for a in articles if a.copy_of is None or a.copy_of not in urls]
    newest_first = sorted(originals, key=lambda a: a.published or a.seen_at, reverse=True)
    return tuple(
        ArticleView(
            title=one_line(article.title, 200) or "(no title)",
            outlet=one_line(article.outlet, 80),
            time=show_time(article.published or article.seen_at),
            link=safe_link(article.url),
            copies=tuple(
                (one_line(copy.outlet, 80), safe_link(copy.url))
                for copy in articles
                if copy.copy_of == article.url
            ),
        )
        for article in newest_first
    )


def show_time(moment: datetime) -> str:
    """ "22 Nov 2026, 14:05 UTC"; midnight sharp is a date whose time nobody stated."""
    at = moment.astimezone(UTC)
    date = f"{at.day} {at:%b %Y}"
    return date if at.time() == time(0) else f"{date}, {at:%H:%M} UTC"


def render_text(view: AlertView) -> str:
    """The alert as plain text of at most 78 columns or so: the text part of mails, and logs."""
    from alerts.templating import text_template

    return text_template("alert.txt.j2").render(view=view, shortened=shortened)
