"""The POLL stage against a real server: what is stored, what is reported, what is asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from domain.news import FeedState, PollOutcome
from flows.configuration import load_configuration
from flows.poll import poll_feeds
from flows.reports import FeedOutcome
from flows.run_context import RunContext
from flows.workers import Workers
from storage.store import open_store
from tests.http_site import Answer, Site, redirect

NOW = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LINKLESS = "<item><title>Bare</title><guid isPermaLink='false'>g1</guid></item>"
RSS = {"Content-Type": "application/rss+xml"}


class AtOnce(Workers):
    """Parses where it is asked to, for these feeds are no danger, and reads nothing."""

    def warm_up(self) -> None:
        """There is no detector to be built."""

    def expect_feeds(self) -> None:
        """There is no process to be started."""

    async def parse(self, function: Callable[..., Any], *args: Any) -> Any:
        return function(*args)


class Desk:
    """A monitor in a folder, whose clock is set by hand."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW

    def configure(self, *feeds: tuple[str, str], **polling: str) -> None:
        """Writes feeds.yaml (name and address) and monitor.yaml."""
        monitor = {
            "database": "monitor.duckdb",
            "feeds": "feeds.yaml",
            "fetch": {"allow_private": ["127.0.0.0/8"], "per_host": {"spacing": "0s"}},
            "polling": polling,
        }
        rows = [{"name": name, "url": url} for name, url in feeds]
        (self.folder / "monitor.yaml").write_text(yaml.safe_dump(monitor), encoding="utf-8")
        (self.folder / "feeds.yaml").write_text(yaml.safe_dump(rows), encoding="utf-8")

    def poll(self, *only: str, later: timedelta = timedelta(0)) -> dict[str, FeedOutcome]:
        """One poll, `later` than the last one; the rows by feed name."""
        self.now += later
        configuration = load_configuration(self.folder / "monitor.yaml")
        run = RunContext(configuration, AtOnce(), clock=lambda: self.now)
        return {row.feed: row for row in poll_feeds(run, only).feeds}

    def states(self) -> dict[str, FeedState]:
        with open_store(self.folder / "monitor.duckdb") as store:
            return store.feed_states()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def feed(*entries: str, head: str = "") -> Answer:
    """A feed with an entry for each text, the same text always at the same address."""
    listed = "".join(
        f"<item><title>{e}</title><link>https://pages.example/{e.split()[0]}</link></item>"
        for e in entries
    )
    body = f"<rss version='2.0'><channel><title>F</title>{head}{listed}</channel></rss>"
    return Answer(body.encode(), headers=RSS)


def outcomes(rows: dict[str, FeedOutcome]) -> dict[str, str]:
    return {name: row.outcome.value for name, row in rows.items()}


def test_a_first_poll_is_stored_and_alerts_nobody(desk: Desk) -> None:
    """Its entries are quiet unless the settings say otherwise; those of later polls are not, also
    when the first polls failed."""
    with Site() as site:
        site.answer("/feed", Answer(status=500), feed("One", "Two"), feed("One", "Two", "Three"))
        desk.configure(("F", site.url("/feed")))
        assert outcomes(desk.poll()) == {"F": "failed"}
        first, second = desk.poll(later=HOUR)["F"], desk.poll(later=HOUR)["F"]
    assert (first.new, first.quiet, second.new, second.quiet) == (2, True, 1, False)
    with open_store(desk.folder / "monitor.duckdb") as store:
        quiet = {p.entry.title: p.quiet for p in store.pending_entries()}
    assert quiet == {"One": True, "Two": True, "Three": False}


def test_first_polls_that_alert(desk: Desk) -> None:
    """With `first_poll: alert` no entry is quiet."""
    with Site() as site:
        site.answer("/feed", feed("One"))
        desk.configure(("F", site.url("/feed")), first_poll="alert")
        assert not desk.poll()["F"].quiet
    with open_store(desk.folder / "monitor.duckdb") as store:
        assert [p.quiet for p in store.pending_entries()] == [False]


