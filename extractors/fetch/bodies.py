"""The limit of a body: bytes on the wire, and after decompression."""

from __future__ import annotations

import zlib

_GZIP = 31  # zlib's window bits for a gzip header and trailer
MOST_CRUMBS = 2_000
SMALLEST_PIECE = 16
"""Bytes: a body in more than so many pieces that are smaller on average is sent to keep us busy (a chunk costs as much work
as a page), not to be read."""


class BodyTooLargeError(Exception):
    """The body exceeds its limit, on the wire or decompressed."""


class UndecodableBodyError(Exception):
    """The body's content encoding is unknown, stacked, broken or cut off."""


class BoundedBody:
    """Collects a body, never holding more than `max_bytes` of it, whatever it claims to be.

    httpx's own decoders expand each chunk whole (2 GB for a bomb of 1 MB), hence this one. Known
    encodings: none and gzip.
    """

    def __init__(self, *, encoding: str, max_bytes: int) -> None:
        """`encoding` is the Content-Encoding header's value. Raises UndecodableBodyError for one
        that was not asked for."""
        name = encoding.strip().lower()
        if name not in ("", "identity", "gzip", "x-gzip"):
            msg = f'content encoding "{name[:40]}", which was not asked for'
            raise UndecodableBodyError(msg)
        self._gzip = name.endswith("gzip")
        self._decoder: zlib._Decompress | None = None
        self._max = max_bytes
        self._wire = 0
        self._pieces = 0
        self._head = b""
        self._body = bytearray()  # not a list: a body in crumbs of two bytes would weigh twentyfold

    def add(self, chunk: bytes) -> None:
        """Takes the next bytes off the wire. Raises BodyTooLargeError or UndecodableBodyError."""
        self._wire += len(chunk)
        self._pieces += 1
        if self._pieces > MOST_CRUMBS and self._wire < SMALLEST_PIECE * self._pieces:
            msg = "it comes in crumbs of a few bytes"
            raise UndecodableBodyError(msg)
        if self._gzip and self._wire > self._max:
            raise BodyTooLargeError
        if not self._gzip:
            self._keep(chunk)
            return
        if self._decoder is None:
            self._head += chunk
            if len(self._head) < 2:
                return
            chunk, self._head = self._head, b""
            if not chunk.startswith(
                b"\x1f\x8b"
            ):  # says gzip and is not: some proxies decompress and keep the header
                self._gzip = False
                self._keep(chunk)
                return
            self._decoder = zlib.decompressobj(_GZIP)
        self._decompress(chunk)

    def complete(self) -> bytes:
        """The whole body. Raises UndecodableBodyError when the compressed stream was cut off."""
        if self._decoder is not None and not self._decoder.eof:
            msg = "gzip stream cut off"
            raise UndecodableBodyError(msg)
        return self.so_far()

    def so_far(self) -> bytes:
        """What has come, at most `max_bytes` of it."""
        return bytes(self._body + self._head)

    def _decompress(self, chunk: bytes) -> None:
        while chunk and self._decoder is not None:
            if self._decoder.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding after the last member
                self._decoder = zlib.decompressobj(_GZIP)
            try:
                self._keep(self._decoder.decompress(chunk, self._max - len(self._body) + 1))
            except zlib.error as error:
                msg = "broken gzip stream"
                raise UndecodableBodyError(msg) from error
            chunk = self._decoder.unconsumed_tail or self._decoder.unused_data

    def _keep(self, part: bytes) -> None:
        room = self._max - len(self._body)
        self._body += part[:room]
        if len(part) > room:
            raise BodyTooLargeError
