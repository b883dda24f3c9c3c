"""Twenty copies and rewrites of five developments, in whatever order they arrive: five stories, each told once."""

from __future__ import annotations

import email
import email.policy
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.alerting import Alert, Delivery, Figure, Story
from domain.settings import MonitorSettings
from domain.settings_files import Configuration
from flows.configuration import load_configuration
from flows.delivery import deliver_pending
from flows.demo.sinks import SmtpSink
from flows.placing import place_batch
from flows.run_context import RunContext
from flows.workers import Workers
from storage.store import open_store
from tests.developments import START, Report, reports

MONITOR = """\
database: monitor.duckdb
channels:
  desk: {type: email, smtp: "${SMTP_URL}", sender: "a@example.org", to: [one@example.org, two@example.org]}
watches:
  - {name: everything, when: {any: [{supplier: [NO, KR, DE, US, IN]}]}, send: desk}
  - {name: objections, when: {reaction: {stance: oppose}}, send: desk}
"""
OBJECTED = {"iris", "harpoon"}


@pytest.fixture(scope="module")
def twenty() -> list[Report]:
    return reports()


@pytest.fixture
def settings(tmp_path: Path) -> MonitorSettings:
    return configured(tmp_path).settings


def configured(folder: Path) -> Configuration:
    (folder / "monitor.yaml").write_text(MONITOR, encoding="utf-8")
    (folder / "feeds.yaml").write_text("[]", encoding="utf-8")
    return load_configuration(folder / "monitor.yaml")


@dataclass
class Desk:
    """What an analyst has, batch by batch."""

    settings: MonitorSettings
    stories: dict[str, Story] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    now: datetime = START + timedelta(days=2)

    def take(self, batch: Sequence[Report]) -> None:
        self.now += timedelta(minutes=10)
        entries = [report.entry for report in batch]
        placed = place_batch(entries, tuple(self.stories.values()), self.settings, self.now)
        self.stories.update((story.id, story) for story in placed.stories)
        self.alerts += placed.alerts
        self.deliveries += placed.deliveries

    def by_development(self) -> dict[str, Story]:
        found = {story.articles[0].url.rpartition("/")[2]: story for story in self.stories.values()}
        assert len(found) == len(self.stories)
        return found


def versions_expected(arrived: Sequence[Sequence[Report]]) -> Counter[str]:
    """One version for each batch that brings a development something its readers do not know."""
    known: dict[str, set[str]] = {}
    versions: Counter[str] = Counter()
    for batch in arrived:
        news = {r.development for r in batch if r.facts - known.get(r.development, set())}
        versions.update(news)
        for report in batch:
            known.setdefault(report.development, set()).update(report.facts)
    return versions


def in_batches(order: Sequence[Report], chance: random.Random) -> list[list[Report]]:
    """The reports as they arrive: one by one, or a few at a time."""
    largest = chance.choice((1, 1, 3, 20))
    batches: list[list[Report]] = []
    left = list(order)
    while left:
        size = chance.randint(1, largest)
        batches.append(left[:size])
        left = left[size:]
    return batches


@pytest.mark.parametrize("start", range(0, 100, 10))
def test_the_order_of_arrival_changes_which_outlet_is_named_first_and_nothing_else(
    twenty: list[Report], settings: MonitorSettings, start: int
) -> None:
    """A hundred shuffles: five stories that know the same, the right versions, one message each for every recipient."""
    one_batch = Desk(settings)
    one_batch.take(twenty)
    expected = one_batch.by_development()
    assert sorted(expected) == ["brahmos", "harpoon", "iris", "k9", "nasams"]
    for seed in range(start, start + 10):
        chance = random.Random(seed)
        order = chance.sample(twenty, k=len(twenty))
        arrived = in_batches(order, chance)
        desk = Desk(settings)
        for batch in arrived:
            desk.take(batch)
        versions = versions_expected(arrived)
        assert len(desk.stories) == 5
        for name, story in desk.by_development().items():
            assert story.version == versions[name]
            assert story.transfers == expected[name].transfers
            assert story.reactions == expected[name].reactions
            told = [r.url for r in order if r.development == name]
            assert {a.url for a in story.articles} == set(told)
            # One of the wire's three is the first report, the others its copies; the rewrite is none.
            rewritten = {r.url for r in order if r.is_rewrite}
            assert sum(a.copy_of is None for a in story.articles if a.url not in rewritten) == 1
            assert all(a.copy_of is None for a in story.articles if a.url in rewritten)
            first = next(batch for batch in arrived if {r.url for r in batch} & set(told))
            assert story.articles[0].url in {r.url for r in first}
        messages = Counter((d.alert.watch, d.recipient, d.alert.story.id) for d in desk.deliveries)
        assert len({d.id for d in desk.deliveries}) == len(desk.deliveries)
        for name, story in desk.by_development().items():
            for recipient in ("one@example.org", "two@example.org"):
                assert messages["everything", recipient, story.id] == versions[name]
                objections = versions[name] if name in OBJECTED else 0
                assert messages["objections", recipient, story.id] == objections


def test_numbers_that_outlets_tell_differently_stand_side_by_side(
    twenty: list[Report], settings: MonitorSettings
) -> None:
    """Six by the wire and its copies, eight by the rewrite."""
    desk = Desk(settings)
    desk.take(twenty)
    assert desk.by_development()["nasams"].transfers[0].quantities == (
        Figure(
            text="six launchers", outlets=("Wire nasams", "Short Paper nasams", "Desk Paper nasams")
        ),
        Figure(text="eight", outlets=("Rewriter nasams",)),
    )


@pytest.mark.parametrize("seed", [1, 2])
def test_each_recipient_has_one_mail_a_version(
    twenty: list[Report], tmp_path: Path, seed: int
) -> None:
    """The same through the database and a mail server: as many mails as versions, threaded by story."""
    configuration = configured(tmp_path)
    chance = random.Random(seed)
    order = chance.sample(twenty, k=len(twenty))
    arrived = [order[:4], order[4:9], order[9:]]
    now = START + timedelta(days=2)
    with SmtpSink(tmp_path / "mail") as mail:
        for batch in arrived:
            now += timedelta(hours=1)
            moment = now
            with open_store(configuration.settings.database) as store:
                stories = store.recent_stories(now - configuration.settings.stories.window)
                entries = [report.entry for report in batch]
                store.commit_batch(place_batch(entries, stories, configuration.settings, now), now)
            run = RunContext(
                configuration,
                Workers(count=1),
                secrets={"SMTP_URL": mail.url}.get,
                clock=lambda moment=moment: moment,
            )
            deliver_pending(run)
            deliver_pending(run)
        sent = Counter(
            (d.recipient, message["X-Armswire-Watch"], message["X-Armswire-Story"])
            for d in mail.deliveries
            for message in [
                email.message_from_bytes(d.path.read_bytes(), policy=email.policy.default)
            ]
        )
    versions = versions_expected(arrived)
    everything = Counter(n for (_, watch, _), n in sent.items() if watch == "everything")
    # Both recipients have every version of every story.
    assert everything == Counter([*versions.values()] * 2)
    objections = sum(n for (_, watch, _), n in sent.items() if watch == "objections")
    assert objections == 2 * sum(versions[name] for name in OBJECTED)
