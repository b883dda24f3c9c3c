"""A run killed at any moment and started again loses nothing and tells nothing twice."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alerts.views import SHOWN_DIGITS
from domain.alerting import DeliveryState
from flows.demo.newsroom import load_newsroom
from flows.demo.stage import BUNDLED_WATCHES, Stage, demo_stage
from storage.published import open_published
from tests.delivery_desk import Doubts, check_told_once, left_in_doubt

KILLS = 20
START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def start_run(stage: Stage) -> subprocess.Popen[bytes]:
    config = stage.folder / "monitor.yaml"
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli.main", "run", "--config", str(config)],
        env=os.environ | stage.secrets,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def finish_run(stage: Stage) -> float:
    """Lets a run end and returns how long it took."""
    started = datetime.now(UTC)
    run = start_run(stage)
    _, complaints = run.communicate(timeout=300)
    assert run.returncode == 0, complaints.decode()
    return (datetime.now(UTC) - started).total_seconds()


def check(stage: Stage, doubts: Doubts) -> None:
    """Every article once, every message once; again came only what a kill had left in doubt, with the same Message-ID."""
    newsroom = stage.site.newsroom
    published = {a.url(stage.site.base) for a in newsroom.articles(stage.site.wave)}
    with open_published(stage.configuration.settings.database) as queries:
        stored = [row.article.url for row in queries.articles()]
        ledger = queries.deliveries()
    assert len(stored) == len(set(stored)) == len(published)

    told = [row for row in ledger if row.state is not DeliveryState.SUPERSEDED]
    by_mail = {row.message_id: row.id for row in told if row.channel == "analysts"}
    by_alert = {row.alert_id[:SHOWN_DIGITS]: row.id for row in told if row.channel == "desk"}
    assert by_mail
    assert by_alert
    posts = [str(message.payload) for message in stage.slack.messages]
    arrived = Counter(by_mail[mail.message_id] for mail in stage.mail.deliveries)
    arrived += Counter(by_alert[re.findall(r"alert ([0-9a-f]+)", post)[-1]] for post in posts)
    check_told_once(told, arrived, doubts)


@pytest.mark.slow
def test_killed_at_twenty_random_moments(tmp_path: Path) -> None:
    """SIGKILL at twenty random moments, over as many rounds as it takes: each round ends complete."""
    moments = random.Random(20261122)
    kills, rounds, whole = 0, 0, 0.0
    while kills < KILLS:
        folder = tmp_path / f"round-{rounds}"
        with demo_stage(folder, load_newsroom(START), BUNDLED_WATCHES) as stage:
            if rounds == 0:
                whole = finish_run(stage)
                check(stage, set())
            else:
                killed, doubts = kill_until_done(stage, moments, whole, KILLS - kills)
                finish_run(stage)
                check(stage, doubts)
                kills += killed
        rounds += 1


def kill_until_done(
    stage: Stage, moments: random.Random, whole: float, most: int
) -> tuple[int, Doubts]:
    """Kills runs at random moments of their time until one got through or `most` were killed. Returns how many were, and
    what they left in doubt."""
    killed = 0
    doubts: Doubts = set()
    while killed < most:
        run = start_run(stage)
        try:
            run.wait(timeout=moments.uniform(0.1, whole))
        except subprocess.TimeoutExpired:
            run.send_signal(signal.SIGKILL)
            run.communicate()
            doubts |= left_in_doubt(stage.configuration.settings.database)
            killed += 1
        else:
            assert run.returncode == 0
            run.communicate()
            break
    return killed, doubts
