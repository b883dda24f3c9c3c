"""Feeds and pages by real HTTP: conditional requests, limits of size and time, politeness, and
failures as values."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import pytest

from domain.news import Failed, FailureCode, FailureKind, Feed, FeedState, Fetched, Unchanged
from domain.settings import FetchSettings, PerHostSettings
from extractors.fetch import Fetcher, body_hash, is_our_network
from extractors.fetch.hosts import Hosts
from extractors.fetch.robots import agent_token
from extractors.fetch.turns import Clock
from tests.http_site import (
    Answer,
    Behaviour,
    Request,
    Site,
    Wire,
    body_drip,
    endless_body,
    endless_early_hints,
    endless_headers,
    gzip_bomb,
    gzipped,
    hang_up,
    header_drip,
    redirect,
    silence,
    with_validators,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
OUTER_SECONDS = 30.0
"""How long a test waits for what must end by its own deadline of a fraction of a second."""


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


class FakeClock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


def settings(**changes: object) -> FetchSettings:
    base = {
        "user_agent": "armswire/0.1 (+https://armswire.example/about)",
        "allow_private": ("127.0.0.0/8",),
        "per_host": PerHostSettings(spacing="0s"),
        "timeout": "20s",
    }
    return FetchSettings.model_validate({**base, **changes})


T = TypeVar("T")


def run(
    ask: Callable[[Fetcher], Awaitable[T]],
    *,
    clock: Clock | None = None,
    obey_robots: bool = False,
    **changes: object,
) -> T:
    async def asking() -> T:
        chosen = settings(**changes)
        hosts = Hosts(chosen.per_host, now=lambda: NOW)
        async with Fetcher(chosen, hosts, clock=clock, obey_robots=obey_robots) as fetcher:
            return await asyncio.wait_for(ask(fetcher), OUTER_SECONDS)

    return asyncio.run(asking())


def page(url: str, **changes: object) -> Fetched | Failed:
    return run(lambda f: f.fetch_page(url), **changes)


def poll(
    url: str, state: FeedState | None = None, **changes: object
) -> Fetched | Unchanged | Failed:
    feed = Feed(key="feed", url=url, name="a feed")
    return run(lambda f: f.fetch_feed(feed, state), **changes)


def failure(result: object) -> Failed:
    assert isinstance(result, Failed), result
    return result


# ---- conditional requests


def test_second_poll_sends_both_validators_and_is_unchanged(site: Site) -> None:
    """The validators of the first answer are sent with the second poll, and a 304 is Unchanged."""
    site.answer("/feed", with_validators(b"<rss/>", '"é1"', "Sun, 01 Mar 2026 10:00:00 GMT"))
    first = poll(site.url("/feed"))
    assert isinstance(first, Fetched)
    assert first.body == b"<rss/>"
    state = FeedState(
        key="feed",
        etag=first.headers.get("etag"),
        last_modified=first.headers.get("last-modified"),
        body_hash=body_hash(first.body),
    )
    second = poll(site.url("/feed"), state)
    assert isinstance(second, Unchanged)
    asked = site.requests[1].headers
    assert asked["if-none-match"] == first.headers["etag"]
    assert asked["if-modified-since"] == "Sun, 01 Mar 2026 10:00:00 GMT"
    assert asked["accept-encoding"] == "gzip"
    assert asked["user-agent"].startswith("armswire/")


def test_every_twelfth_poll_is_unconditional(site: Site) -> None:
    """A server that answers 304 for ever is asked in full every twelfth time."""
    site.answer("/feed", with_validators(b"<rss/>", '"1"', "x"))
    state = FeedState(key="feed", etag='"1"', polls=11)
    assert isinstance(poll(site.url("/feed"), state), Fetched)
    assert isinstance(poll(site.url("/feed"), replace(state, polls=12)), Unchanged)


def test_a_failing_feed_is_polled_in_full(site: Site) -> None:
    """A 304 never turns a failed feed green: while a feed fails, no validators are sent."""
    site.answer("/feed", with_validators(b"<rss/>", '"1"', "x"))
    state = FeedState(key="feed", etag='"1"', failures=1)
    assert isinstance(poll(site.url("/feed"), state), Fetched)


def test_a_304_that_nobody_asked_for_is_a_failure(site: Site) -> None:
    """A 304 without validators sent says nothing about the feed."""
    site.answer("/feed", Answer(status=304))
    assert failure(poll(site.url("/feed"))).status == 304


def test_same_body_is_unchanged_without_validators(site: Site) -> None:
    """A server without validators is recognised by the hash of its decompressed body."""
    site.answer("/feed", Answer(b"<rss/>"), gzipped(b"<rss/>"), gzipped(b"<rss>new</rss>"))
    state = FeedState(key="feed", body_hash=body_hash(b"<rss/>"))
    assert isinstance(poll(site.url("/feed"), state), Unchanged)
    assert isinstance(poll(site.url("/feed"), state), Unchanged)
    assert isinstance(poll(site.url("/feed"), state), Fetched)


@pytest.mark.parametrize("etag", ['"a"\r\nX-Evil: 1', "\0", "x" * 5_000, "\ud800"])
def test_a_hostile_validator_is_not_sent(etag: str, site: Site) -> None:
    """Validators are strangers' words: one that is no header value is left out, the poll goes
    on."""
    site.answer("/feed", Answer(b"<rss/>"))
    assert isinstance(poll(site.url("/feed"), FeedState(key="feed", etag=etag)), Fetched)
    assert "x-evil" not in site.requests[0].headers


# ---- limits


@pytest.mark.parametrize(
    "behaviour",
    [
        gzip_bomb(30),
        endless_body,
        Answer(b"x" * 20_000),
        Answer(b"", headers={"Content-Length": "99999999999"}),
        gzipped(b"x" * 20_000),
    ],
    ids=["bomb", "endless", "long", "declared", "compressed"],
)
def test_a_body_beyond_the_limit_is_refused(behaviour: Behaviour, site: Site) -> None:
    """Bombs and endless bodies end at the limit of decompressed bytes; the reason names it."""
    site.answer("/", behaviour)
    result = failure(page(site.url(), max_bytes=10_000))
    assert result.kind is FailureKind.HARD
    assert "10,000 bytes" in result.reason


def test_feeds_have_their_own_limit(site: Site) -> None:
    """A feed is measured by max_feed_bytes, a page by max_bytes."""
    site.answer("/", Answer(b"x" * 2_000))
    changes = {"max_bytes": 10_000, "max_feed_bytes": 1_000}
    assert isinstance(page(site.url(), **changes), Fetched)
    assert "1,000 bytes" in failure(poll(site.url(), **changes)).reason


@pytest.mark.parametrize(
    "behaviour",
    [body_drip, header_drip, endless_early_hints, silence],
    ids=lambda b: b.__name__,
)
def test_the_deadline_is_for_the_whole_exchange(behaviour: Behaviour, site: Site) -> None:
    """Neither a byte now and then nor headers without end outlast the deadline."""
    site.answer("/", behaviour)
    result = failure(page(site.url(), timeout="300ms"))
    assert result.kind is FailureKind.TEMPORARY
    assert "0.3 s" in result.reason


def test_the_deadline_is_shared_by_all_hops(site: Site) -> None:
    """Redirects do not start the deadline anew: four hops that are each in time are too late
    together."""

    def slowly(answer: Behaviour) -> Behaviour:
        def behave(request: Request, wire: Wire) -> None:
            wire.pause(0.2)
            answer(request, wire)

        return behave

    for number in range(4):
        site.answer(f"/{number}", slowly(redirect(f"/{number + 1}")))
    site.answer("/4", Answer(b"too late"))
    assert "0.5 s" in failure(page(site.url("/0"), timeout="500ms")).reason


def test_headers_without_end_are_refused(site: Site) -> None:
    """A flood of headers is cut off."""
    site.answer("/", endless_headers)
    assert failure(page(site.url())).kind is FailureKind.TEMPORARY


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"x", headers={"Content-Encoding": "br"}),
        Answer(gzip.compress(gzip.compress(b"x")), headers={"Content-Encoding": "gzip, gzip"}),
        Answer(gzip.compress(b"x" * 999)[:-9], headers={"Content-Encoding": "gzip"}),
        Answer(b"\x1f\x8bnonsense", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["brotli", "stacked", "cut off", "broken"],
)
def test_a_body_that_cannot_be_decoded_is_a_failure(answer: Answer, site: Site) -> None:
    """Encodings that were not asked for and broken streams are told, not guessed at."""
    site.answer("/", answer)
    assert "cannot be decoded" in failure(page(site.url())).reason


@pytest.mark.parametrize(
    ("body", "want"),
    [
        (gzip.compress(b"one ") + gzip.compress(b"two"), b"one two"),
        (gzip.compress(b"padded") + b"\0\0\0", b"padded"),
        (b"says gzip, is not", b"says gzip, is not"),
        (b"x", b"x"),
    ],
    ids=["members", "padding", "plain", "one byte"],
)
def test_odd_gzip_that_browsers_read_is_read(body: bytes, want: bytes, site: Site) -> None:
    """Several members, padding, and a plain body under a gzip header are all taken."""
    site.answer("/", Answer(body, headers={"Content-Encoding": "gzip"}))
    result = page(site.url())
    assert isinstance(result, Fetched)
    assert result.body == want


def test_slots_survive_exchanges_that_run_out_of_time() -> None:
    """After many exchanges that hang, all turns are free again: the next request is answered."""
    with Site("0.0.0.0") as site:  # noqa: S104 -- a host of its own for every exchange
        site.answer("/hangs", silence)
        site.answer("/works", Answer(b"ok"))

        async def ask(fetcher: Fetcher) -> Fetched | Failed:
            urls = [site.url("/hangs", host=f"127.0.3.{n}") for n in range(1, 13)]
            hanging = await asyncio.gather(*(fetcher.fetch_page(url) for url in urls))
            assert {failure(r).code for r in hanging} == {FailureCode.NO_ANSWER}
            return await fetcher.fetch_page(site.url("/works", host="127.0.0.1"))

        assert isinstance(run(ask, timeout="300ms", concurrent=3), Fetched)
        assert len(site.requests) == 13


# ---- redirects, statuses, secrets


def test_follows_five_redirects_and_reports_the_final_url(site: Site) -> None:
    """Five hops are followed, relative ones too, the sixth is too many."""
    for number in range(5):
        site.answer(f"/{number}", redirect(f"{number + 1}", status=301 + number % 2))
    site.answer("/5", Answer(b"there"))
    result = page(site.url("/0"))
    assert isinstance(result, Fetched)
    assert result.url == site.url("/5")
    site.answer("/5", redirect("/6"))
    assert "more than 5 times" in failure(page(site.url("/0"))).reason


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (500, FailureKind.TEMPORARY),
        (503, FailureKind.TEMPORARY),
        (429, FailureKind.TEMPORARY),
        (403, FailureKind.SOFT),
        (404, FailureKind.SOFT),
        (410, FailureKind.HARD),
        (401, FailureKind.HARD),
    ],
)
def test_what_a_status_means(status: int, kind: FailureKind, site: Site) -> None:
    """Each status is a failure of the right kind, with the status in it."""
    site.answer("/", Answer(b"sorry", status=status))
    result = failure(poll(site.url()))
    assert (result.kind, result.status) == (kind, status)
    assert str(status) in result.reason


@pytest.mark.parametrize(
    "answer", [Answer(b"", status=202), Answer(b" \n"), Answer(b"", status=204)]
)
def test_a_success_without_a_body_is_none(answer: Answer, site: Site) -> None:
    """202 with an empty body (a bot wall's way) is a failure, not an empty feed."""
    site.answer("/", answer)
    assert "empty body" in failure(poll(site.url())).reason


def test_hanging_up_and_nobody_there_are_temporary(site: Site) -> None:
    """A connection that breaks or is refused is worth another try."""
    site.answer("/", hang_up)
    assert failure(page(site.url())).kind is FailureKind.TEMPORARY
    closed = site.url().replace("127.0.0.1", "127.0.0.77")
    assert "cannot be reached" in failure(page(closed)).reason


@pytest.mark.parametrize(
    "url", ["", "file:///etc/passwd", "/etc/passwd", "http://a b/", "http://[", "x" * 9_000]
)
def test_what_is_no_web_address_is_not_fetched(url: str) -> None:
    """Anything but an http(s) URL is a hard failure."""
    assert failure(page(url)).kind is FailureKind.HARD


def test_passwords_and_tokens_stay_out_of_reasons(site: Site) -> None:
    """Userinfo and token-like parameters are in no URL or reason of a failure."""
    site.answer("/feed?token=s3cr3t&page=2", Answer(status=404))
    url = site.url("/feed?token=s3cr3t&page=2").replace("//", "//me:hunter2@")
    result = failure(poll(url))
    assert result.url == site.url("/feed?token=***&page=2")
    assert "s3cr3t" not in result.reason
    assert "hunter2" not in result.reason


def test_a_login_is_sent_to_the_feeds_own_origin_only(site: Site) -> None:
    """The name and password of a feed's URL do not travel with a redirect to another origin."""
    with Site("127.0.0.2") as other:
        other.answer("/feed", Answer(b"<rss/>"))
        site.answer("/feed", redirect(other.url("/feed").replace("//", "//x:y@")))
        result = poll(site.url("/feed").replace("//", "//me:hunter2@"))
        assert isinstance(result, Fetched)
        assert result.url == other.url("/feed")
        assert "authorization" in site.requests[0].headers
        assert "authorization" not in other.requests[0].headers


def test_keeps_no_cookies(site: Site) -> None:
    """A cookie is neither sent back nor handed on in the headers."""
    site.answer("/", Answer(b"x", headers={"Set-Cookie": "id=1; Path=/"}))

    async def twice(fetcher: Fetcher) -> Fetched | Failed:
        await fetcher.fetch_page(site.url())
        return await fetcher.fetch_page(site.url())

    result = run(twice)
    assert isinstance(result, Fetched)
    assert "set-cookie" not in result.headers
    assert "cookie" not in site.requests[1].headers


# ---- politeness


@pytest.mark.parametrize(
    ("status", "after", "words"),
    [
        (429, "120", "after 120 s"),
        (429, None, "too many"),
        (503, "Sun, 01 Mar 2026 13:00:00 GMT", "13:00"),
    ],
)
def test_a_host_that_asks_to_be_left_alone_is(
    status: int, after: str | None, words: str, site: Site
) -> None:
    """After 429, or 503 with Retry-After, the host gets no further request in this run; others
    do."""
    headers = {"Retry-After": after} if after else {}
    site.answer("/busy", Answer(b"", status=status, headers=headers))
    site.answer("/other", Answer(b"x"))
    with Site("127.0.0.2") as elsewhere:
        elsewhere.answer("/", Answer(b"x"))

        async def ask(fetcher: Fetcher) -> list[Fetched | Failed]:
            urls = [site.url("/busy"), site.url("/other"), elsewhere.url()]
            return [await fetcher.fetch_page(u) for u in urls]

        first, second, third = run(ask)
    assert words in failure(first).reason
    assert words in failure(second).reason
    assert failure(second).kind is FailureKind.TEMPORARY
    assert isinstance(third, Fetched)
    assert site.paths() == ["/busy"]


def test_requests_to_one_host_are_spaced_and_others_not_held_up(site: Site) -> None:
    """Starts at one host lie apart by the spacing, by the given clock; another host waits for
    nothing."""
    clock = FakeClock()
    site.answer("/", Answer(b"x"))

    async def ask(fetcher: Fetcher) -> None:
        for _ in range(3):
            await fetcher.fetch_page(site.url())

    run(ask, clock=clock, per_host=PerHostSettings(spacing="7s"))
    assert clock.slept == [7.0, 7.0]
    with Site("127.0.0.2") as other:
        clock = FakeClock()

        async def ask_two(fetcher: Fetcher) -> None:
            await fetcher.fetch_page(site.url())
            await fetcher.fetch_page(other.url())

        run(ask_two, clock=clock, per_host=PerHostSettings(spacing="7s"))
    assert clock.slept == []


def test_no_more_requests_at_once_than_the_host_bears(site: Site) -> None:
    """Of ten requests to one host only `concurrent` are ever under way together."""
    state = {"now": 0, "most": 0}

    def counting(request: Request, wire: Wire) -> None:
        state["now"] += 1
        state["most"] = max(state["most"], state["now"])
        wire.pause(0.03)
        state["now"] -= 1
        Answer(b"x")(request, wire)

    site.answer("/", counting)

    async def ask(fetcher: Fetcher) -> None:
        await asyncio.gather(*(fetcher.fetch_page(site.url()) for _ in range(10)))

    run(ask, per_host=PerHostSettings(concurrent=2, spacing="0s"))
    assert len(site.requests) == 10
    assert state["most"] <= 2


def test_robots_are_asked_once_and_obeyed_for_pages_and_hops(site: Site) -> None:
    """robots.txt costs one request per site and run; a disallowed page or hop is not fetched; feeds
    are not asked."""
    rules = b"User-agent: armswire\nDisallow: /private\n\nUser-agent: *\nDisallow: /\n"
    site.answer("/robots.txt", Answer(rules))
    site.answer("/open", Answer(b"x"))
    site.answer("/hop", redirect("/private/page"))
    site.answer("/private/feed", Answer(b"<rss/>"))

    async def ask(fetcher: Fetcher) -> list[object]:
        pages = ["/open", "/private/page", "/hop"]
        found: list[object] = list(
            await asyncio.gather(*(fetcher.fetch_page(site.url(p)) for p in pages))
        )
        feed = Feed(key="f", url=site.url("/private/feed"), name="f")
        return [*found, await fetcher.fetch_feed(feed, None)]

    opened, private, hop, feed = run(ask, obey_robots=True)
    assert isinstance(opened, Fetched)
    assert "robots.txt" in failure(private).reason
    assert "robots.txt" in failure(hop).reason
    assert isinstance(feed, Fetched)
    assert sorted(site.paths()) == ["/hop", "/open", "/private/feed", "/robots.txt"]


@pytest.mark.parametrize(
    "behaviour",
    [
        Answer(status=404),
        Answer(b"User-agent: *\nDisallow: /", status=403),
        Answer(b"<html>Disallow: /"),
        redirect("/robots.txt"),
        endless_body,
        Answer(b"\xff\xfe\0" * 99),
    ],
    ids=["missing", "forbidden", "html", "endless redirects", "endless", "binary"],
)
def test_robots_that_cannot_be_had_allow(behaviour: Behaviour, site: Site) -> None:
    """A missing, broken or hostile robots.txt does not keep a page away."""
    site.answer("/robots.txt", behaviour)
    site.answer("/", Answer(b"x"))
    assert isinstance(page(site.url(), obey_robots=True), Fetched)


def test_robots_know_us_by_our_product_name() -> None:
    """The agent's first word, without version and contact."""
    assert agent_token("armswire (+https://armswire.example/about)") == "armswire"
    assert agent_token("armswire/0.1 (+x)") == "armswire"


# ---- decisions without network


def test_when_nobody_answers_it_is_our_network() -> None:
    """Three or more polls without any answer charge no feed; one answer, or a refusal by the guard,
    and they do."""
    lost = Failed(
        url="u", kind=FailureKind.SOFT, code=FailureCode.UNKNOWN_HOST, reason="unknown host"
    )
    answered = replace(lost, code=FailureCode.BAD_STATUS, reason="answered 404", status=404)
    refused = replace(lost, code=FailureCode.REFUSED_ADDRESS)
    assert is_our_network([lost] * 3)
    assert not is_our_network([lost] * 2)
    assert not is_our_network([lost, lost, answered])
    assert not is_our_network([lost, lost, refused])
