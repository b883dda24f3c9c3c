"""Five developments, each told four times: the wire's report, a copy cut short, a copy under another headline and first
paragraph, and a rewrite in another outlet's voice. All invented; the texts are in data/developments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from domain.mentions import Category, Mentions, Reaction, Stage, Stance, System, Transfer
from domain.news import Article, Method
from extractors.near_duplicates import sketch
from flows.placing import ReadEntry
from flows.reading import Reading

FOLDER = Path(__file__).parent / "data" / "developments"
START = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Report:
    """One of the twenty. `facts` are what is material in it, in the words of its author."""

    development: str
    outlet: str
    facts: frozenset[str]
    entry: ReadEntry

    @property
    def url(self) -> str:
        return self.entry.reading.article.url

    @property
    def is_rewrite(self) -> bool:
        return self.outlet.startswith("Rewriter")


def deal(
    supplier: str, recipient: str, system: System, stage: Stage, quantity: str | None = None
) -> Transfer:
    return Transfer(
        supplier=supplier,
        recipient=recipient,
        systems=(system,),
        stage=stage,
        quantity=quantity,
        confidence=1.0,
    )


def voice(speaker: str, office: str | None, country: str, stance: Stance) -> Reaction:
    return Reaction(
        speaker=speaker, affiliation=office, country=country, stance=stance, confidence=1.0
    )


NASAMS = System(name="NASAMS", designation="NASAMS", category=Category.AIR_DEFENCE)
K9 = System(name="K9", designation="K9 Thunder", category=Category.ARTILLERY)
IRIS = System(name="IRIS-T", designation="IRIS-T SL", category=Category.AIR_DEFENCE)
HARPOON = System(name="Harpoon", designation="AGM-84 Harpoon", category=Category.MISSILE)
BRAHMOS = System(name="BrahMos", designation="BrahMos", category=Category.MISSILE)

NORWAY = deal("NO", "LT", NASAMS, Stage.ANNOUNCED, "six launchers")
POLAND = deal("KR", "PL", K9, Stage.SIGNED)
GERMANY = deal("DE", "EG", IRIS, Stage.SUSPENDED)
TAIWAN = deal("US", "TW", HARPOON, Stage.APPROVED)
INDIA = deal("IN", "PH", BRAHMOS, Stage.DELIVERED)

LUNDE = voice("Kari Lunde", "Norwegian Defence Ministry", "NO", Stance.SUPPORT)
ZIELONY = voice("Marek Zielony", "Polish Defence Ministry", "PL", Stance.SUPPORT)
HOLLFELD = voice("Jana Hollfeld", "German Economy Ministry", "DE", Stance.OPPOSE)
QIN = voice("Qin Bolin", "Chinese Foreign Ministry", "CN", Stance.OPPOSE)
LIN = voice("Lin Shu-fen", "Taiwan's Defence Ministry", "TW", Stance.SUPPORT)
ABELLA = voice("Ramon Abella", "Philippine Defence Department", "PH", Stance.SUPPORT)
MANILA = voice("Philippine Defence Department", None, "PH", Stance.NEUTRAL)

# Development: what its wire reports, what its rewrite does, and what is material that only the wire
# or only the rewrite knows. The rewrites word systems, speakers and numbers in their own way.
SAID = {
    "nasams": (
        ((NORWAY,), (LUNDE,)),
        ((replace(NORWAY, quantity="eight"),), (replace(LUNDE, speaker="Defence Minister Lunde"),)),
        (None, None),
    ),
    "k9": (
        ((POLAND,), (ZIELONY,)),
        ((replace(POLAND, systems=(System(name="K9 howitzers"),)),), (ZIELONY,)),
        (None, None),
    ),
    "iris": (
        ((GERMANY,), (HOLLFELD,)),
        ((replace(GERMANY, systems=()),), (replace(HOLLFELD, affiliation=None),)),
        ("IRIS-T", None),
    ),
    "harpoon": (((TAIWAN,), (QIN,)), ((TAIWAN,), (QIN, LIN)), (None, "Taiwan reacts")),
    # Where the wire has the institution beside its head, they are one voice.
    "brahmos": (((INDIA,), (ABELLA, MANILA)), ((INDIA,), (ABELLA,)), (None, None)),
}


def reports() -> list[Report]:
    """The twenty, each published some hours after the last."""
    return [
        replace_published(report, START + timedelta(hours=n)) for n, report in enumerate(_told())
    ]


def replace_published(report: Report, published: datetime) -> Report:
    reading = report.entry.reading
    article = replace(reading.article, published=published)
    return replace(report, entry=replace(report.entry, reading=replace(reading, article=article)))


def _told() -> Iterator[Report]:
    for name, (wire, rewrite, material) in SAID.items():
        title, body = _text(f"{name}-wire")
        paragraphs = body.split("\n\n")
        own = f"{name.upper()} DESK - This report reached us by wire, and we print it as it came."
        facts, others = ({"deal", *filter(None, (only,))} for only in material)
        yield _report(name, "Wire", title, body, wire, facts)
        yield _report(name, "Short Paper", title, "\n\n".join(paragraphs[:4]), wire, facts)
        again = "\n\n".join([own, *paragraphs])
        yield _report(name, "Desk Paper", f"From the wire: {name}", again, wire, facts)
        title, body = _text(f"{name}-rewrite")
        yield _report(name, "Rewriter", title, body, rewrite, others)


def _text(name: str) -> tuple[str, str]:
    title, _, body = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").partition("\n\n")
    return title, body.strip()


def _report(
    name: str,
    outlet: str,
    title: str,
    body: str,
    said: tuple[tuple[Transfer, ...], tuple[Reaction, ...]],
    facts: set[str],
) -> Report:
    transfers, reactions = said
    mentions = Mentions(
        relevant=True, score=1.0, language="en", transfers=transfers, reactions=reactions
    )
    article = Article(
        url=f"https://{outlet.replace(' ', '-').lower()}.example/{name}",
        title=title,
        body=body,
        outlet=f"{outlet} {name}",
        method=Method.GIVEN,
    )
    reading = Reading(article=article, mentions=mentions, sketch=sketch(body))
    entry = ReadEntry(pending=None, reading=reading)
    return Report(name, f"{outlet} {name}", frozenset(facts), entry)
