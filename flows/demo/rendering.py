"""The Jinja2 environment feeds and pages are written with: escaping, dates, a site's chrome."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from random import Random

import jinja2
from markupsafe import Markup

from flows.demo.outlets import slug_of

# What no XML 1.0 document may hold (its production 2, Char), and lone surrogates, which UTF-8
# cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def environment(folder: str) -> jinja2.Environment:
    """Templates of `folder` in this package; every value is escaped unless it is Markup."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("flows.demo", folder),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        finalize=_clean,
    )
    made.filters |= {
        "cdata": cdata,
        "clean": clean,
        "iso": iso,
        "rfc822": rfc822,
        "slug": slug_of,
        "teaser": teaser,
        "long_date": long_date,
        "paragraphs": paragraphs,
    }
    made.globals |= {
        "style_rules": style_rules,
        "script_lines": script_lines,
        "icons": icons,
        "topic_links": topic_links,
    }
    return made


def clean(text: str) -> str:
    """`text` without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


def _clean(value: object) -> object:
    return clean(value) if type(value) is str else value


def cdata(text: str) -> Markup:
    """A CDATA section; a text that closes one is split over two."""
    return Markup("<![CDATA[" + clean(text).replace("]]>", "]]]]><![CDATA[>") + "]]>")  # noqa: S704


def paragraphs(texts: tuple[str, ...]) -> Markup:
    """The texts as HTML paragraphs, a line each."""
    rows = (Markup("<p>{}</p>").format(clean(text)) for text in texts)
    return Markup("\n").join(rows)


def teaser(texts: tuple[str, ...], longest: int = 280) -> str:
    """The first paragraph, cut at a word where it is longer than `longest` characters."""
    first = texts[0] if texts else ""
    if len(first) <= longest:
        return first
    return first[: longest + 1].rpartition(" ")[0].rstrip(",;:") + " …"


def iso(moment: datetime) -> str:
    """As Atom, JSON Feed and JSON-LD write a moment (RFC 3339)."""
    return moment.isoformat(timespec="seconds")


def rfc822(moment: datetime) -> str:
    """As RSS 2.0 writes a moment."""
    return format_datetime(moment)


def long_date(moment: datetime) -> str:
    """As a page shows a date: 7 March 2026."""
    return f"{moment.day} {moment:%B %Y}"


# fmt: off
_PARTS = (
    "bar", "box", "btn", "card", "cell", "col", "foot", "grid", "head", "hero", "icon", "item",
    "link", "list", "logo", "menu", "nav", "pane", "row", "tab", "text", "wrap",
)
_TOPICS = (
    "Allotments", "Architecture", "Bakeries", "Beekeeping", "Bicycles", "Birdsong", "Bookshops",
    "Bridges", "Carpentry", "Ceramics", "Chess", "Choirs", "Cinema", "Coffee", "Dance", "Design",
    "Education", "Fashion", "Ferries", "Festivals", "Gardens", "Genealogy", "Hiking", "Housing",
    "Knitting", "Libraries", "Markets", "Mathematics", "Museums", "Opera", "Orchards", "Parenting",
    "Photography", "Poetry", "Printing", "Puzzles", "Railways", "Recipes", "Rivers", "Sailing",
    "Schools", "Swimming", "Theatre", "Trees", "Typography", "Universities", "Walking", "Weddings",
)
# fmt: on
_SIDES = ("top", "right", "bottom", "left")


@cache
def style_rules(prefix: str, rules: int) -> Markup:
    """`rules` rules of a made-up style sheet, as real pages carry. Same arguments, same rules."""
    dice = Random(f"{prefix}{rules}")  # noqa: S311 — made-up markup
    rule = (
        ".{0}{1}-{2}{{padding-{3}:{4}px;color:#{5:06x};flex:0 0 {6}%;line-height:1.{7}}}"
    ).format
    return Markup("\n").join(
        rule(
            prefix,
            dice.choice(_PARTS),
            100 + number,
            dice.choice(_SIDES),
            dice.randrange(40),
            dice.randrange(0x1000000),
            dice.randrange(5, 100),
            dice.randrange(9),
        )
        for number in range(rules)
    )


@cache
def script_lines(prefix: str, lines: int) -> Markup:
    """`lines` statements of a made-up script, of no effect. Same arguments, same lines."""
    dice = Random(f"{prefix}{lines}")  # noqa: S311 — made-up markup
    line = Markup(
        'window.{0}q=window.{0}q||[];{0}q.push(["slot-{1}",{{w:{2},h:{3},k:"{4:08x}"}}]);'
    ).format
    return Markup("\n").join(
        line(prefix, number, dice.randrange(980), dice.randrange(600), dice.randrange(16**8))
        for number in range(lines)
    )


@cache
def icons(prefix: str, count: int) -> Markup:
    """A hidden sprite of `count` made-up SVG icons. Same arguments, same icons."""
    dice = Random(f"{prefix}{count}")  # noqa: S311 — made-up markup
    symbol = Markup('<symbol id="{}-{}" viewBox="0 0 24 24"><path d="M0 0 {}z"/></symbol>\n').format
    symbols = [
        symbol(prefix, number, " ".join(_curve(dice) for _ in range(9))) for number in range(count)
    ]
    sprite = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" style="display:none" aria-hidden="true">{}</svg>'
    )
    return sprite.format(Markup("").join(symbols))


def _curve(dice: Random) -> str:
    x, fraction, y = dice.randrange(24), dice.randrange(100), dice.randrange(24)
    return f"{dice.choice('LQT')}{x}.{fraction} {y}"


@cache
def topic_links(outlet_id: str, prefix: str, count: int) -> Markup:
    """A directory of `count` links to made-up topics, in columns. Same arguments, same links."""
    link = Markup(
        '<li class="{0}item-{1}"><a class="{0}link" href="/{2}/?topic={1}" data-position="{1}">'
        '<span class="{0}text">{3}</span></a></li>'
    ).format
    columns = []
    for first in range(0, count, 12):
        rows = [
            link(prefix, number, outlet_id, _TOPICS[number * 7 % len(_TOPICS)])
            for number in range(first, min(first + 12, count))
        ]
        column = Markup('<div class="{0}col"><ul class="{0}list">\n{1}\n</ul></div>').format
        columns.append(column(prefix, Markup("\n").join(rows)))
    return Markup("\n").join(columns)
