"""Each story as each channel shows it, compared with a file that was looked at."""

from __future__ import annotations

import json
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from lxml import etree, html

from tests.golden_messages import FOLDER, messages

MESSAGES = dict(messages())
MAILS = [name for name in MESSAGES if name.endswith(".eml")]
FEEDS = [name for name in MESSAGES if name.endswith(".atom")]
WEBHOOKS = [name for name in MESSAGES if name.endswith(".webhook.json")]
SCHEMA = json.loads(
    (Path(__file__).parent.parent / "docs" / "webhook.schema.json").read_text(encoding="utf-8")
)
ATOM = {"a": "http://www.w3.org/2005/Atom"}
POSTS = [name for name in MESSAGES if name.endswith(".slack.json")]


def test_there_is_a_file_for_each_message_and_a_message_for_each_file() -> None:
    """At least 40 of them."""
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(MESSAGES)
    assert len(MESSAGES) >= 40


@pytest.mark.parametrize("name", MESSAGES)
def test_message(name: str) -> None:
    """Byte for byte; `python -m tests.golden_messages` writes the files anew."""
    assert MESSAGES[name].decode() == (FOLDER / name).read_bytes().decode()


@pytest.mark.parametrize("name", MAILS)
def test_mail_is_inert_and_well_formed(name: str) -> None:
    """No header but ours, no script, no image, nothing loaded from elsewhere, no override, lines within RFC 5321."""
    content = MESSAGES[name]
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    known = {"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "List-Id"}
    known |= {"Auto-Submitted", "MIME-Version", "Content-Type"}
    assert {h for h in message.keys() if not h.startswith("X-Armswire-")} <= known  # noqa: SIM118
    assert max(map(len, content.split(b"\r\n"))) <= 998
    page = message.get_body(("html",))
    text = message.get_body(("plain",))
    assert page is not None
    assert text is not None
    shown = page.get_content()
    tags = set(re.findall(r"<([a-z0-9]+)", shown))
    assert tags <= set(
        "html head meta title style body div table tbody tr td strong h1 h2 br span a p".split()
    )
    assert not re.search(r"<[^>]*\son\w+=", shown)
    links = re.findall(r'(?:href|src)="([^"]*)"', shown)
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert "@import" not in shown
    assert "url(" not in shown
    for part in (shown, text.get_content(), message["Subject"]):
        assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x7f]", part)


@pytest.mark.parametrize("name", POSTS)
def test_post_is_within_slacks_limits_and_inert(name: str) -> None:
    """50 blocks, 3,000 characters a section, 150 a header; no command, mention or link but to articles."""
    post = json.loads(MESSAGES[name])
    assert 0 < len(post["blocks"]) <= 50
    for block in post["blocks"]:
        texts = [block["text"]] if "text" in block else block.get("elements", [])
        limit = {"header": 150, "section": 3000}.get(block["type"], 2000)
        assert all(0 < len(text["text"]) <= limit for text in texts)
        for text in texts:
            if text["type"] == "mrkdwn":
                assert all(
                    link.startswith(("http://", "https://"))
                    for link in re.findall(r"<([^>]*)>", text["text"])
                )
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", text["text"])
    assert "<" not in post["text"]


@pytest.mark.parametrize("name", FEEDS)
def test_feed_is_valid_and_inert(name: str) -> None:
    """What RFC 4287 asks for is there; the entry's markup holds no script, handler or foreign scheme."""
    feed = etree.fromstring(MESSAGES[name])
    for path in (
        "a:title",
        "a:id",
        "a:updated",
        "a:author/a:name",
        "a:entry/a:id",
        "a:entry/a:title",
    ):
        assert feed.findtext(path, namespaces=ATOM), path
    for path in ("a:updated", "a:entry/a:updated"):
        assert datetime.fromisoformat(feed.findtext(path, namespaces=ATOM) or "").tzinfo
    content = html.fromstring(feed.findtext("a:entry/a:content", namespaces=ATOM) or "")
    tags = {element.tag for element in content.iter()}
    assert tags <= set("div p strong ul li blockquote mark br a span".split())
    for element in content.iter():
        assert set(element.keys()) <= {"href", "dir"}
        assert element.get("href", "https://").startswith(("http://", "https://"))


@pytest.mark.parametrize("name", WEBHOOKS)
def test_webhook_document_is_as_documented(name: str) -> None:
    """It meets the JSON Schema of docs/, and holds no control character, override or foreign link."""
    document = json.loads(MESSAGES[name])
    Draft202012Validator(SCHEMA).validate(document)
    assert not re.search(
        "[\u202a-\u202e\u2066-\u2069\r\x00-\x08]", json.dumps(document, ensure_ascii=False)
    )
    assert "javascript:" not in {link[:11] for link in links_in(document)}


def links_in(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [value["url"]] if isinstance(value.get("url"), str) else []
        return [*own, *(link for each in value.values() for link in links_in(each))]
    return [link for each in value for link in links_in(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("name", [n for n in MESSAGES if n.endswith(".txt")])
def test_text_fits_a_terminal(name: str) -> None:
    """Below the title, lines of at most 80 columns but for links and words that are longer."""
    for line in MESSAGES[name].decode().splitlines()[1:]:
        assert len(line) <= 80 or len(max(line.split(), key=len)) > 40
