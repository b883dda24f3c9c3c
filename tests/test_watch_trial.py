"""Mutes, a watch's own measure of sureness, and trying a watch on stored history."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts.alerting import Changed, heard_by
from alerts.seen_stories import sure_enough, without_muted
from alerts.story_changes import combine
from alerts.watch_reasons import Reason, reasons
from domain.alerting import Mute, MuteKind, Story
from domain.conditions import parse_condition
from domain.errors import InputError
from domain.mentions import Mentions, Reaction, Stage, Stance, Transfer
from domain.news import Article
from domain.settings_files import Configuration
from domain.settings_watches import WatchSettings
from flows.configuration import load_configuration
from flows.mutes import add_mute, current_mutes, remove_mute
from flows.placing import ReadEntry, place_batch
from flows.reading import Reading
from flows.watch_trial import explain, find_watch, try_watch
from storage.published import open_published, publish
from storage.store import open_store
from tests.story_samples import NOW, PATRIOT, article, reaction, story_of, transfer

DAY = timedelta(days=1)
SETTINGS = """\
database: monitor.duckdb
feeds: feeds.yaml
channels: {desk: {type: slack, webhook: "${SLACK_WEBHOOK_URL}"}}
watches:
  - {name: japan, when: {supplier: JP, stage: {not: suspended}}, send: [desk]}
  - {name: sure, when: {supplier: JP}, min_confidence: 0.95, send: [desk]}
  - {name: later, when: {supplier: JP}, mode: digest}
digests: [{name: morning, at: "07:30", send: [desk]}]
"""


def mute(kind: MuteKind, value: str) -> Mute:
    return Mute(id="m", kind=kind, value=value, created_at=NOW, until=NOW + DAY)


def told() -> Story:
    """Japan's Patriots in the Herald, Russia's objection and Norway's missiles in the Tribune."""
    return story_of(
        article("one", transfers=(transfer("JP", "US", PATRIOT),), outlet="Herald"),
        article(
            "two",
            transfers=(transfer("JP", "US", PATRIOT), transfer("NO", "US")),
            reactions=(reaction(),),
            hours=1,
            outlet="Tribune",
        ),
    )


# ---- mutes


def test_a_muted_story_is_not_heard_of() -> None:
    """By its id, and no other's."""
    story = told()
    assert without_muted(story, [mute(MuteKind.STORY, story.id)]) is None
    assert without_muted(story, [mute(MuteKind.STORY, "another")]) == story


def test_a_muted_party_takes_its_transfers_along() -> None:
    """What others trade stays; when nothing does, the story is muted with its reactions."""
    story = told()
    left = without_muted(story, [mute(MuteKind.PARTY, "no")])
    assert left is not None
    assert [t.transfer.supplier for t in left.transfers] == ["JP"]
    assert len(left.reactions) == 1
    assert without_muted(story, [mute(MuteKind.PARTY, "US")]) is None


def test_a_muted_publisher_has_told_nothing() -> None:
    """Its articles go, with what they alone told; case does not count."""
    left = without_muted(told(), [mute(MuteKind.PUBLISHER, "tribune")])
    assert left is not None
    assert [a.outlet for a in left.articles] == ["Herald"]
    assert [t.transfer.supplier for t in left.transfers] == ["JP"]
    assert left.reactions == ()


def test_a_change_that_only_a_muted_publisher_tells_alerts_nobody() -> None:
    """The story has changed, what the watch sees of it has not."""
    watch = WatchSettings.model_validate({"name": "w", "when": {"supplier": "JP"}, "send": "d"})
    before = story_of(article("one", transfers=(transfer("JP", "US", PATRIOT),), outlet="Herald"))
    after = replace(told(), id=before.id)
    change = Changed(before=before, after=after, changes=combine(before, after))
    assert heard_by(watch, change, [], []) == change
    assert heard_by(watch, change, [], [mute(MuteKind.PUBLISHER, "Tribune")]) is None


def test_reactions_count_once_it_is_known_to_what() -> None:
    """Before, a watch for reactions hears nothing; one for words hears of the headline alone."""
    of_reactions, of_words = (
        WatchSettings.model_validate({"name": "w", "when": when, "send": "d"})
        for when in ({"reaction": {"country": "RU"}}, {"text": "Patriot"})
    )
    before = story_of(article("one", reactions=(reaction(),)))
    new = Changed(before=None, after=before, changes=combine(None, before))
    assert heard_by(of_reactions, new, ["Patriot"], []) is None
    heard = heard_by(of_words, new, ["Patriot"], [])
    assert heard is not None
    assert heard.after.reactions == ()
    deal = story_of(article("two", transfers=(transfer("JP", "US", PATRIOT),)))
    known = replace(before, transfers=deal.transfers)
    later = Changed(before=before, after=known, changes=combine(before, known))
    assert heard_by(of_reactions, later, [], []) == later


