"""Deliveries as messages: a mail with a text and an HTML part, and a Slack message."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, getaddresses, parseaddr
from typing import Any

from alerts.mail_html import mail_html
from alerts.slack_blocks import burst_blocks, notice_blocks, slack_blocks
from alerts.templating import html_template, text_template
from alerts.untrusted import header, mrkdwn
from alerts.views import AlertView, render_text, show_time, view_of
from domain.alerting import Delivery, Notice

__all__ = [
    "AlertView",
    "render_atom",
    "render_email",
    "render_plain",
    "render_slack",
    "render_slack_burst",
    "render_text",
    "view_of",
]


def render_email(delivery: Delivery, *, sender: str) -> EmailMessage:
    """The mail for one recipient, or for several in one text, the same byte for byte however often
    it is rendered.

    `sender` is an address with or without a name. Its Message-ID is the delivery's, so that a
    repeat is recognisable; it answers the first mail about the same story, so that clients thread
    them.

    Raises:
        ValueError: the sender or a recipient is no mail address.
    """
    written = (
        _notice(delivery.content) if isinstance(delivery.content, Notice) else _alert(delivery)
    )
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = [_address(formataddr(pair)) for pair in _addresses(delivery.recipient)]
    message["Subject"] = header(written.subject)
    message["Date"] = format_datetime(delivery.content.created_at)
    message["Message-ID"] = header(delivery.message_id)
    if delivery.thread_id and delivery.thread_id != delivery.message_id:
        message["In-Reply-To"] = header(delivery.thread_id)
        message["References"] = header(delivery.thread_id)
    message["List-Id"] = _list_id(delivery.sender, parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    for name, value in written.headers.items():
        message[f"X-Armswire-{name}"] = header(value)
    message.set_content(written.text, cte="quoted-printable")
    message.add_alternative(written.html, subtype="html", cte="quoted-printable")
    if written.png:
        _embed(message, written.png, delivery)
    # Random boundaries would make a repeat look like another mail.
    message.set_boundary(f"armswire-{delivery.id}")
    return message


def render_plain(delivery: Delivery) -> tuple[str, str]:
    """Title and text, for services that show no more."""
    if isinstance(delivery.content, Notice):
        written = _notice(delivery.content)
        return written.subject, written.text
    view = view_for(delivery)
    return title_for(delivery, view), render_text(view)


@dataclass(frozen=True, kw_only=True)
class FeedEntry:
    """A message as the entry of a feed; `link` may be empty, `html` is a fragment."""

    title: str
    link: str
    html: str


def render_atom(delivery: Delivery) -> FeedEntry:
    """The message as a feed reader shows it; its link is the newest article's."""
    if isinstance(delivery.content, Notice):
        html = html_template("notice_atom.html.j2").render(notice=delivery.content)
        return FeedEntry(title=f"armswire: {delivery.headline}", link="", html=html.strip())
    view = view_for(delivery)
    links = [article.link for article in view.articles if article.link]
    return FeedEntry(
        title=title_for(delivery, view),
        link=links[0] if links else "",
        html=html_template("alert_atom.html.j2").render(view=view).strip(),
    )


@dataclass(frozen=True, kw_only=True)
class _Written:
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    png: bytes = b""


def _alert(delivery: Delivery) -> _Written:
    alert = delivery.alert
    view = view_for(delivery)
    return _Written(
        subject=title_for(delivery, view),
        text=render_text(view),
        html=mail_html("alert.html.j2", view=view),
        headers={
            "Watch": view.watch,
            "Story": view.story_id,
            "Version": str(view.version),
            "Alert": alert.id,
        },
    )


def notice_text(notice: Notice) -> str:
    """A notice as plain text of at most 76 columns or so."""
    time = show_time(notice.created_at)
    return text_template("notice.txt.j2").render(notice=notice, time=time)


def _notice(notice: Notice) -> _Written:
    time = show_time(notice.created_at)
    return _Written(
        subject=f"armswire: {notice.title}",
        text=notice_text(notice),
        html=mail_html(
            "notice.html.j2", notice=notice, time=time, picture_id=_picture_id(notice.id)
        ),
        headers={"Notice": notice.id},
        png=b64decode(notice.picture.png) if notice.picture else b"",
    )


def _picture_id(notice: str) -> str:
    return f"chart.{notice}@armswire.invalid"


def _embed(message: EmailMessage, png: bytes, delivery: Delivery) -> None:
    """Puts the picture beside the HTML part that shows it: nothing is loaded from elsewhere."""
    html = next(part for part in message.iter_parts() if part.get_content_subtype() == "html")
    cid = f"<{_picture_id(delivery.content.id)}>"
    html.add_related(png, "image", "png", cid=cid, disposition="inline", filename="chart.png")
    html.set_boundary(f"armswire-picture-{delivery.id}")


def render_slack(delivery: Delivery) -> dict[str, Any]:
    """The body of a Slack message. `text` is what notifications show instead of the blocks."""
    if isinstance(delivery.content, Notice):
        return _slack(f"armswire: {delivery.content.title}", notice_blocks(delivery.content))
    view = view_for(delivery)
    title = title_for(delivery, view)
    return _slack(title, slack_blocks(view, title))


def render_slack_burst(deliveries: Sequence[Delivery]) -> dict[str, Any]:
    """Several alerts in one Slack message, a few lines each; at most MOST_TOGETHER."""
    views = [view_for(delivery) for delivery in deliveries]
    titles = [title_for(d, view) for d, view in zip(deliveries, views, strict=True)]
    return _slack(f"{len(views)} alerts", burst_blocks(views, titles))


def _slack(text: str, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {"text": mrkdwn(text), "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def view_for(delivery: Delivery) -> AlertView:
    """The delivery's alert in words, for one who may hear of the story for the first time."""
    return view_of(delivery.alert, told_before=delivery.thread_id is not None)


def title_for(delivery: Delivery, view: AlertView) -> str:
    """The subject: "Update 1: Japan → United States: Patriot (delivered)" for whoever had the story
    before."""
    return view.title if delivery.thread_id is None else f"{view.kind}: {view.title}"


def _address(text: str) -> Address:
    name, address = parseaddr(header(text))
    if "@" not in address:
        msg = f'"{header(text, 80)}" is no mail address'
        raise ValueError(msg)
    return Address(display_name=name, addr_spec=address)


def _addresses(recipient: str) -> list[tuple[str, str]]:
    """The addresses of one text. What does not read as addresses is given back as it is, to be
    refused."""
    return getaddresses([header(recipient, 2000)]) or [("", recipient)]


def _list_id(watch: str, domain: str) -> str:
    """RFC 2919: a name for people, and one that filters can rely on, in plain ASCII."""
    label = re.sub(r"[^A-Za-z0-9-]+", "-", watch).strip("-") or "watch"
    return header(f"armswire {watch} <{label}.armswire.{domain}>")
