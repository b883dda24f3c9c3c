"""What a run knows of hosts: those that wish to be left alone are, those that are dead cost two time-outs and not a
hundred, crawl delays are obeyed, and an outage of our own network is told from theirs."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from domain.news import Failed, FailureCode, FailureKind, Fetched, HostPause
from domain.settings import FetchSettings, PerHostSettings
from extractors.fetch import Fetcher
from extractors.fetch.hosts import Hosts
from tests.http_site import Answer, Behaviour, Site, body_drip, hang_up, redirect, silence

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PAGE = "https://news.example/1"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


class Time:
    """A clock for days and seconds; it passes only when told, or when somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def day(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)


def hosts(time: Time | None = None, **per_host: object) -> Hosts:
    time = time or Time()
    chosen = PerHostSettings.model_validate({"spacing": "0s", **per_host})
    return Hosts(chosen, now=time.day, passed=time.now)


def fetch(
    urls: list[str], known: Hosts, time: Time | None = None, *, obey_robots: bool = False
) -> list[Fetched | Failed]:
    """Fetches pages one after the other."""
    settings = FetchSettings(allow_private=("127.0.0.0/8",), timeout=timedelta(milliseconds=300))

    async def run() -> list[Fetched | Failed]:
        async with Fetcher(settings, known, clock=time, obey_robots=obey_robots) as fetcher:
            return [await fetcher.fetch_page(url) for url in urls]

    return asyncio.run(run())


def codes(results: list[Fetched | Failed]) -> list[FailureCode | None]:
    return [r.code if isinstance(r, Failed) else None for r in results]


# ---- hosts that wish to be left alone


@pytest.mark.parametrize(
    ("status", "after", "pause"),
    [
        (429, "120", timedelta(minutes=2)),
        (429, None, timedelta(minutes=15)),
        (429, "0", timedelta(minutes=15)),
        (429, "999999999", timedelta(hours=24)),
        (503, "Sun, 01 Mar 2026 13:00:00 GMT", timedelta(hours=1)),
        (503, None, None),
    ],
)
def test_how_long_a_host_is_left_alone(
    status: int, after: str | None, pause: timedelta | None
) -> None:
    """For the time it asks, a day at most; without a time for the setting. A bare 503 is an error like others."""
    known = hosts()
    known.answered(PAGE, status, {"retry-after": after} if after else {})
    assert [p.until for p in known.new_pauses()] == ([NOW + pause] if pause else [])
    assert (known.refusal(PAGE) is not None) is (pause is not None)
    assert known.refusal("https://other.example/") is None


def test_a_pause_ends_and_the_longest_counts() -> None:
    """A host may be asked again when its time has come; a shorter wish does not cut a longer one short."""
    time = Time()
    known = hosts(time)
    known.answered(PAGE, 429, {"retry-after": "600"})
    known.answered(PAGE, 429, {"retry-after": "60"})
    time.seconds = 599
    refused = known.refusal(PAGE)
    assert refused is not None
    assert refused[0] is FailureCode.PAUSED
    assert "paused until 01 Mar 12:10 UTC" in refused[1]
    time.seconds = 600
    assert known.refusal(PAGE) is None


def test_403_again_and_again_pauses_the_host() -> None:
    """Three in a row are a bot wall's; two, or three with a success between, are pages'."""
    known = hosts()
    for status in (403, 403, 200, 403, 403):
        known.answered(PAGE, status, {})
    assert known.refusal(PAGE) is None
    known.answered(PAGE, 403, {})
    [pause] = known.new_pauses()
    assert pause == HostPause(
        host="news.example",
        until=NOW + timedelta(minutes=15),
        reason="answered 403 3 times in a row",
    )


def test_pauses_of_earlier_runs_are_obeyed(site: Site) -> None:
    """A host paused by an earlier run gets no request; the pause is not new."""
    site.answer("/", Answer(b"x"))
    known = hosts()
    known.recall([HostPause(host="127.0.0.1", until=NOW + timedelta(hours=1), reason="said so")])
    [result] = fetch([site.url()], known)
    assert isinstance(result, Failed)
    assert (result.code, result.kind) == (FailureCode.PAUSED, FailureKind.TEMPORARY)
    assert "127.0.0.1 said so" in result.reason
    assert site.paths() == []
    assert known.new_pauses() == ()


# ---- hosts that do not answer


def test_a_dead_hosts_hundred_pages_cost_two_time_outs(site: Site) -> None:
    """After two exchanges without an answer the host is not asked again in the run, by any Fetcher of it."""
    site.answer("/", silence)
    known = hosts()
    first = fetch([site.url()] * 50, known)
    second = fetch([site.url()] * 50, known)
    assert codes(first + second) == [FailureCode.NO_ANSWER] * 100
    assert len(site.requests) == 2


def test_a_host_that_drips_is_no_better_than_a_dead_one(site: Site) -> None:
    """Bodies that never end cost two time-outs too, and the host counts as answering: it is no outage of ours."""
    site.answer("/", body_drip)
    known = hosts()
    assert codes(fetch([site.url()] * 20, known)) == [FailureCode.TOO_SLOW] * 20
    assert len(site.requests) == 2