def test_what_is_not_sure_enough_does_not_count() -> None:
    """Mentions below the watch's measure are not seen; a story without any is not either."""
    story = story_of(
        article(
            transfers=(transfer("JP", "US", confidence=0.7), transfer("NO", "US", confidence=0.9)),
            reactions=(reaction(confidence=0.6),),
        )
    )
    seen = sure_enough(story, 0.8)
    assert seen is not None
    assert [t.transfer.supplier for t in seen.transfers] == ["NO"]
    assert seen.reactions == ()
    assert sure_enough(story, 0.95) is None
    assert sure_enough(story, 0.0) is story


# ---- why


def lines(reason: Reason, depth: int = 0) -> list[tuple[int, bool, str]]:
    below = [line for part in reason.parts for line in lines(part, depth + 1)]
    return [(depth, reason.holds, reason.words), *below]


def test_every_part_of_a_condition_is_told_with_yes_or_no() -> None:
    """Parts that hold of different transfers are each yes, and the whole is no."""
    condition = parse_condition(
        {
            "supplier": "JP",
            "recipient": {"not": ["US", None]},
            "any": [{"text": "missiles NEAR/3 Tokyo"}, {"not": {"outlet": ["Herald", "Star"]}}],
        }
    )
    story = story_of(article(transfers=(transfer("JP", "US"), transfer("NO", "PL"))))
    found = reasons(condition, story, ["The missiles reached Tokyo"])
    assert lines(found) == [
        (0, False, "all of"),
        (1, False, "one transfer with"),
        (2, True, "supplier: JP"),
        (2, True, "recipient: not US or not stated"),
        (1, True, "any of"),
        (2, True, "text: missiles NEAR/3 Tokyo"),
        (2, True, "not"),
        (3, False, "outlet: Herald or Star"),
    ]


# ---- stored history


