"""Alerts as mail, as Slack message and as plain text; hostile text in all of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.messages import (
    render_atom,
    render_email,
    render_plain,
    render_slack,
    render_slack_burst,
    render_text,
    view_of,
)
from alerts.together import told_together
from alerts.untrusted import clean, mrkdwn, mrkdwn_link, one_line, safe_link
from domain.alerting import Alert, Change, ChangeKind, Notice, Quotation, ToldReaction
from domain.countries import country_name, country_names
from domain.mentions import Stage, Stance
from tests.story_samples import (
    NOW,
    PATRIOT,
    alert_on,
    article,
    delivery_of,
    full_story,
    reaction,
    story_of,
    transfer,
)

SENDER = "armswire <alerts@example.org>"
NASTY = (
    'Tokyo\r\nBcc: all@example.org <script>alert(1)</script> & "x" \u202egnp.exe <!channel> <@U123>'
)


def parts(message: EmailMessage) -> tuple[str, str]:
    """The text and the HTML of a mail as a client reads them off the wire."""
    read = message_from_bytes(bytes(message), policy=policy.default)
    assert isinstance(read, EmailMessage)
    text, html = read.get_body(("plain",)), read.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def nasty_alert() -> Alert:
    """An alert whose every text was written by an enemy."""
    story = story_of(article(transfers=(transfer("JP", "US", replace(PATRIOT, name=NASTY)),)))
    story = replace(
        story,
        headline=NASTY,
        articles=(
            replace(
                story.articles[0],
                title=NASTY,
                outlet=NASTY,
                url="javascript:alert(document.cookie)",
            ),
        ),
        reactions=(
            ToldReaction(
                reaction=reaction(NASTY, NASTY, "RU"),
                quotation=Quotation(text=NASTY, marks=((0, 40),), url="https://a.example/\r\nX: y"),
                outlet=NASTY,
            ),
        ),
    )
    change = Change(kind=ChangeKind.STAGE, text=NASTY)
    return Alert(id="a1", watch="w", story=story, changes=(change,), created_at=story.created_at)


def test_mail_says_who_sends_what_to_whom() -> None:
    """Subject, both parts: parties, system, stage, each reaction with country and stance, evidence
    marked, outlet, time, link, copies."""
    message = render_email(delivery_of(alert_on(full_story())), sender=SENDER)
    assert message["Subject"] == (
        "Japan → United States: Patriot, approved; Russia objects; Japan supports"
    )
    text, html = parts(message)
    for words in (
        "Japan → United States",
        "approved",
        "Irina Volkova",
        "Russian Foreign Ministry · Russia",
        "Ken Mori",
        "The Example Herald",
        "23 Oct 2026, 13:00 UTC",
        "https://first.example/story",
        "Kontinent Daily",
    ):
        assert words in text, words
        assert words in html, words
    assert "“We regard this step as [hostile],” [Irina Volkova] of the" in text
    assert "OPPOSES" in text
    assert re.search(
        r'<span class="evidence" style="background-color: #ffe58a[^>]*>hostile</span>', html
    )
    assert re.search(r"#b3261e[^>]*>&nbsp;opposes&nbsp;<", html)
    assert re.search(r"#1e7b3a[^>]*>&nbsp;supports&nbsp;<", html)


def test_mail_headers() -> None:
    """Headers let clients thread, filters sort, receivers recognise a repeat and robots stay quiet."""
    delivery = delivery_of(alert_on(full_story()), thread_id="<m0.v1@example.org>")
    message = render_email(delivery, sender=SENDER)
    assert message["From"] == SENDER
    assert message["To"] == "desk@example.org"
    assert message["Message-ID"] == "<m1.v1@example.org>"
    assert message["In-Reply-To"] == message["References"] == "<m0.v1@example.org>"
    assert message["List-Id"] == "armswire japan-patriot <japan-patriot.armswire.example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Sun, 22 Nov 2026 12:00:00 +0000"
    assert message["X-Armswire-Watch"] == "japan-patriot"
    assert message.get_content_type() == "multipart/alternative"
    assert [p.get_content_type() for p in message.iter_parts()] == ["text/plain", "text/html"]


def test_first_mail_answers_nothing() -> None:
    """Only a recipient who was told before gets an "Update", as an answer to the first mail."""
    story = replace(full_story(), version=3)
    first = render_email(delivery_of(alert_on(story)), sender=SENDER)
    assert first["In-Reply-To"] is None
    assert first["Subject"].startswith("Japan → ")
    later = render_email(delivery_of(alert_on(story), thread_id="<m0@example.org>"), sender=SENDER)
    assert later["Subject"].startswith("Update 2: Japan → ")


@pytest.mark.parametrize("changes", [(), (Change(kind=ChangeKind.STAGE, text="stage: delivered"),)])
def test_news_is_what_this_recipient_was_not_told(changes: tuple[Change, ...]) -> None:
    """A story first told at its third version is new in every channel, and an update to whoever had it; what changed is
    told in both."""
    alert = replace(alert_on(replace(full_story(), version=3)), changes=changes)
    first, later = delivery_of(alert), delivery_of(alert, thread_id="<m0@example.org>")
    for told, kind, other in ((first, "New story", "Update"), (later, "Update 2", "New story")):
        text, html = parts(render_email(told, sender=SENDER))
        shown = (text, html, render_plain(told)[1], render_atom(told).html)
        slack = (json.dumps(render_slack(told)), json.dumps(render_slack_burst([told, told])))
        for words in (*shown, *slack):
            assert other.upper() not in words
            assert f"{other} " not in words
        assert all(kind.casefold() in words.casefold() for words in (*shown, slack[0]))
        assert all(change.text.capitalize() in text for change in changes)
    together = told_together([first], NOW).content
    assert isinstance(together, Notice)
    [section] = together.sections
    assert section.heading.startswith("New story: Japan → ")


def test_news_that_was_superseded_stays_news() -> None:
    """What claims carry over from a version that never went out: the story is new, whatever version tells it."""
    new = Change(kind=ChangeKind.NEW_STORY, text="new story")
    stage = Change(kind=ChangeKind.STAGE, text="stage: delivered")
    alert = replace(alert_on(replace(full_story(), version=2)), changes=(new, stage))
    view = view_of(alert)
    assert (view.kind, view.changes) == ("New story", ("Stage: delivered",))
    assert view_of(replace(alert, changes=(stage,))).kind == "Update 1"


def test_mail_repeats_byte_for_byte() -> None:
    """The same delivery gives the same bytes, so that a second arrival can be recognised."""
    delivery = delivery_of(alert_on(full_story()))
    assert bytes(render_email(delivery, sender=SENDER)) == bytes(
        render_email(delivery, sender=SENDER)
    )


def test_hostile_text_in_mail() -> None:
    """No header is injected, no markup or script survives, no link but http, no override."""
    message = render_email(delivery_of(nasty_alert()), sender=SENDER)
    raw = bytes(message)
    read = message_from_bytes(raw, policy=policy.default)
    assert read["Bcc"] is None
    text, html = parts(message)
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "javascript:" not in html
    assert "\r" not in html.replace("\r\n", "\n")
    for part in (text, html, str(read["Subject"])):
        assert "\u202e" not in part
    assert "X: y" not in raw.decode("latin-1")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_mail_without_transfer_is_headed_by_the_headline() -> None:
    """A relevant article in which no transfer was found still makes a readable mail."""
    message = render_email(delivery_of(alert_on(story_of(article(title="A visit")))), sender=SENDER)
    assert message["Subject"] == "A visit"
    text, html = parts(message)
    assert "TRANSFERS" not in text
    assert "A visit" in html


def test_policy_and_allegation_are_worded() -> None:
    """A rule has a supplier alone; an allegation is called one; many stances are counted."""
    story = story_of(
        article(
            transfers=(transfer("JP", None, stage=Stage.POLICY),),
            reactions=(
                *(reaction(f"S {c}", None, c) for c in ("RU", "CN", "KP", "BY", "US")),
                reaction("A US senator", None, "US", Stance.SUPPORT),
            ),
        )
    )
    assert view_of(alert_on(story)).title == (
        "Japan: export policy; Russia, China and 2 more object; United States divided"
    )
    told = story_of(article(transfers=(transfer(None, "Hezbollah", PATRIOT, alleged=True),)))
    assert view_of(alert_on(told)).title == (
        "supplier not stated → Hezbollah: Patriot, announced (alleged)"
    )


def test_lawmakers_do_not_speak_for_their_country_in_a_title() -> None:
    """A government and its parliament may differ; one lawmaker is no government, and a ministry is."""
    story = story_of(
        article(
            transfers=(transfer("US", "QA"),),
            reactions=(
                reaction("Ann Loe", "U.S. Senate", "US"),
                reaction("Ben Ruh", "U.S. House of Representatives", "US"),
                reaction("Cy Dorn", "White House", "US", Stance.SUPPORT),
                reaction("Dana Elm", "lower house", "JP"),
                reaction("Eva Moss", "Foreign Ministry", "RU"),
                reaction("Finn Ost", "parliamentary committee", "RU"),
            ),
        )
    )
    title = view_of(alert_on(story)).title
    assert title.split("; ")[1:] == [
        "Russia, United States lawmakers and 1 more object",
        "United States supports",
    ]
    alone = story_of(
        article(
            transfers=(transfer("US", "QA"),),
            reactions=(reaction("Dana Elm", "lower house", "JP"),),
        )
    )
    assert view_of(alert_on(alone)).title.endswith("; Japan lawmaker objects")


def test_a_side_that_is_not_sure_is_told_with_a_doubt() -> None:
    """The title says that the country reacts; it names a side once one of its officials surely takes it."""
    unsure = reaction("A senator", None, "US", stance_confidence=0.5)
    told = story_of(
        article(
            transfers=(transfer("JP", "US", PATRIOT),),
            reactions=(unsure, reaction("S", None, "FR", Stance.SUPPORT, stance_confidence=0.5)),
        )
    )
    view = view_of(alert_on(told))
    assert view.title == "Japan → United States: Patriot, announced; United States, France react"
    assert [r.stance_words for r in view.reactions] == ["seems to oppose", "seems to support"]
    surely = replace(
        told, reactions=(*told.reactions, ToldReaction(reaction=reaction("B", None, "US")))
    )
    assert view_of(alert_on(surely)).title == (
        "Japan → United States: Patriot, announced; United States objects; France reacts"
    )


def test_view_orders_what_it_shows() -> None:
    """Opponents first; the newest article first; copies under their original; new-story changes out."""
    story = story_of(
        article(
            "a",
            transfers=(transfer("JP", "US", PATRIOT),),
            reactions=(reaction("N", "N office", "FR", Stance.NEUTRAL), reaction()),
            sketch=(1, 2),
        ),
        article("b", sketch=(1, 2), hours=1, outlet="Copying Post"),
        article("c", transfers=(transfer("JP", "US", PATRIOT),), hours=2),
    )
    alert = replace(
        alert_on(story), changes=(Change(kind=ChangeKind.NEW_STORY, text="new story: x"),)
    )
    view = view_of(alert)
    assert [r.stance for r in view.reactions] == [Stance.OPPOSE, Stance.NEUTRAL]
    assert [a.link for a in view.articles] == [
        "https://c.example/story",
        "https://a.example/story",
    ]
    assert view.articles[1].copies == (("Copying Post", "https://b.example/story"),)
    assert view.changes == ()


def test_slack_message() -> None:
    """Block Kit with the same content: header, stances in words, bold evidence, links."""
    body = render_slack(delivery_of(alert_on(full_story())))
    flat = json.dumps(body, ensure_ascii=False)
    assert body["blocks"][0]["type"] == "header"
    assert body["text"].startswith("Japan → United States: Patriot, approved")
    for words in (
        ":red_circle: *Irina Volkova* (Russian Foreign Ministry · Russia) *opposes*",
        "“We regard this step as *hostile*,” *Irina Volkova* of the",
        "<https://first.example/story|The Example Herald> · 23 Oct 2026, 13:00 UTC",
        "also in <https://copy.example/story|Kontinent Daily>",
    ):
        assert words in flat, words


def test_hostile_text_in_slack() -> None:
    """Commands, mentions and links of strangers are inert, in every block and in the fallback text."""
    body = render_slack(delivery_of(nasty_alert()))
    mrkdwn_texts = [body["text"], *_mrkdwn_of(body["blocks"])]
    for text in mrkdwn_texts:
        assert "<!" not in text
        assert "<@" not in text
        assert "javascript:" not in text
        assert "\u202e" not in text
    assert any("&lt;!channel&gt;" in text for text in mrkdwn_texts)


def _mrkdwn_of(value: object) -> list[str]:
    if isinstance(value, list):
        return [text for item in value for text in _mrkdwn_of(item)]
    if isinstance(value, dict):
        if value.get("type") == "mrkdwn":
            return [value["text"]]
        return [text for item in value.values() for text in _mrkdwn_of(item)]
    return []


def test_slack_limits() -> None:
    """A story beyond all measure stays within 50 blocks, 3,000 characters a section, 150 a header,
    and says what was left out."""
    story = full_story()
    long = replace(story.articles[0], title="<&> " * 200, copy_of=None)
    story = replace(
        story,
        headline="word & " * 500,
        transfers=story.transfers * 60,
        reactions=story.reactions * 60,
        articles=tuple(
            replace(long, url=f"https://x.example/{i}?{'a&' * 400}") for i in range(150)
        ),
    )
    changes = tuple(Change(kind=ChangeKind.STAGE, text="<" * 400) for _ in range(50))
    body = render_slack(delivery_of(replace(alert_on(story), changes=changes)))
    assert len(body["blocks"]) <= 50
    for block in body["blocks"]:
        if block["type"] == "header":
            assert len(block["text"]["text"]) <= 150
        if block["type"] == "section":
            assert 0 < len(block["text"]["text"]) <= 3000
        if block["type"] == "context":
            assert len(block["elements"]) <= 10
            assert all(0 < len(e["text"]) <= 2000 for e in block["elements"])
    assert "142 more articles" in json.dumps(body)


def test_plain_text_keeps_lines_short() -> None:
    """The text part wraps, so that it reads well in a terminal; only links may be longer."""
    text = render_text(view_of(alert_on(full_story())))
    assert max(len(line) for line in text.splitlines() if "://" not in line) <= 80
    assert "\n\n\n" not in text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/x?y=1&z=2#t", "https://a.example/x?y=1&z=2#t"),
        ("http://a.example/ü", "http://a.example/%C3%BC"),
        ('https://a.example/"><script>', "https://a.example/%22%3E%3Cscript%3E"),
        ("https://a.example/a|b", "https://a.example/a%7Cb"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//a.example/", ""),
        ("https://", ""),
        ("https://user:pw@a.example/", ""),
        ("http://in:80\\@out.example/", ""),
        ("https://a.example/\nX: y", ""),
        ("https://[::1", ""),
        ("https://a.example/" + "x" * 3000, ""),
    ],
)
def test_safe_link(url: str, expected: str) -> None:
    """Plain web addresses pass, with what could break out of a link percent-encoded."""
    assert safe_link(url) == expected


@given(st.text())
def test_cleaned_text_is_harmless(text: str) -> None:
    """Whatever a stranger writes: no control character, override or line break; Slack's brackets escaped."""
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", clean(text))
    assert len(one_line(text, 40)) <= 40
    assert "<" not in mrkdwn(text)
    assert not re.search(r"[*`~]", mrkdwn(text))


def test_slack_link_cannot_be_left() -> None:
    """A label cannot close its link, nor an address begin another."""
    assert mrkdwn_link("https://a.example/?a|b>c&d", "x>|<!here>") == (
        "<https://a.example/?a%7Cb%3Ec&amp;d|x&gt;∣&lt;!here&gt;>"
    )
    assert mrkdwn_link("javascript:x", "label") == "label"


def test_country_names() -> None:
    """Codes have names, actors their own."""
    assert country_name("JP") == "Japan"
    assert country_name("Hezbollah") == "Hezbollah"
    assert len(country_names()) == 253
