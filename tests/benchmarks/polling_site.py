"""The server of tests/benchmarks/polling.py, in a process of its own: `python -m tests.benchmarks.polling_site FEEDS`.

It serves FEEDS feeds of 30 entries, each at a host of its own (127.0.0.1, 127.0.0.2 ...; Linux answers at all of 127/8),
keeps connections alive and answers 304 to whoever sends back a feed's ETag. Prints its port, and ends with its standard
input.
"""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ENTRIES = 30
_START = datetime(2026, 3, 1, tzinfo=UTC)
_WORDS = (
    "the ministry said on Tuesday that talks about the order would resume once both governments had agreed on a price and"
    " a schedule while officials in the capital asked for patience and the opposition for papers because the last contract"
    " came in late over budget and without spares which the navy has not forgotten nor the auditors who counted every bolt"
).split()


def host(number: int) -> str:
    """The address of the feed numbered `number`, from 0."""
    return f"127.{1 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def addresses(port: int, feeds: int) -> list[str]:
    """The URLs of all feeds."""
    return [f"http://{host(number)}:{port}/feed.xml" for number in range(feeds)]


def document(number: int) -> bytes:
    """One feed as publishers write them: RSS or Atom by turns, every fourth with the articles' full text."""
    chance = random.Random(number)
    make = _atom if number % 2 else _rss
    full = number % 4 == 0
    return make(number, [_entry(chance, number, n, full=full) for n in range(ENTRIES)]).encode()


def _entry(chance: random.Random, feed: int, n: int, *, full: bool) -> dict[str, str]:
    return {
        "title": " ".join(chance.choices(_WORDS, k=9)).capitalize(),
        "link": f"https://outlet{feed}.example/news/2026/{n:02}/{chance.randrange(10**6)}?id={n}",
        "summary": f"<p>{_sentence(chance, 45)} <a href='https://outlet{feed}.example/'>More</a></p>",
        "full": "".join(f"<p>{_sentence(chance, 60)}</p>" for _ in range(8)) if full else "",
        "at": format_datetime(_START - timedelta(hours=n), usegmt=True),
        "iso": (_START - timedelta(hours=n)).isoformat(),
        "author": " ".join(chance.choices(_WORDS, k=2)).title(),
    }


def _sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize() + " &amp; so on."


def _rss(number: int, entries: Sequence[dict[str, str]]) -> str:
    items = "".join(
        f"<item><title>{e['title']}</title><link>{escape(e['link'])}</link>"
        f"<guid isPermaLink='false'>outlet{number}-{n}</guid><pubDate>{e['at']}</pubDate>"
        f"<dc:creator>{e['author']}</dc:creator><category>World</category>"
        f"<description>{escape(e['summary'])}</description>"
        + (f"<content:encoded><![CDATA[{e['full']}]]></content:encoded>" if e["full"] else "")
        + "</item>\n"
        for n, e in enumerate(entries)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>"
        f"<title>Outlet {number}</title><link>https://outlet{number}.example/</link><language>en</language>\n"
        f"{items}</channel></rss>"
    )


def _atom(number: int, entries: Sequence[dict[str, str]]) -> str:
    items = "".join(
        f"<entry><title>{e['title']}</title><link href='{escape(e['link'])}'/><id>tag:outlet{number}.example,2026:{n}</id>"
        f"<updated>{e['iso']}</updated><author><name>{e['author']}</name></author>"
        f"<summary type='html'>{escape(e['summary'])}</summary></entry>\n"
        for n, e in enumerate(entries)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<title>Outlet {number}</title><link href='https://outlet{number}.example/'/>"
        f"<id>tag:outlet{number}.example,2026:feed</id><updated>{_START.isoformat()}</updated>\n{items}</feed>"
    )


class _Answers(asyncio.Protocol):
    """HTTP/1.1 as far as a poller needs it, at little cost to the core that both pollers share."""

    def __init__(self, documents: dict[str, bytes]) -> None:
        self._documents = documents
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if not str(transport.get_extra_info("peername")[0]).startswith("127."):
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._asked += data
        while b"\r\n\r\n" in self._asked:
            head, _, self._asked = self._asked.partition(b"\r\n\r\n")
            self._transport.write(self._answer(head.decode("latin-1")))

    def _answer(self, head: str) -> bytes:
        lines = (line.partition(":") for line in head.split("\r\n")[1:])
        headers = {name.lower(): value.strip() for name, _, value in lines}
        body = self._documents[headers["host"].partition(":")[0]]
        tag = f'"{len(body)}"'
        if headers.get("if-none-match") == tag:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        answer = (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\nETag: {tag}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        return answer.encode() + body


async def serve(feeds: int) -> None:
    """Serves until standard input ends."""
    documents = {host(number): document(number) for number in range(feeds)}
    loop = asyncio.get_running_loop()
    every_address = "0.0.0.0"  # noqa: S104 -- one socket for all of 127/8; others are hung up on
    server = await loop.create_server(lambda: _Answers(documents), every_address, 0, backlog=1_024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