@pytest.fixture
def monitor(tmp_path: Path) -> Configuration:
    """Japan's story over three days: announced, the same again, delivered and objected to; and one of Norway's."""
    (tmp_path / "monitor.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    configuration = load_configuration(tmp_path / "monitor.yaml")
    patriots: Callable[[Stage], Transfer] = lambda stage: transfer("JP", "US", PATRIOT, stage=stage)  # noqa: E731
    days: list[tuple[int, tuple[Transfer, ...], tuple[Reaction, ...]]] = [
        (3, (patriots(Stage.ANNOUNCED),), ()),
        (2, (patriots(Stage.ANNOUNCED),), ()),
        (1, (patriots(Stage.DELIVERED),), (reaction(stance=Stance.OPPOSE),)),
        (1, (transfer("NO", "CL", stage=Stage.SIGNED),), ()),
        (1, (), ()),
    ]
    for n, (ago, transfers, reactions) in enumerate(days):
        _store(configuration, n, NOW - ago * DAY, transfers, reactions)
    publish(configuration.settings.database)
    return configuration


def _store(
    configuration: Configuration,
    n: int,
    now: datetime,
    transfers: tuple[Transfer, ...],
    reactions: tuple[Reaction, ...],
) -> None:
    relevant = bool(transfers or reactions)
    mentions = Mentions(
        relevant=relevant,
        score=0.9 if relevant else 0.1,
        language="en",
        transfers=transfers,
        reactions=reactions,
    )
    url = f"https://wire.example/{n}"
    found = Article(url=url, title=f"Report {n}", body=f"Body {n}.", published=now, outlet="Wire")
    read = ReadEntry(pending=None, reading=Reading(article=found, mentions=mentions, sketch=(n,)))
    with open_store(configuration.settings.database) as store:
        stories = store.recent_stories(now - 14 * DAY)
        placed = place_batch([read], stories, configuration.settings, now, store.mutes(now))
        store.commit_batch(placed, now)


def test_a_watch_tried_on_history_tells_what_it_would_have_alerted(
    monitor: Configuration,
) -> None:
    """The versions that were material, when they were; what is older than asked for is left out."""
    japan = find_watch(monitor, "japan")
    alerts = try_watch(monitor, japan, NOW - 30 * DAY)
    assert [(a.version, a.created_at) for a in alerts] == [(1, NOW - 3 * DAY), (2, NOW - DAY)]
    assert len(alerts[1].changes) == 2
    assert [a.version for a in try_watch(monitor, japan, NOW - 2 * DAY)] == [2]
    assert try_watch(monitor, find_watch(monitor, "sure"), NOW - 30 * DAY) == []
    with pytest.raises(InputError, match="watches: japan, sure, later"):
        find_watch(monitor, "norway")


def test_why_an_article_does_or_does_not_match(monitor: Configuration) -> None:
    """Of a story's article part by part; of others in a sentence."""
    japan = find_watch(monitor, "japan")
    matching = explain(monitor, japan, "http://wire.example/2?utm_source=x").reason
    assert matching is not None
    assert matching.holds
    other = explain(monitor, japan, "https://wire.example/3").reason
    assert other is not None
    assert [part.holds for part in other.parts] == [False, True]
    assert (
        "min_confidence"
        in explain(monitor, find_watch(monitor, "sure"), "https://wire.example/0").note
    )
    assert "relevance" in explain(monitor, japan, "https://wire.example/4").note
    with pytest.raises(InputError, match="no such article"):
        explain(monitor, japan, "https://wire.example/none")


def test_mutes_are_kept_and_end(monitor: Configuration) -> None:
    """A mute keeps alerts back until its end; a second of the same replaces it; one can be removed."""
    with pytest.raises(InputError, match='write "JP"'):
        add_mute(monitor, MuteKind.PARTY, "Japan", DAY, clock=lambda: NOW)
    with pytest.raises(InputError, match="no story's id"):
        add_mute(monitor, MuteKind.STORY, "zzz", DAY, clock=lambda: NOW)
    with pytest.raises(InputError, match="366 days"):
        add_mute(monitor, MuteKind.PARTY, "JP", 400 * DAY, clock=lambda: NOW)
    add_mute(monitor, MuteKind.PARTY, "JP", 9 * DAY, clock=lambda: NOW)
    short = add_mute(monitor, MuteKind.PARTY, "JP", DAY, note="covered", clock=lambda: NOW)
    assert current_mutes(monitor, NOW) == [short]
    assert current_mutes(monitor, NOW + DAY) == []
    found = (transfer("JP", "PH", stage=Stage.SIGNED),)
    _store(monitor, 7, NOW, found, ())
    _store(monitor, 8, NOW + DAY, (transfer("JP", "ID", stage=Stage.SIGNED),), ())
    publish(monitor.settings.database)
    with open_published(monitor.settings.database) as queries:
        heard = queries.alerts(watch="japan", since=NOW)
        assert [a.story.transfers[0].transfer.recipient for a in heard] == ["ID"]
        assert len(queries.alerts(watch="later", since=NOW)) == 1
        assert {d.watch for d in queries.deliveries()} == {"japan"}  # the others are for digests
    # A trial hears what is muted.
    assert len(try_watch(monitor, find_watch(monitor, "japan"), NOW)) == 2
    assert remove_mute(monitor, short.id[:5]) == short
    with pytest.raises(InputError, match="no mute's id"):
        remove_mute(monitor, short.id)


def test_the_commands(monitor: Configuration) -> None:
    """Trials and mutes on the command line, for people and for scripts."""

    def armswire(*arguments: str) -> str:
        command = [
            sys.executable,
            "-m",
            "flows.cli.main",
            *arguments,
            "--config",
            str(monitor.path),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert "would have alerted 2 times about 1 story" in armswire(
        "watches", "test", "japan", "--since", "3650d"
    )
    why = json.loads(
        armswire("watches", "test", "japan", "--article", "https://wire.example/3", "--json")
    )
    assert why["matches"] is False
    unknown = armswire("mute", "add", "party", "Narnia", "--for", "1h")
    assert "muted until" in unknown
    assert 'note: no story stored so far has the party "Narnia"' in unknown
    known = armswire("mute", "add", "party", "JP", "--for", "1h")
    assert "note:" not in known
    for shown in (unknown, known):
        armswire("mute", "remove", shown.partition(" (")[2].partition(")")[0])
    assert "muted until" in armswire("mute", "add", "publisher", "Wire", "--for", "12h")
    [row] = json.loads(armswire("mute", "list", "--json"))
    assert (row["kind"], row["value"]) == ("publisher", "Wire")
    assert "heard again" in armswire("mute", "remove", row["id"])
