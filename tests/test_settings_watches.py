"""The settings of watches and digests: what is right, and what is refused in which words."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from pydantic import ValidationError

from domain.settings_watches import DigestSettings, QuietSettings, WatchSettings

WATCH = {"name": "w", "when": {"supplier": "JP"}, "send": "desk"}
DIGEST = {"name": "morning", "at": "07:30", "timezone": "Asia/Tokyo", "send": ["desk"]}


def test_a_watch_with_everything() -> None:
    """Times, days, zone and lengths are read from words; YAML's own reading of 22:30 is understood."""
    watch = WatchSettings.model_validate(
        WATCH
        | {
            "mode": "both",
            "min_confidence": 0.8,
            "quiet": {
                "from": 22 * 60 + 30,
                "to": "07:00",
                "timezone": "Asia/Tokyo",
                "days": ["Sat", "sunday"],
            },
            "throttle": {"messages": 5, "per": "1h"},
        }
    )
    assert watch.quiet is not None
    assert watch.throttle is not None
    assert (watch.quiet.start, watch.quiet.end, watch.quiet.days) == (time(22, 30), time(7), {5, 6})
    assert watch.throttle.per == timedelta(hours=1)


@pytest.mark.parametrize(
    ("quiet", "words"),
    [
        ({"from": "07:00", "to": "07:00"}, "the same time"),
        ({"from": "07:00"}, 'give both "from" and "to"'),
        ({}, "name hours or days"),
        ({"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}, "nothing would ever be sent"),
        ({"days": ["someday"]}, '"someday" is no day'),
        ({"from": "25:00", "to": "07:00"}, "no time of day"),
        ({"from": "22:00", "to": "07:00", "timezone": "Mars/Olympus"}, "no time zone"),
        ({"from": "22:00", "to": "07:00", "timezone": "../../etc/passwd"}, "no time zone"),
    ],
)
def test_quiet_hours_that_would_silence_everything_or_mean_nothing(
    quiet: dict[str, object], words: str
) -> None:
    """Each is refused, and told what to write."""
    with pytest.raises(ValidationError, match=words):
        QuietSettings.model_validate(quiet)


def test_who_sends_nowhere_must_be_for_digests() -> None:
    """A watch at once needs a channel; one for digests does not."""
    with pytest.raises(ValidationError, match="name at least one channel"):
        WatchSettings.model_validate({"name": "w", "when": {"supplier": "JP"}})
    quietly = {"name": "w", "when": {"supplier": "JP"}, "mode": "digest"}
    assert WatchSettings.model_validate(quietly).send == ()
    with pytest.raises(ValidationError, match="greater than 0"):
        WatchSettings.model_validate(WATCH | {"throttle": {"messages": 1, "per": "0s"}})


def test_a_digest() -> None:
    """Every day unless days are named; none at all is refused."""
    assert DigestSettings.model_validate(DIGEST).days == frozenset(range(7))
    assert DigestSettings.model_validate(DIGEST | {"days": "mon"}).days == {0}
    with pytest.raises(ValidationError, match="would never be sent"):
        DigestSettings.model_validate(DIGEST | {"days": []})
