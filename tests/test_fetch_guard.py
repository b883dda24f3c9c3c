"""Nothing but public addresses is ever dialled, whatever a URL, a name or a redirect says."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

import httpcore
import pytest

from domain.news import Failed, FailureCode, FailureKind, Feed, Fetched
from domain.settings import FetchSettings, PerHostSettings
from extractors.fetch import Fetcher
from extractors.fetch.guard import GuardedBackend, NameNotFound, Refused, Resolver
from tests.http_site import Answer, Site, redirect

LOOPBACK = ("127.0.0.1/32",)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


def names(**answers: Sequence[str]) -> Resolver:
    """A resolver with a script: each look-up of a name takes its next answer (the last one
    stays)."""
    scripts = {name.replace("_", "."): list(script) for name, script in answers.items()}

    async def resolve(host: str, port: int) -> Sequence[str]:
        script = scripts.get(host)
        if script is None:
            raise OSError(host)
        return (script.pop(0) if len(script) > 1 else script[0]).split()

    return resolve


def fetch(
    url: str, *, allowed: Sequence[str] = (), resolve: Resolver | None = None
) -> Fetched | Failed:
    settings = FetchSettings(
        allow_private=tuple(allowed), per_host=PerHostSettings(spacing="0s"), timeout="20s"
    )

    async def run() -> Fetched | Failed:
        more = {"resolve": resolve} if resolve else {}
        async with Fetcher(settings, obey_robots=False, **more) as fetcher:
            return await fetcher.fetch_page(url)

    return asyncio.run(run())


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1.2.3",
        "localhost",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",  # noqa: S104 (an address to refuse, not to bind)
        "100.64.0.1",
        "192.88.99.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[fe80::1]",
        "[fd00::1]",
        "[ff02::1]",
        "[2002:7f00:1::]",
        "[2001:0:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "[3fff::1]",
        "2130706433",
        "0x7f.1",
        "127.1",
    ],
)
def test_refuses_every_way_to_write_a_private_address(host: str, site: Site) -> None:
    """No spelling of a private, local, multicast or tunnelled address is dialled, and the reason
    says so."""
    result = fetch(f"http://{host}:{site.port}/")
    assert isinstance(result, Failed)
    assert result.kind in (FailureKind.HARD, FailureKind.SOFT)
    assert "no public address" in result.reason or "no valid" in result.reason
    assert site.requests == []


def test_octal_hosts_reach_nothing(site: Site) -> None:
    """An octal host is refused by the guard or by the URL parser; the site hears nothing."""
    assert isinstance(fetch(f"http://0177.0.0.1:{site.port}/"), Failed)
    assert site.requests == []


@pytest.mark.parametrize(
    "target",
    [
        "http://internal.example:{port}/secret",
        "//internal.example:{port}/secret",
        "http://127.0.0.2:{port}/secret",
        "http://user:pw@127.0.0.2:{port}/secret",
        "http://0x7f.2:{port}/secret",
    ],
)
def test_checks_every_hop(target: str, site: Site) -> None:
    """A redirect from an allowed address to one that is not is refused at that hop."""
    resolve = names(
        news_example=["127.0.0.1"],
        internal_example=["127.0.0.2"],
        **{"127_0_0_2": ["127.0.0.2"], "0x7f_2": ["127.0.0.2"]},
    )
    site.answer("/", redirect(target.format(port=site.port)))
    result = fetch(f"http://news.example:{site.port}/", allowed=LOOPBACK, resolve=resolve)
    assert isinstance(result, Failed)
    assert result.kind is FailureKind.HARD
    assert result.code is FailureCode.REFUSED_ADDRESS
    assert "127.0.0.2, which is no public address" in result.reason
    assert "pw" not in result.url + result.reason
    assert site.paths() == ["/"]


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/html,x",
        "javascript:alert(1)",
        "http://in:80\\@out/",
        "http://[::1",
        "http://a:b:c/",
    ],
)
def test_follows_redirects_only_to_web_addresses(target: str, site: Site) -> None:
    """A redirect to a file, another protocol or a URL that parsers disagree on ends the
    exchange."""
    site.answer("/", redirect(target))
    result = fetch(site.url(), allowed=LOOPBACK)
    assert isinstance(result, Failed)
    assert result.kind is FailureKind.HARD
    assert result.code is FailureCode.BAD_REDIRECT
    assert "no web address" in result.reason


def test_one_private_address_refuses_a_name_with_public_ones(site: Site) -> None:
    """A name with one good and one bad address is refused: which of them is dialled would be
    chance."""
    resolve = names(mixed_example=["127.0.0.1 10.0.0.1"])
    result = fetch(f"http://mixed.example:{site.port}/", allowed=LOOPBACK, resolve=resolve)
    assert isinstance(result, Failed)
    assert result.code is FailureCode.REFUSED_ADDRESS
    assert "10.0.0.1" in result.reason
    assert site.requests == []


def test_dials_the_address_that_was_checked(site: Site) -> None:
    """A name that answers with a good address first and a bad one later is looked up once, and the
    good one dialled."""
    asked = []
    script = names(rebinding_example=["127.0.0.1", "10.0.0.1"])

    async def resolve(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return await script(host, port)

    site.answer("/", Answer(b"the page"))
    result = fetch(f"http://rebinding.example:{site.port}/", allowed=LOOPBACK, resolve=resolve)
    assert isinstance(result, Fetched)
    assert result.body == b"the page"
    assert asked == ["rebinding.example"]
    assert site.requests[0].headers["host"] == f"rebinding.example:{site.port}"


def test_tries_the_next_address_when_one_is_dead(site: Site) -> None:
    """A name whose first address refuses connections is reached by its second."""
    resolve = names(two_example=["127.0.0.9 127.0.0.1"])
    site.answer("/", Answer(b"the page"))
    result = fetch(f"http://two.example:{site.port}/", allowed=("127.0.0.0/8",), resolve=resolve)
    assert isinstance(result, Fetched)


def test_a_proxy_in_the_environment_is_no_way_around(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY and its kin are not used: a proxy would dial what it likes."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, site.url())
    resolve = names(news_example=["127.0.0.2"])
    result = fetch(f"http://news.example:{site.port}/", resolve=resolve)
    assert isinstance(result, Failed)
    assert site.requests == []


def test_an_unknown_name_is_a_soft_failure_that_names_the_host() -> None:
    """DNS failures come and go on living sites; the reason shows the name."""
    result = fetch("http://nowhere.example/", resolve=names())
    assert isinstance(result, Failed)
    assert result.kind is FailureKind.SOFT
    assert result.code is FailureCode.UNKNOWN_HOST
    assert "nowhere.example" in result.reason


def test_the_backend_dials_no_local_socket_and_no_empty_answer() -> None:
    """Unix sockets are refused, and a resolver without an answer is an unknown name."""
    backend = GuardedBackend(resolve=names(empty_example=[""]))
    with pytest.raises(Refused):
        asyncio.run(backend.connect_unix_socket("/run/secret.sock"))
    with pytest.raises(NameNotFound):
        asyncio.run(backend.connect_tcp("empty.example", 80))
    assert issubclass(Refused, httpcore.ConnectError)


def test_feeds_go_through_the_guard_too(site: Site) -> None:
    """The guard stands before feeds as before pages."""
    settings = FetchSettings(per_host=PerHostSettings(spacing="0s"))

    async def run() -> object:
        async with Fetcher(settings) as fetcher:
            feed = Feed(key="k", url=site.url("/feed"), name="n")
            return await fetcher.fetch_feed(feed, None)

    result = asyncio.run(run())
    assert isinstance(result, Failed)
    assert result.kind is FailureKind.HARD
    assert site.requests == []


def test_robots_txt_is_no_way_in(site: Site) -> None:
    """A robots.txt that redirects into a private network is not followed there, and the page is judged by itself."""
    resolve = names(news_example=["127.0.0.1"], internal_example=["127.0.0.2"])
    with Site("127.0.0.2") as internal:
        site.answer("/robots.txt", redirect(internal.url("/secret", host="internal.example")))
        site.answer("/", Answer(b"the page"))
        settings = FetchSettings(allow_private=LOOPBACK)

        async def run() -> Fetched | Failed:
            async with Fetcher(settings, resolve=resolve) as fetcher:
                return await fetcher.fetch_page(f"http://news.example:{site.port}/")

        assert isinstance(asyncio.run(run()), Fetched)
        assert internal.requests == []


@pytest.mark.parametrize("target", ["internal.example", "127.0.0.2", "[::1]", "169.254.169.254"])
def test_a_feeds_redirect_into_a_private_network_is_refused(target: str, site: Site) -> None:
    """As for pages; and what stands behind gets no request."""
    literals = ("127.0.0.1", "127.0.0.2", "::1", "169.254.169.254")
    known = {address.replace(".", "_"): [address] for address in literals}
    resolve = names(internal_example=["127.0.0.2"], **known)
    site.answer("/feed", redirect(f"http://{target}:{site.port}/feed", status=301))
    settings = FetchSettings(allow_private=LOOPBACK)

    async def run() -> object:
        async with Fetcher(settings, resolve=resolve) as fetcher:
            feed = Feed(key="k", url=site.url("/feed"), name="n")
            return await fetcher.fetch_feed(feed, None)

    result = asyncio.run(run())
    assert isinstance(result, Failed)
    assert result.code is FailureCode.REFUSED_ADDRESS
    assert site.paths() == ["/feed"]
