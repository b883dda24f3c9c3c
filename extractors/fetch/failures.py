"""What an exchange that did not succeed means, in words fit for an ops engineer: without addresses
of ours or secrets of theirs."""

from __future__ import annotations

from dataclasses import replace

import httpx

from domain.news import Failed, FailureKind, Fetched
from extractors.fetch.guard import NameNotFound, Refused
from extractors.fetch.politeness import meaning_of_status
from extractors.urls import shown_url


def failed(
    url: str, kind: FailureKind, reason: str, seconds: float = 0.0, status: int | None = None
) -> Failed:
    return Failed(url=shown_url(url), kind=kind, reason=reason, status=status, seconds=seconds)


def failure_of_answer(answer: Fetched) -> Failed | None:
    """What an answer that is not a full success means."""
    status, reason = answer.status, None
    if status == 429 or (status == 503 and "retry-after" in answer.headers):
        reason = asks_for_peace(status, answer.headers.get("retry-after"))
    elif not 200 <= status < 300:
        phrase = httpx.codes.get_reason_phrase(status)
        reason = f"answered {status}" + (f" {phrase}" if phrase else "")
    elif not answer.body.strip():
        reason = f"answered {status} with an empty body"
    if reason is None:
        return None
    kind = FailureKind.TEMPORARY if 200 <= status < 300 else meaning_of_status(status)
    return replace(failed(answer.url, kind, reason, answer.seconds, status), headers=answer.headers)


def meaning_of_error(error: Exception) -> tuple[FailureKind, str]:
    """What a failed exchange means, in words without addresses of ours or secrets of theirs."""
    cause = error.__cause__
    if isinstance(cause, Refused):
        return FailureKind.HARD, f"is refused: {cause} (fetch.allow_private could allow it)"
    if isinstance(cause, NameNotFound):
        return FailureKind.SOFT, f'has an unknown host name: "{cause}" (is it spelt right?)'
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return FailureKind.HARD, "is no valid http or https address"
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return FailureKind.HARD, "has a certificate that cannot be verified"
    if isinstance(error, httpx.ConnectError):
        return FailureKind.TEMPORARY, "cannot be reached: the connection was refused or failed"
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        return FailureKind.TEMPORARY, "answered something that is not proper HTTP, or hung up"
    return FailureKind.TEMPORARY, f"broke off ({type(error).__name__})"


def asks_for_peace(status: int, after: str | None) -> str:
    if not after:
        return f"answered {status} (too many requests)"
    wait = f"{after} s" if after.isdecimal() else after
    return f"answered {status} and asks to come back after {wait[:40]}"
