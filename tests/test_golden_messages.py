"""Each story as each channel shows it, compared with a file that was looked at."""

from __future__ import annotations

import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.golden_messages import FOLDER, messages

MESSAGES = dict(messages())
MAILS = [name for name in MESSAGES if name.endswith(".eml")]
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
    html = message.get_body(("html",))
    text = message.get_body(("plain",))
    assert html is not None
    assert text is not None
    shown = html.get_content()
    tags = set(re.findall(r"<([a-z0-9]+)", shown))
    assert tags <= set(
        "html head meta title style body div table tbody tr td strong h1 br span a p".split()
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


@pytest.mark.parametrize("name", [n for n in MESSAGES if n.endswith(".txt")])
def test_text_fits_a_terminal(name: str) -> None:
    """Lines of at most 80 columns but for links and words that are longer."""
    for line in MESSAGES[name].decode().splitlines():
        assert len(line) <= 80 or len(max(line.split(), key=len)) > 40
