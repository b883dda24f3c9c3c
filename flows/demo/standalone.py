"""Newsroom and sinks in a process of their own, for tests and benchmarks.

`python -m flows.demo.standalone FOLDER` prints one line of JSON with its addresses and folders,
then obeys standard input a line at a time, each answered with one line of JSON: `advance` publishes
the next wave, `counts` tells what was served and delivered so far. It ends when standard input
closes, so that it never outlives the process that started it.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from flows.demo.newsroom import load_newsroom, newsroom_from_jsonl
from flows.demo.newsroom_site import NewsroomSite
from flows.demo.outlets import Newsroom
from flows.demo.sinks import SlackSink, SmtpSink


def main(arguments: list[str] | None = None) -> None:
    """Serves until standard input closes.

    Raises:
        InputError: the file of articles cannot be used.
    """
    parser = argparse.ArgumentParser(
        description="Serves a sample newsroom with an SMTP and a Slack sink."
    )
    parser.add_argument("folder", type=Path, help="where the sinks write, in email/ and slack/")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--articles", type=Path, help="a JSONL file of articles, instead of the bundled ones"
    )
    which.add_argument("--pages", type=int, help="a generated newsroom of that many pages")
    parser.add_argument("--menu", type=int, default=0, help="links in every page's site map")
    chosen = parser.parse_args(arguments)
    start = datetime.now(UTC)
    newsroom = _newsroom(chosen.articles, chosen.pages, start)
    folder = chosen.folder.absolute()
    with (
        NewsroomSite(newsroom, menu=chosen.menu) as site,
        SmtpSink(folder / "email") as mail,
        SlackSink(folder / "slack") as slack,
    ):
        if chosen.pages:
            site.prepare()
        _say(_addresses(site, mail, slack, folder))
        for line in sys.stdin:
            match line.strip():
                case "advance":
                    _say({"wave": site.advance()})
                case "counts":
                    _say(_counts(site, mail, slack))
                case unknown:
                    _say({"error": f"no such command: {unknown}"})


def _newsroom(articles: Path | None, pages: int | None, start: datetime) -> Newsroom:
    if articles:
        return newsroom_from_jsonl(articles, start)
    if pages:
        # Imported here, for it is of use to benchmarks only.
        from flows.demo.stream import newsroom_of_size

        return newsroom_of_size(pages, start)
    return load_newsroom(start)


def _addresses(
    site: NewsroomSite, mail: SmtpSink, slack: SlackSink, folder: Path
) -> dict[str, object]:
    newsroom = site.newsroom
    return {
        "site": site.base,
        "smtp": mail.url,
        "slack": slack.url,
        "email_folder": str(folder / "email"),
        "slack_folder": str(folder / "slack"),
        "waves": newsroom.waves,
        "articles": [len(newsroom.articles(wave + 1)) for wave in range(newsroom.waves)],
        "feeds": [
            {
                "url": outlet.feed_url(site.base),
                "name": outlet.name,
                "country": outlet.country,
                "language": outlet.language,
                "tier": outlet.tier,
            }
            for outlet in newsroom.outlets
        ],
    }


def _counts(site: NewsroomSite, mail: SmtpSink, slack: SlackSink) -> dict[str, object]:
    return {
        "requests": [[path, status, times] for (path, status), times in site.requests().items()],
        "emails": [[delivery.message_id, delivery.recipient] for delivery in mail.deliveries],
        "slack": slack.count,
    }


def _say(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
