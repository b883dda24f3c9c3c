"""What an exchange that did not succeed means, in words fit for an ops engineer: without addresses
of ours or secrets of theirs."""

from __future__ import annotations

from dataclasses import replace

import httpx

from domain.news import Failed, FailureCode, FailureKind, Fetched
from extractors.fetch.guard import NameNotFound, Refused
from extractors.fetch.hosts import asks_for_peace
from extractors.fetch.politeness import meaning_of_status
from extractors.urls import shown_url


def failed(
    url: str, kind: FailureKind, code: FailureCode, reason: str, seconds: float = 0.0
) -> Failed:
    """A failure whose URL holds no secret."""
    return Failed(url=shown_url(url), kind=kind, code=code, reason=reason, seconds=seconds)


def failure_of_answer(answer: Fetched) -> Failed | None:
    """What an answer that is not a full success means."""
    status, code = answer.status, FailureCode.BAD_STATUS
    if status == 429 or (status == 503 and "retry-after" in answer.headers):
        reason = asks_for_peace(status, answer.headers.get("retry-after"))
    elif not 200 <= status < 300:
        phrase = httpx.codes.get_reason_phrase(status)
        reason = f"answered {status}" + (f" {phrase}" if phrase else "")
    elif not answer.body.strip():
        code, reason = FailureCode.EMPTY, f"answered {status} with an empty body"
    else:
        return None
    kind = FailureKind.TEMPORARY if 200 <= status < 300 else meaning_of_status(status)
    failure = failed(answer.url, kind, code, reason, answer.seconds)
    return replace(failure, status=status, headers=answer.headers)


def meaning_of_error(error: Exception) -> tuple[FailureKind, FailureCode, str]:
    """What a failed exchange means, in words without addresses of ours or secrets of theirs."""
    cause = error.__cause__
    text = str(error)
    if isinstance(cause, Refused):
        reason = f"is refused: {cause} (fetch.allow_private could allow it)"
        return FailureKind.HARD, FailureCode.REFUSED_ADDRESS, reason
    if isinstance(cause, NameNotFound):
        reason = f'has an unknown host name: "{cause}" (is it spelt right?)'
        return FailureKind.SOFT, FailureCode.UNKNOWN_HOST, reason
    if isinstance(error, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return FailureKind.HARD, FailureCode.BAD_URL, "is no valid http or https address"
    if "CERTIFICATE_VERIFY_FAILED" in text:
        reason = "has a certificate that cannot be verified"
        return FailureKind.HARD, FailureCode.CERTIFICATE, reason
    if isinstance(error, httpx.ConnectError):
        reason = "cannot be reached: the connection was refused or failed"
        return FailureKind.TEMPORARY, FailureCode.UNREACHABLE, reason
    if isinstance(error, httpx.RemoteProtocolError) and "buffer too long" in text:  # h11's words
        return FailureKind.TEMPORARY, FailureCode.TOO_MANY_HEADERS, "answered too many headers"
    if isinstance(error, httpx.RemoteProtocolError | httpx.DecodingError):
        reason = "answered something that is not proper HTTP, or hung up"
        return FailureKind.TEMPORARY, FailureCode.BAD_HTTP, reason
    reason = f"broke off ({type(error).__name__})"
    return FailureKind.TEMPORARY, FailureCode.BAD_HTTP, reason