def test_an_answer_between_keeps_a_host_alive(site: Site) -> None:
    """Slow pages among others condemn nobody; nor does a refusal by one port condemn another."""
    site.answer("/slow", silence)
    site.answer("/", Answer(b"x"))
    pages = [site.url("/slow"), site.url(), site.url("/slow"), site.url()]
    assert codes(fetch(pages, hosts())) == [FailureCode.NO_ANSWER, None] * 2
    closed = "http://127.0.0.1:9/"
    assert codes(fetch([closed, closed, site.url()], hosts())) == [
        *[FailureCode.UNREACHABLE] * 2,
        None,
    ]


def test_an_unknown_name_is_looked_up_once() -> None:
    """A name without an address has none a second later."""
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        raise OSError(host)

    async def run() -> list[Fetched | Failed]:
        async with Fetcher(FetchSettings(), hosts(), resolve=resolve, obey_robots=False) as fetcher:
            return [await fetcher.fetch_page(PAGE) for _ in range(3)]

    assert codes(asyncio.run(run())) == [FailureCode.UNKNOWN_HOST] * 3
    assert asked == ["news.example"]


def test_an_outage_is_ours_when_hosts_fail_together() -> None:
    """Three hosts without an answer, and none that answered lately: our network. Otherwise theirs."""
    time = Time()
    known = hosts(time)
    for number in range(3):
        assert not known.is_our_network
        known.lost(f"https://{number}.example/", FailureCode.UNREACHABLE)
    assert known.is_our_network
    known.answered(PAGE, 500, {})
    assert not known.is_our_network
    for number in range(3):
        known.lost(f"https://{number}.example/", FailureCode.UNREACHABLE)
    assert not known.is_our_network, "somebody answered a moment ago"
    time.seconds += 61
    assert known.is_our_network


def test_many_failures_of_one_host_are_its_own() -> None:
    """However often one host fails, it is no outage of ours."""
    known = hosts()
    for _ in range(10):
        known.lost(PAGE, FailureCode.NO_ANSWER)
    assert not known.is_our_network


# ---- robots.txt


def test_a_crawl_delay_spaces_requests_up_to_the_setting(site: Site) -> None:
    """The delay of robots.txt counts where it is longer than ours, up to longest_spacing."""
    site.answer("/", Answer(b"x"))
    for said, want in (("3", 3.0), ("0.5", 1.0), ("86400", 10.0)):
        rules = f"User-agent: *\nCrawl-delay: {said}\nDisallow:\n"
        site.answer("/robots.txt", Answer(rules.encode()))
        time = Time()
        fetch([site.url()] * 3, hosts(time, spacing="1s"), time, obey_robots=True)
        assert time.slept[-2:] == [want, want]


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        (Answer(status=500), FailureCode.ROBOTS_UNAVAILABLE),
        (Answer(status=503), FailureCode.ROBOTS_UNAVAILABLE),
        (hang_up, FailureCode.ROBOTS_UNAVAILABLE),
        (silence, FailureCode.NO_ANSWER),
        (Answer(status=429), FailureCode.PAUSED),
    ],
    ids=["500", "503", "hangs up", "silent", "429"],
)
def test_while_robots_cannot_be_had_nothing_is_fetched(
    behaviour: Behaviour, code: FailureCode, site: Site
) -> None:
    """RFC 9309: a server's or network's failure forbids everything for now. It is asked once, and worth another try."""
    site.answer("/robots.txt", behaviour)
    site.answer("/", Answer(b"x"))
    results = fetch([site.url()] * 3, hosts(), obey_robots=True)
    assert codes(results) == [code] * 3
    assert all(isinstance(r, Failed) and r.kind is FailureKind.TEMPORARY for r in results)
    assert site.paths() == ["/robots.txt"]


def test_robots_are_asked_once_a_run_and_followed_through_redirects(site: Site) -> None:
    """A second Fetcher of the run knows the rules already; a redirected robots.txt counts."""
    site.answer("/robots.txt", redirect("/rules.txt"))
    site.answer("/rules.txt", Answer(b"User-agent: *\nDisallow: /private\n"))
    site.answer("/", Answer(b"x"))
    known = hosts()
    first = fetch([site.url(), site.url("/private")], known, obey_robots=True)
    second = fetch([site.url("/private")], known, obey_robots=True)
    assert codes(first + second) == [None, FailureCode.ROBOTS, FailureCode.ROBOTS]
    assert site.paths() == ["/robots.txt", "/rules.txt", "/"]


def test_the_beginning_of_an_overlong_robots_txt_counts(site: Site) -> None:
    """RFC 9309: the first 500 kibibytes are parsed, whatever follows."""
    rules = b"User-agent: *\nDisallow: /private\n" + b"# and so on\n" * 100_000
    site.answer("/robots.txt", Answer(rules))
    site.answer("/", Answer(b"x"))
    results = fetch([site.url(), site.url("/private")], hosts(), obey_robots=True)
    assert codes(results) == [None, FailureCode.ROBOTS]
