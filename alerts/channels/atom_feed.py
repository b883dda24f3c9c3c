"""The alerts as an Atom feed in a file, so that a feed reader is a channel too (RFC 4287).

The newest are kept, under ids that never change: a message that is written again takes its own place. The file is written
beside its place and renamed, so that no reader sees half of it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from alerts.messages import render_atom
from alerts.untrusted import clean
from domain.addresses import Network
from domain.alerting import Delivery, DeliveryState, Receipt
from domain.closing import Closing
from domain.secret_texts import SecretLookup
from domain.settings_channels import AtomChannel

NEWEST = 100
_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACE = "urn:armswire:"
_ENTRY, _ID = f"{{{_ATOM}}}entry", f"{{{_ATOM}}}id"


def open_channel(
    name: str, settings: AtomChannel, *, secret: SecretLookup, allowed: Sequence[Network]
) -> AtomFeed:
    """The channel of `settings`; see alerts/channels."""
    return AtomFeed(settings.path, name=name, title=settings.title)


class AtomFeed(Closing):
    """One feed file; what was sent is in it."""

    def __init__(self, path: Path, *, name: str, title: str) -> None:
        self._path = path
        self._id = _urn(f"channel:{name}")
        self._title = title

    def send(self, delivery: Delivery) -> Receipt:
        """Puts one message at the head of the feed."""
        try:
            with _lock(self._path):
                entries = self._entries(without=_urn(delivery.message_id))
                self._write([_entry(delivery), *entries][:NEWEST])
        except OSError as error:
            reason = f"the feed {self._path.name} cannot be written: {error.strerror or error}"
            return Receipt(state=DeliveryState.RETRY, reason=reason)
        except etree.XMLSyntaxError:
            reason = f"{self._path.name} holds no feed; move it away"
            return Receipt(state=DeliveryState.RETRY, reason=reason)
        return Receipt(state=DeliveryState.SENT)

    def _entries(self, without: str) -> list[etree._Element]:
        if not self._path.exists() or not self._path.stat().st_size:
            return []
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)
        feed = etree.fromstring(self._path.read_bytes(), parser)
        return [entry for entry in feed.findall(_ENTRY) if entry.findtext(_ID) != without]

    def _write(self, entries: Sequence[etree._Element]) -> None:
        feed = etree.Element(f"{{{_ATOM}}}feed", nsmap={None: _ATOM})
        _add(feed, "title", self._title)
        _add(feed, "id", self._id)
        _add(feed, "updated", max(entry.findtext(f"{{{_ATOM}}}updated") or "" for entry in entries))
        author = etree.SubElement(feed, f"{{{_ATOM}}}author")
        _add(author, "name", "armswire")
        feed.extend(entries)
        content = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
        beside = self._path.with_name(f".{self._path.name}.new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)


def _entry(delivery: Delivery) -> etree._Element:
    written = render_atom(delivery)
    entry = etree.Element(_ENTRY, nsmap={None: _ATOM})
    _add(entry, "title", written.title)
    _add(entry, "id", _urn(delivery.message_id))
    updated = delivery.content.created_at
    _add(entry, "published", _stamp(updated))
    _add(entry, "updated", _stamp(updated))
    if written.link:
        etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=written.link)
    etree.SubElement(entry, f"{{{_ATOM}}}category", term=clean(delivery.sender))
    _add(entry, "content", written.html).set("type", "html")
    return entry


def _add(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{_ATOM}}}{name}")
    # U+FFFE and U+FFFF are no characters of XML.
    element.text = text.replace("\ufffe", "").replace("\uffff", "")
    return element


def _urn(name: str) -> str:
    return uuid5(NAMESPACE_URL, _NAMESPACE + name).urn


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


@contextmanager
def _lock(path: Path) -> Iterator[None]:
    """Keeps another process from writing the file at the same time: its entry would be lost."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
