"""Deliveries as messages: a mail with a text and an HTML part, and a Slack message."""

from __future__ import annotations

import re
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from alerts.slack_blocks import slack_blocks
from alerts.templating import html_template
from alerts.untrusted import header, mrkdwn
from alerts.views import AlertView, render_text, view_of
from domain.alerting import Delivery

__all__ = ["AlertView", "render_email", "render_slack", "render_text", "view_of"]


def render_email(delivery: Delivery, *, sender: str) -> EmailMessage:
    """The mail for one recipient, the same byte for byte however often it is rendered.

    `sender` is an address with or without a name. Its Message-ID is the delivery's, so that a
    repeat is recognisable; it answers the first mail about the same story, so that clients thread
    them.

    Raises:
        ValueError: the sender or the recipient is no mail address.
    """
    view = view_of(delivery.alert)
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender)
    message["To"] = _address(delivery.recipient)
    message["Subject"] = header(title_for(delivery, view))
    message["Date"] = _date(delivery.alert.created_at)
    message["Message-ID"] = header(delivery.message_id)
    if delivery.thread_id and delivery.thread_id != delivery.message_id:
        message["In-Reply-To"] = header(delivery.thread_id)
        message["References"] = header(delivery.thread_id)
    message["List-Id"] = _list_id(view.watch, parseaddr(sender)[1].rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message["X-Armswire-Watch"] = header(view.watch)
    message["X-Armswire-Story"] = header(view.story_id)
    message["X-Armswire-Version"] = str(view.version)
    message["X-Armswire-Alert"] = header(delivery.alert.id)
    message.set_content(render_text(view), cte="quoted-printable")
    html = html_template("alert.html.j2").render(view=view)
    message.add_alternative(html.lstrip(), subtype="html", cte="quoted-printable")
    # Random boundaries would make a repeat look like another mail.
    message.set_boundary(f"armswire-{delivery.id}")
    return message


def render_slack(delivery: Delivery) -> dict[str, Any]:
    """The body of a Slack webhook call. `text` is what notifications show instead of the blocks."""
    view = view_of(delivery.alert)
    title = title_for(delivery, view)
    return {
        "text": mrkdwn(title),
        "blocks": slack_blocks(view, title),
        "unfurl_links": False,
        "unfurl_media": False,
    }


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


def _list_id(watch: str, domain: str) -> str:
    """RFC 2919: a name for people, and one that filters can rely on, in plain ASCII."""
    label = re.sub(r"[^A-Za-z0-9-]+", "-", watch).strip("-") or "watch"
    return header(f"armswire {watch} <{label}.armswire.{domain}>")


def _date(moment: datetime) -> str:
    return format_datetime(moment)
