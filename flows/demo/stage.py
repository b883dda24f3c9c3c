"""Sets the demo's stage: a folder with a real configuration, the newsroom and the sinks it points to.

Everything a demo leaves behind is in the folder: the configuration, the database and its published copy, each message as
a file, the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from domain.errors import InputError
from domain.settings_files import Configuration
from flows.configuration import load_configuration
from flows.demo.newsroom_site import NewsroomSite
from flows.demo.outlets import Newsroom
from flows.demo.sinks import SlackSink, SmtpSink

_JAPAN_PATRIOT = {"supplier": "JP", "system": "Patriot"}
BUNDLED_WATCHES = [
    {"name": "japan-patriot", "when": _JAPAN_PATRIOT, "send": ["desk", "analysts"]},
    {
        "name": "objections",
        "when": {"all": [{"reaction": {"stance": "oppose"}}, {"not": _JAPAN_PATRIOT}]},
        "send": ["analysts"],
    },
    {
        "name": "deals-and-deliveries",
        "when": {"all": [{"stage": ["approved", "signed", "delivered"]}, {"not": _JAPAN_PATRIOT}]},
        "send": ["desk"],
    },
]
"""The lead story's watch hears alone of its story, so that an analyst reads of it once."""

ANY_MENTION_WATCHES = [
    {
        "name": "any-mention",
        "when": {
            "any": [
                {"supplier": {"not": None}},
                {"recipient": {"not": None}},
                {"stage": "policy"},
                {"reaction": {"stance": ["oppose", "support", "neutral"]}},
            ]
        },
        "send": ["desk", "analysts"],
    }
]
"""For articles nobody chose for the demo: every story with a mention alerts both channels."""

_MARK = "# Written by `armswire demo`, which writes it anew each time.\n"
_OURS = (
    "monitor.yaml",
    "feeds.yaml",
    "report.html",
    "monitor.duckdb*",
    "monitor.published.duckdb*",
)
_MESSAGES = ("outbox/email/*.eml", "outbox/slack/*.json")


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A demo ready to run: `secrets` is what its channels refer to."""

    folder: Path
    configuration: Configuration
    site: NewsroomSite
    mail: SmtpSink
    slack: SlackSink
    secrets: dict[str, str]


@contextmanager
def demo_stage(
    folder: Path, newsroom: Newsroom, watches: list[dict[str, object]]
) -> Iterator[Stage]:
    """Clears what an earlier demo left in `folder` (and nothing else), and starts newsroom and sinks on loopback."""
    clear(folder)
    with (
        NewsroomSite(newsroom) as site,
        SmtpSink(folder / "outbox" / "email") as mail,
        SlackSink(folder / "outbox" / "slack") as slack,
    ):
        write_configuration(folder, site, watches)
        yield Stage(
            folder=folder,
            configuration=load_configuration(folder / "monitor.yaml"),
            site=site,
            mail=mail,
            slack=slack,
            secrets={"DEMO_SMTP_URL": mail.url, "DEMO_SLACK_WEBHOOK_URL": slack.url},
        )


def clear(folder: Path) -> None:
    """Removes what an earlier demo left in `folder`.

    Raises:
        InputError: the folder holds a monitor that no demo wrote; nothing is touched then.
    """
    config = folder / "monitor.yaml"
    if config.exists():
        ours = config.read_text(encoding="utf-8", errors="replace").startswith(_MARK)
    else:
        ours = not any(folder.glob("monitor.duckdb*"))
    if not ours:
        msg = f"{folder}: holds a monitor of your own; give the demo another folder with --out"
        raise InputError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    for pattern in (*_OURS, *_MESSAGES):
        for path in folder.glob(pattern):
            path.unlink()


def write_configuration(folder: Path, site: NewsroomSite, watches: list[dict[str, object]]) -> None:
    """Writes monitor.yaml and feeds.yaml for the newsroom as an ops engineer would."""
    monitor = {
        "database": "monitor.duckdb",
        "feeds": "feeds.yaml",
        # The newsroom is on this machine: loopback must be allowed, and needs no sparing.
        "fetch": {
            "allow_private": ["127.0.0.0/8"],
            "per_host": {"concurrent": 16, "spacing": "0s"},
        },
        # Asked again whenever a run begins; its first articles are the demo.
        "polling": {
            "first_poll": "alert",
            "fastest": "0s",
            "slowest": "0s",
            "longest_advice": "0s",
        },
        "channels": {
            "desk": {
                "type": "slack",
                "webhook": "${DEMO_SLACK_WEBHOOK_URL}",
                "spacing": "0s",
                "burst": 1000,  # each alert whole, as an analyst would read it on a usual day
            },
            "analysts": {
                "type": "email",
                "smtp": "${DEMO_SMTP_URL}",
                "sender": "armswire demo <alerts@armswire.example>",
                "to": ["analyst@desk.example"],
            },
        },
        "watches": watches,
    }
    feeds = [
        {
            "url": outlet.feed_url(site.base),
            "name": outlet.name,
            "publisher": outlet.name,
            **({"country": outlet.country} if outlet.country else {}),
            "language": outlet.language,
            **({"tier": outlet.tier} if outlet.tier else {}),
        }
        for outlet in site.newsroom.outlets
    ]
    for name, content in (("monitor.yaml", monitor), ("feeds.yaml", feeds)):
        text = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)
        (folder / name).write_text(_MARK + text, encoding="utf-8")