def test_edits_and_hints_are_heeded(desk: Desk) -> None:
    """The row tells edits apart from news, and the feed's ttl decides when it is due again."""
    with Site() as site:
        ttl = "<ttl>40</ttl>"
        site.answer("/feed", feed("One a", "Two", head=ttl), feed("One b", "Two", head=ttl))
        desk.configure(("F", site.url("/feed")))
        desk.poll()
        assert outcomes(desk.poll(later=HOUR / 2)) == {"F": "not due"}
        row = desk.poll(later=HOUR / 2)["F"]
        assert (row.entries, row.new, row.edited) == (2, 0, 1)
        assert len(site.requests) == 2
    [state] = desk.states().values()
    assert state.next_poll_reason == "its ttl calls it fresh for 40 min"


def test_a_server_is_not_asked_before_it_says(desk: Desk) -> None:
    """Retry-After is remembered over runs, by name too: the host asked for it."""
    with Site() as site:
        site.answer("/feed", Answer(status=429, headers={"Retry-After": "7200"}), feed("One"))
        desk.configure(("F", site.url("/feed")))
        desk.poll()
        assert outcomes(desk.poll(later=HOUR)) == {"F": "not due"}
        assert len(site.requests) == 1
        row = desk.poll("F")["F"]
        assert (row.outcome, len(site.requests)) == (PollOutcome.NOT_DUE, 1)
        assert "429" in row.note
        assert outcomes(desk.poll(later=HOUR + HOUR / 4)) == {"F": "new"}


def test_a_feed_that_moved_is_asked_where_it_is(desk: Desk) -> None:
    """Once its permanent redirect has lasted, its new home alone is asked, and the row says what to
    write into feeds.yaml; in feeds.yaml already, it is the same feed twice, and polled once."""
    with Site() as site:
        site.answer("/old", redirect("/new", status=301))
        site.answer("/new", feed("One"))
        old, new = ("Old", site.url("/old")), ("New", site.url("/new"))
        desk.configure(old)
        rows = [desk.poll(later=DAY)["Old"] for _ in range(4)]
        assert [bool(row.note) for row in rows] == [False, False, True, True]
        assert (
            rows[3].note == f"has moved for good; put {site.url('/new')} into its row of feeds.yaml"
        )
        assert site.paths() == ["/old", "/new"] * 3 + ["/new"]
        desk.configure(old, new)
        both = desk.poll(later=DAY)
    assert outcomes(both) == {"Old": "duplicate", "New": "new"}
    assert 'the same feed as "New"' in both["Old"].note


def loud(desk: Desk) -> set[str]:
    with open_store(desk.folder / "monitor.duckdb") as store:
        return {p.entry.title for p in store.pending_entries() if not p.quiet}


@pytest.mark.parametrize(
    ("name", "alerting"), [("F", {"Late", "Fresh"}), ("Another feed", set())], ids=["F", "another"]
)
def test_a_feed_whose_address_was_changed_by_hand_goes_on(
    desk: Desk, name: str, alerting: set[str]
) -> None:
    """Under its name, at an address that nothing led to: what was published since it was last heard alerts, also after
    polls that failed; what it lists from before, or without a date, is quiet. Under a new name it is a new feed."""

    def dated(title: str, at: datetime) -> str:
        link = f"<link>https://pages.example/{title}</link>"
        return f"<item><title>{title}</title>{link}<pubDate>{at.isoformat()}</pubDate></item>"

    with Site() as site:
        site.answer("/a", feed("One"))
        desk.configure(("F", site.url("/a")))
        desk.poll()
        head = (
            dated("Late", NOW - HOUR) + dated("Fresh", NOW + 3 * DAY) + dated("Old", NOW - 3 * DAY)
        )
        site.answer("/b", Answer(status=500), feed("Undated", head=head))
        desk.configure((name, site.url("/b")))
        assert not loud(desk)
        desk.poll(later=4 * DAY)
        row = desk.poll(later=HOUR)[name]
        assert (row.new, row.quiet) == (4, not alerting)
        assert loud(desk) == alerting
        site.answer("/b", feed("Two", "Undated", head=head))
        desk.poll(later=HOUR)
        assert loud(desk) == alerting | {"Two"}


def moved(desk: Desk, site: Site) -> tuple[tuple[str, str], tuple[str, str]]:
    """A feed that is known to have moved, with an entry without a link; its row as it is, and with
    the new address."""
    site.answer("/old", redirect("/new", status=301))
    site.answer("/new", feed("One", "Two", head=LINKLESS))
    old, new = ("F", site.url("/old")), ("F", site.url("/new"))
    desk.configure(old)
    for _ in range(4):
        desk.poll(later=DAY)
    assert not loud(desk)
    site.answer("/new", feed("Two b", "Three", head=LINKLESS))
    return old, new


