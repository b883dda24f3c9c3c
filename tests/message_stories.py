"""Stories for golden messages, told as they would stand in an alert: usual ones, and ones that break layouts or try to
break out. All of it invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from alerts.notices import notice
from alerts.story_telling import tellings
from domain.alerting import (
    Alert,
    Change,
    ChangeKind,
    Figure,
    Notice,
    PastDeals,
    Quotation,
    Section,
    Story,
    StoryArticle,
    ToldReaction,
    ToldTransfer,
)
from domain.mentions import Category, Reaction, Stage, Stance, System, Transfer

NOW = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATRIOT = System(name="Patriot", designation="MIM-104 Patriot", category=Category.AIR_DEFENCE)
FRIGATE = System(name="Type 31", designation="Type 31", category=Category.SHIP)


def transfer(
    supplier: str | None,
    recipient: str | None,
    *systems: System | str,
    stage: Stage = Stage.ANNOUNCED,
    said: Quotation | None = None,
    **facts: object,
) -> ToldTransfer:
    named = tuple(s if isinstance(s, System) else System(name=s) for s in systems)
    sure = {"confidence": 0.93} | facts
    found = Transfer(supplier=supplier, recipient=recipient, systems=named, stage=stage, **sure)  # type: ignore[arg-type]
    return ToldTransfer(transfer=found, quotation=said)


def reaction(
    speaker: str,
    office: str | None,
    country: str | None,
    stance: Stance,
    said: Quotation | None = None,
) -> ToldReaction:
    found = Reaction(
        speaker=speaker, affiliation=office, country=country, stance=stance, confidence=0.91
    )
    return ToldReaction(reaction=found, quotation=said, outlet="The Example Herald")


def said(text: str, *marked: str, at: str = "https://herald.example/1") -> Quotation:
    marks = tuple((text.index(words), text.index(words) + len(words)) for words in marked)
    return Quotation(text=text, marks=marks, url=at)


def article(
    number: int, title: str, outlet: str = "The Example Herald", **facts: object
) -> StoryArticle:
    published = NOW - number * HOUR
    base = {"url": f"https://herald.example/{number}", "published": published, "seen_at": published}
    return StoryArticle(title=title, outlet=outlet, **base | facts)  # type: ignore[arg-type]


def alert(
    headline: str,
    *told: ToldTransfer | ToldReaction | StoryArticle,
    watch: str = "arms-watch",
    version: int = 1,
    changes: tuple[Change, ...] = (),
) -> Alert:
    articles = tuple(t for t in told if isinstance(t, StoryArticle))
    story = Story(
        id="5f0c2e",
        headline=headline,
        version=version,
        created_at=NOW - HOUR,
        updated_at=NOW,
        transfers=tuple(t for t in told if isinstance(t, ToldTransfer)),
        reactions=tuple(t for t in told if isinstance(t, ToldReaction)),
        articles=articles or (article(1, headline),),
    )
    return Alert(id=f"a-{version}", watch=watch, story=story, changes=changes, created_at=NOW)


_PATRIOT_SAID = said(
    "Tokyo is weighing whether to ship Patriot interceptors to the United States, officials said.",
    "weighing whether to ship",
    "Patriot",
    "United States",
)
_OBJECTION = said(
    "“Such a step would be answered,” Irina Volkova of the Foreign Ministry told reporters.",
    "would be answered",
    "Irina Volkova",
)
USUAL = alert(
    "Japan weighs sending Patriot interceptors to the United States",
    transfer("JP", "US", PATRIOT, stage=Stage.CONSIDERED, said=_PATRIOT_SAID, quantity="about 30"),
    reaction("Irina Volkova", "Russian Foreign Ministry", "RU", Stance.OPPOSE, _OBJECTION),
    article(1, "Japan weighs sending Patriot interceptors to the United States"),
    article(2, "Tokyo mulls missile shipment", "Harbour Wire", copy_of="https://herald.example/1"),
    watch="japan-patriot",
)


def _with_context() -> Alert:
    """Three outlets that count differently, each telling something first, and what the register lists."""

    def counted(quantity: str, outlet: str, stage: Stage, confidence: float) -> ToldTransfer:
        told = transfer("NO", "LT", "NASAMS", stage=stage, quantity=quantity, confidence=confidence)
        return replace(told, quantities=(Figure(text=quantity, outlets=(outlet,)),))

    lunde = reaction("Kari Lunde", "Norwegian Defence Ministry", "NO", Stance.SUPPORT)
    volkova = reaction("Irina Volkova", "Russian Foreign Ministry", "RU", Stance.OPPOSE)
    unsure = replace(volkova, reaction=replace(volkova.reaction, confidence=0.74))
    wire = counted("six launchers", "Harbour Wire", Stage.ANNOUNCED, 0.81)
    herald = counted("eight", "The Example Herald", Stage.SIGNED, 0.88)
    articles = (
        article(9, "Norway to send launchers", "Harbour Wire", transfers=(wire,)),
        article(5, "Norway's gift to Vilnius", transfers=(herald,), reactions=(lunde,)),
        article(1, "Moscow objects", "Volga Dispatch", transfers=(wire,), reactions=(unsure,)),
    )
    *_, last = tellings(articles)
    told = alert("Norway to send launchers", *last.transfers, *last.reactions, *articles)
    past = PastDeals(
        supplier="NO",
        recipient="LT",
        deals=7,
        first=1994,
        last=2016,
        latest=(("NASAMS-2", 2016), ("Vidar", 2005)),
    )
    none = PastDeals(supplier="NO", recipient="EE", deals=0)
    return replace(told, background=(past, none))


NASTY = 'Tokyo\r\nBcc: all@example.org <script>alert(1)</script> & "x" \u202egnp.exe <!channel> <@U123> *b* `c` ~d~'
_MANY = tuple(
    article(n, f"Report number {n} on the frigates for Chile", f"Outlet {n}") for n in range(1, 31)
)
_LONG_NAME = (
    "Sir Bartholomew Featherstonehaugh-Cholmondeley of Marjoribanks and Lower Wapping the Younger"
)
_LONG_OFFICE = (
    "Interministerial Commission for the Study, Review and Final Authorisation of Exports of Defence Materiel "
    "and of Dual-Use Technologies"
)

ALERTS: Mapping[str, Alert] = {
    "usual": USUAL,
    "update-stage": alert(
        "First Patriot interceptors reach the United States",
        transfer("JP", "US", PATRIOT, stage=Stage.DELIVERED, said=_PATRIOT_SAID),
        reaction("Irina Volkova", "Russian Foreign Ministry", "RU", Stance.OPPOSE, _OBJECTION),
        watch="japan-patriot",
        version=3,
        changes=(
            Change(
                kind=ChangeKind.STAGE, text="stage: approved → delivered (Japan → United States)"
            ),
            Change(
                kind=ChangeKind.NEW_COUNTRY, text="China reacts: Li Wen (Foreign Ministry) opposes"
            ),
        ),
    ),
    "stance-flip": alert(
        "Athens drops its objection to jets for Türkiye",
        transfer("US", "TR", "F-16", stage=Stage.APPROVED, value="$23 billion"),
        reaction(
            "Eleni Markou",
            "Greek Defence Ministry",
            "GR",
            Stance.SUPPORT,
            said("“We can live with it,” Eleni Markou said on Friday.", "can live with it"),
        ),
        version=2,
        changes=(
            Change(
                kind=ChangeKind.STANCE,
                text="stance: Eleni Markou (Greek Defence Ministry) supports, before: oppose",
            ),
        ),
    ),
    "denied": alert(
        "Iran denies sending missiles to Russia",
        transfer(
            "IR",
            "RU",
            "Fateh-110",
            stage=Stage.DELIVERED,
            alleged=True,
            said=said("Kyiv alleges that missiles crossed the Caspian in August.", "alleges"),
        ),
        reaction("Behrouz Tavakoli", "Iranian mission to the UN", "IR", Stance.OPPOSE),
        reaction("Olha Marchenko", "Ukrainian Defence Ministry", "UA", Stance.OPPOSE),
    ),
    "embargo": alert(
        "UN extends the arms embargo on South Sudan",
        transfer(None, "SS", stage=Stage.SUSPENDED),
        *(
            reaction(f"Delegate of {name}", f"Mission of {name}", code, stance)
            for name, code, stance in (
                ("France", "FR", Stance.SUPPORT),
                ("Kenya", "KE", Stance.OPPOSE),
                ("China", "CN", Stance.OPPOSE),
                ("Pakistan", "PK", Stance.NEUTRAL),
            )
        ),
    ),
    "policy": alert(
        "Berlin tightens its rules for small arms", transfer("DE", None, stage=Stage.POLICY)
    ),
    "no-system": alert(
        "Norway to send further aid to Ukraine", transfer("NO", "UA", stage=Stage.ANNOUNCED)
    ),
    "no-recipient": alert(
        "Swedish yard wins an export order", transfer("SE", None, FRIGATE, stage=Stage.SIGNED)
    ),
    "no-transfer": alert(
        "Moscow warns against missile exports in general",
        reaction("Irina Volkova", "Russian Foreign Ministry", "RU", Stance.OPPOSE, _OBJECTION),
    ),
    "several-transfers": alert(
        "A week of contracts in Abu Dhabi",
        transfer(
            "FR",
            "AE",
            "Rafale",
            "Scorpène",
            "CAESAR",
            "VL MICA",
            stage=Stage.SIGNED,
            value="€16.6 billion",
        ),
        transfer(
            "KR", "AE", "KM-SAM", stage=Stage.OFFERED, quantity="ten batteries", said=_PATRIOT_SAID
        ),
        transfer("TR", "KE", "Bayraktar TB2", stage=Stage.REJECTED),
    ),
    "long-names": alert(
        "A headline that goes on and on, " * 9 + "as some do",
        transfer(
            "GB",
            "AE",
            "Extended-Range Vertically-Launched Anti-Ballistic Interceptor Mark 24 Block IIIB",
        ),
        reaction(
            _LONG_NAME,
            _LONG_OFFICE,
            "GB",
            Stance.NEUTRAL,
            said("Word " * 120 + "ends here.", "ends here"),
        ),
        article(1, "Antidisestablishmentarianism" * 8, "Gazette" * 20),
    ),
    "cjk": alert(
        "日本、米国へのパトリオット輸出を検討",
        transfer("JP", "US", "パトリオット", stage=Stage.CONSIDERED),
        reaction(
            "王文慧",
            "中国外交部",
            "CN",
            Stance.OPPOSE,
            said(
                "「我们坚决反对」,王文慧在例行记者会上说。",
                "坚决反对",
                at="https://新闻.example/条",
            ),
        ),
        article(1, "防衛装備移転三原則の運用指針を改正", "朝の新聞"),
        watch="日本-監視",
    ),
    "right-to-left": alert(
        "الأردن يدرس شراء مدرعات",
        transfer("TR", "JO", "Kirpi", stage=Stage.CONSIDERED),
        reaction(
            "سمير الخطيب",
            "وزارة الخارجية",
            "JO",
            Stance.SUPPORT,
            said("قال سمير الخطيب: «نرحب بهذا العرض» يوم الأحد.", "نرحب بهذا العرض"),
        ),
        article(1, "עמאן שוקלת רכש של רכבים משוריינים", "עיתון הבוקר"),
    ),
    "hostile": alert(
        NASTY,
        transfer(
            "JP",
            "US",
            NASTY,
            value=NASTY[:60],
            quantity=NASTY[:60],
            said=said(NASTY, "<script>alert(1)</script>"),
        ),
        reaction(
            NASTY, NASTY, "RU", Stance.OPPOSE, said(NASTY, "<!channel>", at="javascript:alert(1)")
        ),
        article(1, NASTY, NASTY, url="https://herald.example/\r\nX-Evil: yes"),
        article(
            2,
            "</title></style><img src=x onerror=alert(1)>",
            "=?utf-8?q?Out?=",
            url="https://user:pw@herald.example/",
        ),
        version=2,
        changes=(Change(kind=ChangeKind.STAGE, text=NASTY),),
    ),
    "bidi-overrides": alert(
        "\u202eedoc live\u202c and \u2066isolated\u2069 text",
        transfer("\u202dHezbollah\u202c", "LB", "rocket\u2028launcher"),
        reaction("A\u200fB \u202eevil", "\ufeffOffice\x00\x07", None, Stance.NEUTRAL),
    ),
    "many-articles": alert(
        "Chile orders three frigates",
        transfer("GB", "CL", FRIGATE, stage=Stage.SIGNED, quantity="three", value="£1.2 billion"),
        *_MANY,
    ),
    "many-reactions": alert(
        "Cluster munitions for Ukraine divide the allies",
        transfer("US", "UA", "M864", stage=Stage.APPROVED),
        *(
            reaction(f"Speaker {n}", f"Ministry {n}", code, stance)
            for n, (code, stance) in enumerate(
                zip(
                    "RU CN BY KP DE GB ES CA NZ FR IT PL EE LV LT CZ RO UA".split(),
                    [*Stance] * 6,
                    strict=True,
                )
            )
        ),
    ),
    "context": _with_context(),
    "bare": alert("Something about arms"),
}
"""By the name of their files."""

NOTICE = Notice(
    id="n-1",
    sender="health",
    topic="feed-harbour-wire",
    number=1,
    title="Harbour Wire has been silent for 3 days",
    lines=(
        "It used to have a new entry every 40 minutes; the last came on 19 Nov 2026, 13:10 UTC.",
        "The server answers 200 with an empty feed. Look at https://harbour.example/feed.xml & tell <them>.",
    ),
    created_at=NOW,
    sections=(
        Section(
            heading="What it sent last",
            lines=("Frigates <for> Chile",),
            link="https://harbour.example/1?a=1&b=2",
        ),
        Section(heading="What to do", lines=("Open it in a browser.", "Ask the outlet.")),
    ),
    footer="Polled 5,000 times so far.",
)
DIGEST = notice(
    "digest morning",
    "morning 2026-11-22T22:30:00+00:00",
    1,
    "morning, 23 Nov 2026: 2 new stories, 0 updates",
    ["From 22 Nov 2026, 07:30 to 23 Nov 2026, 07:30 (Asia/Tokyo)."],
    NOW,
    sections=[
        Section(
            heading="New: Japan → United States: Patriot, approved; Russia objects",
            lines=(
                "Irina Volkova (Russian Foreign Ministry · Russia) opposes",
                "Harbour Wire, 22 Nov 2026, 05:10 UTC: Tokyo clears the interceptors",
                "watch japan-patriot, any-objection",
            ),
            link="https://harbour.example/story?a=1&b=2",
        ),
        Section(
            heading=NASTY, lines=(NASTY, "<!channel> <@U012AB3CD>"), link="javascript:alert(1)"
        ),
    ],
    footer="31 messages, first seen to sent: p50 2 min, p95 9 min",
)
