"""A worker that is killed in the middle of a run loses the page it was reading, and the run loses nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import yaml

from domain.news import Completeness
from flows.configuration import load_configuration
from flows.poll import poll_feeds
from flows.process import process_pending
from flows.run_context import RunContext
from flows.workers import Workers
from storage.published import open_published, publish
from tests.http_site import Answer, Request, Site, Wire
from tests.worker_tasks import process_id

PAGES = 12
PARAGRAPH = (
    "<p>The harbour of Valparaiso waited for two frigates, and a crowd had come to see them.</p>"
)
PAGE = Answer(f"<html><body><article>{PARAGRAPH * 9}</article></body></html>".encode())


def test_a_killed_worker_costs_one_page_at_most(tmp_path: Path) -> None:
    """Every entry becomes an article; the one whose reader died has the feed's own text and says why."""
    with Site() as site, Workers(count=1) as workers:
        reader = asyncio.run(workers.run(process_id))

        def kill_the_reader(request: Request, wire: Wire) -> None:
            os.kill(reader, signal.SIGKILL)
            PAGE(request, wire)

        for n in range(PAGES):
            site.answer(f"/{n}", kill_the_reader if n == PAGES // 2 else PAGE)
        items = "".join(
            f"<item><title>Frigates {n}</title><link>{site.url(f'/{n}')}</link>"
            f"<description>Number {n}.</description></item>"
            for n in range(PAGES)
        )
        feed = f"<rss version='2.0'><channel><title>F</title>{items}</channel></rss>"
        site.answer("/feed", Answer(feed.encode()))
        configuration = load_configuration(configured(tmp_path, site.url("/feed")))
        run = RunContext(configuration, workers)
        poll_feeds(run)
        report = process_pending(run)
        assert asyncio.run(workers.run(process_id)) != reader
    assert (report.articles, report.waiting) == (PAGES, 0)
    publish(configuration.settings.database)
    with open_published(configuration.settings.database) as queries:
        articles = [row.article for row in queries.articles()]
    cut = [a for a in articles if a.completeness is not Completeness.FULL]
    assert len(cut) <= 1
    assert all("crashed its process" in (article.note or "") for article in cut)


def configured(folder: Path, feed: str) -> Path:
    monitor = {
        "database": "monitor.duckdb",
        "fetch": {"allow_private": ["127.0.0.0/8"], "per_host": {"spacing": "0s"}},
    }
    (folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
    (folder / "feeds.yaml").write_text(yaml.safe_dump([{"url": feed, "name": "F"}]))
    return folder / "monitor.yaml"