def test_a_feed_that_moved_stays_known_under_its_new_address(desk: Desk) -> None:
    """Its row changed as the report says: what is new alerts at once, what was known is not read
    again, and its history goes on."""
    with Site() as site:
        _, new = moved(desk, site)
        [before] = desk.states().values()
        desk.configure(new)
        row = desk.poll(later=HOUR)["F"]
        assert (row.entries, row.new, row.edited, row.quiet) == (3, 1, 1, False)
        assert loud(desk) == {"Three"}
        assert desk.poll(later=DAY)["F"].note == ""
    [after] = desk.states().values()
    assert (after.key, after.asked_url) == (site.url("/new"), site.url("/new"))
    assert (after.polls, after.moved_to) == (before.polls + 2, None)
    with open_store(desk.folder / "monitor.duckdb") as store:
        assert len(store.poll_history(feed=after.key)) == after.polls
        assert {p.entry.feed for p in store.pending_entries()} == {after.key}


def test_a_new_address_that_fails_at_first_is_no_new_feed(desk: Desk) -> None:
    """The memory is there already when it answers, whether or not the old row is gone."""
    with Site() as site:
        _, new = moved(desk, site)
        site.answer("/new", Answer(status=503), feed("Two", "Three"))
        desk.configure(new)
        assert outcomes(desk.poll(later=HOUR)) == {"F": "failed"}
        assert not desk.poll(later=DAY)["F"].quiet
    assert loud(desk) == {"Three"}


def test_a_new_address_beside_the_old_one_is_no_new_feed(desk: Desk) -> None:
    """Both rows are there: the new one is polled, also when it fails at first, and is not quiet."""
    with Site() as site:
        old, (_, url) = moved(desk, site)
        site.answer("/new", Answer(status=503), feed("Two", "Three"))
        desk.configure(old, ("New", url))
        assert outcomes(desk.poll(later=HOUR)) == {"F": "duplicate", "New": "failed"}
        assert not desk.poll(later=DAY)["New"].quiet
    assert loud(desk) == {"Three"}


def test_a_feed_that_is_gone_is_not_asked_again(desk: Desk) -> None:
    """Until its address is changed, or it is asked by name."""
    with Site() as site:
        site.answer("/feed", Answer(status=410))
        desk.configure(("F", site.url("/feed")))
        found = [outcomes(desk.poll(later=DAY))["F"] for _ in range(4)]
        assert found == ["failed", "failed", "retired", "retired"]
        assert len(site.requests) == 2
        site.answer("/feed", feed("One"))
        assert outcomes(desk.poll("F")) == {"F": "new"}
        assert outcomes(desk.poll(later=DAY)) == {"F": "unchanged"}


def test_every_poll_is_remembered_for_a_time(desk: Desk) -> None:
    """With what was answered and what was decided; as long as the settings say."""
    with Site() as site:
        site.answer("/feed", feed("One"), Answer(status=503))
        desk.configure(("F", site.url("/feed")), keep_history="3d")
        desk.poll()
        desk.poll(later=DAY)
        with open_store(desk.folder / "monitor.duckdb") as store:
            first, second = store.poll_history()
        assert (first.outcome, first.status, first.new) == (PollOutcome.NEW, 200, 1)
        assert first.size > 50
        assert (second.outcome, second.status) == (PollOutcome.FAILED, 503)
        assert "503" in (second.error or "")
        assert second.next_poll_at
        assert second.next_poll_at > second.at
        assert second.next_poll_reason
        desk.poll(later=2 * DAY + HOUR)
        with open_store(desk.folder / "monitor.duckdb") as store:
            assert [p.at for p in store.poll_history()] == [second.at, desk.now]


def test_a_password_is_not_stored(desk: Desk) -> None:
    """Nor shown in the row; the feed is asked with it all the same."""
    with Site() as site:
        site.answer("/feed", feed("One"))
        desk.configure(("F", site.url("/feed").replace("//", "//me:hushhush@")))
        row = desk.poll()["F"]
        assert "authorization" in site.requests[0].headers
    assert "hushhush" not in repr(row)
    assert b"hushhush" not in (desk.folder / "monitor.duckdb").read_bytes()
