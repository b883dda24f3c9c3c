"""Text that strangers wrote, made fit for where it is shown.

Feeds and pages are anybody's: a title may hold line breaks, control characters, right-to-left
overrides that turn what follows around, Slack's commands or script. HTML is escaped by the
templates themselves.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

# Embeddings, overrides and isolates, unclosed, reorder all that follows. Marks (U+200E, U+200F)
# do not and stay.
_BIDI = "\u202a-\u202e\u2066-\u2069"
_CONTROLS = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f{_BIDI}\ufeff\ufff9-\ufffb\ud800-\udfff]")
_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\u2028\u2029]")


def clean(text: str) -> str:
    """`text` without control characters and bidirectional overrides; line breaks become spaces."""
    return _BREAKS.sub(" ", _CONTROLS.sub("", _BREAKS.sub(" ", text)))


def one_line(text: str, length: int = 300) -> str:
    """`text` cleaned, on one line, of at most `length` characters, cut between words."""
    return shortened(" ".join(clean(text).split()), length)


def shortened(text: str, length: int) -> str:
    """`text` cut between words to at most `length` characters, with "…" in place of the rest."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    space = cut.rfind(" ")
    return cut[: space if space > length // 2 else None].rstrip(" ,;:·") + "…"


def header(text: str, length: int = 250) -> str:
    """`text` for a mail header: one line, so that it cannot begin another header."""
    return one_line(unicodedata.normalize("NFC", text), length)


def safe_link(url: str) -> str:
    """`url` if it is a plain web address, else "": no javascript:, no credentials, no backslash
    tricks."""
    if len(url) > 2000 or "\\" in url or any(c.isspace() for c in url) or _CONTROLS.search(url):
        return ""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%~-._")


# mrkdwn has no escape for these. Look-alikes cannot open formatting; _ does so only at a word's
# edge.
_LOOKALIKES = str.maketrans({"*": "∗", "`": "ˋ", "~": "∼"})
_EDGE_UNDERSCORE = re.compile(r"(?<!\w)_|_(?!\w)")


def mrkdwn(text: str) -> str:
    """`text` for Slack's mrkdwn: `<!channel>`, `<@U…>` and links are inert, no formatting opens."""
    plain = _EDGE_UNDERSCORE.sub("ˍ", clean(text).translate(_LOOKALIKES))
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mrkdwn_link(url: str, label: str) -> str:
    """A Slack link; the label alone when `url` is no plain web address."""
    link = safe_link(url).replace("&", "&amp;")
    return f"<{link}|{mrkdwn(label).replace('|', '∣')}>" if link else mrkdwn(label)
