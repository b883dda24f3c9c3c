"""The review list: proposals wait outside every alert until a person decides, and the decisions become labels."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain.errors import InputError, RunInProgress
from domain.mentions import Mention, Mentions, Route, Stage, Stance, full_text
from domain.news import Article
from domain.settings_files import Configuration
from extractors.detection.evaluation import evaluate
from extractors.detection.gold import read_gold
from flows.configuration import load_configuration
from flows.placing import ReadEntry, place_batch
from flows.reading import Reading
from flows.review import decide, find_proposal
from storage.published import open_published, publish
from storage.queries import Queries
from storage.records import Decision
from storage.rows import MentionKind
from storage.run_lock import run_lock
from storage.store import open_store
from tests.story_samples import BODY, NOW, TITLE, evidence, reaction, transfer

SETTINGS = """\
database: monitor.duckdb
feeds: feeds.yaml
channels: {desk: {type: slack, webhook: "${SLACK_WEBHOOK_URL}"}}
watches:
  - {name: objections, when: {reaction: {stance: oppose}}, send: [desk]}
  - {name: norway, when: {supplier: NO}, send: [desk]}
"""
OBJECTION = replace(
    reaction(stance=Stance.OPPOSE, confidence=0.3, found=(evidence("speaker", "Irina Volkova"),)),
    route=Route.ENCODER,
)
FRIGATES = transfer("NO", "CL", stage=Stage.SIGNED, confidence=0.4)


def reading(n: int, title: str, body: str, *proposed: Mention, relevant: bool = False) -> ReadEntry:
    """An article read at NOW; a relevant one tells of Japan's transfer to the United States."""
    mentions = Mentions(
        relevant=relevant,
        score=0.9 if relevant else 0.4,
        language="en",
        transfers=(transfer("JP", "US", confidence=0.9),) if relevant else (),
        proposed=proposed,
    )
    article = Article(
        url=f"https://wire.example/{n}", title=title, body=body, published=NOW, outlet="Wire"
    )
    return ReadEntry(pending=None, reading=Reading(article=article, mentions=mentions, sketch=(n,)))


@pytest.fixture
def monitor(tmp_path: Path) -> Configuration:
    """Two articles with a proposal each, the first relevant without it, and one with nothing."""
    (tmp_path / "monitor.yaml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("[]\n", encoding="utf-8")
    configuration = load_configuration(tmp_path / "monitor.yaml")
    readings = [
        reading(1, TITLE, BODY, OBJECTION, relevant=True),
        reading(2, "Oslo and Santiago", "Frigates may change hands.", FRIGATES),
        reading(3, "Rain", "It rained."),
    ]
    with open_store(configuration.settings.database) as store:
        store.commit_batch(place_batch(readings, [], configuration.settings, NOW), NOW)
    publish(configuration.settings.database)
    return configuration


def queries(monitor: Configuration) -> Queries:
    return open_published(monitor.settings.database)


def waiting(monitor: Configuration) -> dict[MentionKind, str]:
    with queries(monitor) as q:
        return {row.kind: row.id for row in q.proposals()}


def settle(monitor: Configuration, kind: MentionKind, decision: Decision) -> int:
    """Decides the waiting proposal of a kind an hour later; how many alerts that made."""
    return decide(
        monitor, waiting(monitor)[kind], decision, clock=lambda: NOW + timedelta(hours=1)
    ).alerts


def test_proposals_wait_and_are_in_no_alert(monitor: Configuration) -> None:
    """What is proposed is kept as it was proposed, whether its article is relevant or not, and matches no watch."""
    with queries(monitor) as q:
        rows = q.proposals()
        assert {row.kind: row.mention for row in rows} == {
            MentionKind.REACTION: OBJECTION,
            MentionKind.TRANSFER: FRIGATES,
        }
        assert [row.mention for row in q.proposals(kind=MentionKind.TRANSFER)] == [FRIGATES]
        assert q.proposals(since=NOW + timedelta(minutes=1)) == []
        assert len(q.proposals(limit=1)) == 1
        assert (q.alerts(), q.reactions(), len(q.transfers())) == ([], [], 1)


def test_an_accepted_reaction_joins_its_story_and_is_told(monitor: Configuration) -> None:
    """It becomes a mention of its article, a change of the article's story, and an alert that waits to be sent."""
    assert settle(monitor, MentionKind.REACTION, Decision.ACCEPTED) == 1
    with queries(monitor) as q:
        [row] = q.reactions()
        assert row.reaction == replace(OBJECTION, confidence=1.0)
        [story] = q.stories()
        assert (story.version, story.id) == (2, row.article.story_id)
        assert [told.transfer.supplier for told in story.transfers] == ["JP"]
        assert [told.quotation and told.quotation.text[:4] for told in story.reactions] == ["“We "]
        [alert] = q.alerts()
        assert (alert.watch, [c.text for c in alert.changes]) == (
            "objections",
            ["Russia reacts: Irina Volkova (Russian Foreign Ministry) opposes"],
        )
        assert [d.state.value for d in q.deliveries()] == ["pending"]
        [decided] = q.proposals(decision=Decision.ACCEPTED)
        assert decided.decided_at == NOW + timedelta(hours=1)


def test_accepting_makes_an_article_relevant(monitor: Configuration) -> None:
    """An article that was not relevant tells a story of its own from then on, and tells it to the watch for it."""
    assert settle(monitor, MentionKind.TRANSFER, Decision.ACCEPTED) == 1
    with queries(monitor) as q:
        [article] = [row for row in q.articles() if row.article.title.startswith("Oslo")]
        assert article.relevant
        assert article.story_id in {story.id for story in q.stories()}
        assert [a.watch for a in q.alerts()] == ["norway"]


def test_an_accepted_mention_finds_its_story_after_the_window(monitor: Configuration) -> None:
    """A proposal decided late does not tell an old development as a new one."""
    late = NOW + 3 * monitor.settings.stories.window
    decide(monitor, waiting(monitor)[MentionKind.REACTION], Decision.ACCEPTED, clock=lambda: late)
    with queries(monitor) as q:
        assert [story.version for story in q.stories()] == [2]


def test_refusing_can_be_undone_and_accepting_cannot(monitor: Configuration) -> None:
    """What was refused may still be accepted; what was accepted may have been told, and stands, once."""
    name = waiting(monitor)[MentionKind.TRANSFER]
    assert decide(monitor, name, Decision.REFUSED).alerts == 0
    with queries(monitor) as q:
        assert len(q.transfers()) == 1
        assert name not in {row.id for row in q.proposals()}
    decide(monitor, name, Decision.ACCEPTED)
    for again in Decision:
        with pytest.raises(InputError, match="accepted before"):
            decide(monitor, name, again)
    with queries(monitor) as q:
        assert (len(q.transfers()), len(q.alerts())) == (2, 1)


def test_a_proposal_is_named_by_its_first_digits(monitor: Configuration) -> None:
    """As many as tell it from the others; none or several fitting are told apart."""
    ids = list(waiting(monitor).values())
    assert find_proposal(monitor, ids[0][:6].upper()).id == ids[0]
    for wrong in ("", "zz"):
        with pytest.raises(InputError, match="no proposal's id begins"):
            find_proposal(monitor, wrong)


def test_nothing_is_decided_while_a_run_goes_on(monitor: Configuration) -> None:
    """A run publishes when it ends; deciding waits for that instead of racing it."""
    name = waiting(monitor)[MentionKind.TRANSFER]
    with run_lock(monitor.settings.database), pytest.raises(RunInProgress):
        decide(monitor, name, Decision.ACCEPTED)
    assert name in waiting(monitor).values()


def armswire(monitor: Configuration, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """A command on the monitor, which is named at the end of the line unless it is named within."""
    config = () if "--config" in arguments else ("--config", str(monitor.path))
    command = [*map(str, arguments), *config]
    return subprocess.run(
        [sys.executable, "-m", "flows.cli.main", *command],
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_commands(monitor: Configuration, tmp_path: Path) -> None:
    """Listing, showing, deciding and exporting, as an analyst does it; `evaluate` reads what was exported."""
    rows = json.loads(armswire(monitor, "review", "--kind", "reaction", "--json").stdout)
    assert [(row["mention"]["speaker"], row["mention"]["route"]) for row in rows] == [
        ("Irina Volkova", "encoder")
    ]
    listed = armswire(monitor, "review").stdout
    assert "NO → CL" in listed
    name = rows[0]["id"][:8]
    assert name in listed
    shown = armswire(monitor, "review", "show", name).stdout
    assert "by the encoder" in shown
    assert "We regard this step as hostile" in shown
    assert "Ken Mori" not in shown
    done = armswire(monitor, "review", "--config", monitor.path, "accept", name)
    assert done.stdout.splitlines()[0].startswith("accepted: reaction Irina Volkova")
    assert "1 alert waits" in done.stdout
    labels = tmp_path / "labels.jsonl"
    assert "wrote 1 article " in armswire(monitor, "review", "export", labels).stdout
    [gold] = read_gold(labels)
    assert full_text(gold.title, gold.text) == full_text(TITLE, BODY)
    assert [r.speaker for r in gold.mentions.reactions] == ["Irina Volkova"]
    assert evaluate([gold], [gold.mentions]).reactions.f1 == 1.0
    accepted = armswire(monitor, "review", "--decided", "accepted").stdout
    assert "Irina Volkova" in accepted


def test_only_wholly_decided_articles_are_labels(monitor: Configuration, tmp_path: Path) -> None:
    """A refused proposal is in the labels as refused; an article with one undecided is left out and counted."""
    extra = reading(4, "Two", "Two proposals.", FRIGATES, OBJECTION)
    with open_store(monitor.settings.database) as store:
        store.commit_batch(place_batch([extra], [], monitor.settings, NOW), NOW)
    publish(monitor.settings.database)
    with queries(monitor) as q:
        rows = q.proposals(kind=MentionKind.TRANSFER)
    for row in rows:
        decide(monitor, row.id, Decision.REFUSED)
    labels = tmp_path / "labels.jsonl"
    told = armswire(monitor, "review", "export", labels).stdout
    assert "wrote 1 article " in told
    assert "left out 1 with proposals" in told
    [label] = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    assert (label["relevant"], label["transfers"]) == (False, [])
    assert [t["supplier"] for t in label["refused"]["transfers"]] == ["NO"]
    assert read_gold(labels)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--kind", "transfers"), 'did you mean "transfer"?'),
        (("--decided", "denied"), 'no decision is named "denied"'),
        (("--since", "yesterday"), "--since: "),
        (("accept", "zz"), "`armswire review` lists them"),
    ],
)
def test_wrong_arguments(monitor: Configuration, arguments: tuple[str, ...], words: str) -> None:
    """Told in a line, exit status 2."""
    done = armswire(monitor, "review", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
