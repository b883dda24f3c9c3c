"""Pages that answer 200 and are not the article: bot checks, consent and login walls, paywall
stubs, lists, front pages.

Every rule but the redirect to a front page needs a short text as well: an article may speak of
bots, cookies and subscriptions, and carries the same scripts and banners around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

SHORT = 1_000
"""Characters; walls hold less, and so do some articles, which is why it takes more than shortness.
"""
BARE = 400
"""Characters below which a bot check's script says that there is nothing else; a short article has
one too, in the form for comments.
"""
STUB = 2_500
"""Characters shown before a paywall's notice, at most."""
_PARAGRAPH = 150
"""Characters from which a line is no headline; not all scripts end a sentence with a mark."""
_ENDS = (".", "!", "?", "”", '"', "»", "。", "؟", "।", "」", "…")
_FEWEST_WORDS = 4
_LEAST_AGREEMENT = 0.2
_GOOD_AGREEMENT = 0.7

_BOT_TITLE = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied"
    r"|are you (?:a )?(?:robot|human)|robot check|bot (?:check|verification)"
    r"|verif\w+ (?:that )?you are (?:a )?human|human verification|checking your browser"
    r"|pardon our interruption|security (?:check|verification)|request (?:blocked|rejected)"
    r"|403 forbidden|ddos-guard|один момент|доступ ограничен",
    re.IGNORECASE,
)
_BOT_MARK = re.compile(
    r"cf-challenge|cf_chl_|/_incapsula_resource|px-captcha|captcha-delivery\.com|g-recaptcha"
    r"|h-captcha|enable javascript and cookies to continue"
    r"|please enable js and disable any ad blocker|ddos-guard|awswafintegration",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|we value your privacy|your privacy (?:choices|matters)"
    r"|cookie (?:consent|settings|wall)|(?:accept|reject) all(?: cookies)?"
    r"|(?:we|our partners) (?:and our \d+ partners )?(?:use|store)[\w ,/]{0,40} cookies"
    r"|wir (?:verwenden|nutzen) cookies|nous utilisons des cookies",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"(?:subscribe|sign up|register|log ?in|sign in)(?: now)? to"
    r" (?:continue|keep|read|unlock|access|view)"
    r"|to (?:continue|keep) reading|to read the (?:full|rest|whole)"
    r"|already (?:a |an )?(?:subscriber|member)|subscribers? (?:only|exclusive)"
    r"|reserved for (?:our )?subscribers"
    r"|this (?:article|content|story) is (?:only )?(?:for|available to) (?:\w+ )?"
    r"(?:subscribers|members)"
    r"|réservé aux abonnés|nur für abonnenten|solo para suscriptores",
    re.IGNORECASE,
)
_MISSING_TITLE = re.compile(
    r"page not found|not found|(?:error )?404|does not exist|no longer available|page introuvable"
    r"|seite nicht gefunden|página no encontrada|страница не найдена",
    re.IGNORECASE,
)
_LOGIN_PATH = re.compile(
    r"/(?:log-?in|sign-?in|auth|sso|account/login|subscribe|register)(?:[/.]|$)", re.IGNORECASE
)
_LOGIN_TITLE = re.compile(r"^\s*(?:sign|log)[ -]?in\b|^\s*(?:anmelden|connexion)\b", re.IGNORECASE)
_PASSWORD = re.compile(r"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
_WORD = re.compile(r"\w{4,}")
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, kw_only=True)
class Reached:
    """What was reached: the markup, its title, the article's text found in it, that text with the
    lines `around` it, the final address.

    `wanted_url` and `wanted_title` are the entry's, empty when nothing is known of what should be
    there.
    """

    markup: str
    title: str
    body: str
    around: str
    url: str
    wanted_url: str
    wanted_title: str


def obstacle(page: Reached) -> str | None:
    """Why the page is not the article, as an ops engineer would say it; None when nothing speaks
    against it.
    """
    if _is_front_page(page):
        return "the page led to the site's front page"
    short = len(page.body) < SHORT and not _agrees_well(page)
    start = page.body[:600]
    is_bare = short and len(page.body) < BARE and not _speaks_of_title(page)
    if (short and _BOT_TITLE.search(page.title)) or (is_bare and _BOT_MARK.search(page.markup)):
        return "the page is a bot check"
    if short and (_is_consent_host(page.url) or _CONSENT.search(f"{page.title}\n{start}")):
        return "the page is a consent wall"
    if len(page.body) < STUB and paywall_notice(page.around):
        return "the page shows only the beginning to readers without a subscription"
    if short and _is_login(page):
        return "the page is a login page"
    if short and _MISSING_TITLE.search(page.title) and not _MISSING_TITLE.search(page.wanted_title):
        return "the page says that there is nothing at its address"
    if _is_list(page.body) and not _agrees(page):
        return "the page is a list of other articles"
    if not page.body:
        return None
    if (len(page.body) < SHORT or _led_elsewhere(page)) and not _agrees(page):
        return "the page is about something else than the entry"
    return None


def paywall_notice(body: str) -> re.Match[str] | None:
    """The notice in the last lines of a text that asks for a subscription, if there is one."""
    return _PAYWALL.search(body, max(len(body) - 500, 0))


def _is_front_page(page: Reached) -> bool:
    return bool(
        page.wanted_url
        and urlsplit(page.url).path.strip("/") == ""
        and not urlsplit(page.url).query
        and urlsplit(page.wanted_url).path.strip("/")
    )


def _is_consent_host(url: str) -> bool:
    parts = urlsplit(url)
    return (parts.hostname or "").startswith(
        ("consent.", "cmp.", "privacy.")
    ) or "/consent" in parts.path


def _is_login(page: Reached) -> bool:
    asked = _LOGIN_PATH.search(urlsplit(page.wanted_url).path)
    at_login = _LOGIN_PATH.search(urlsplit(page.url).path) and not asked
    wants_password = _PASSWORD.search(page.markup) and not _agrees(page)
    return bool(at_login or wants_password or _LOGIN_TITLE.search(page.title))


def _led_elsewhere(page: Reached) -> bool:
    wanted, got = urlsplit(page.wanted_url), urlsplit(page.url)
    return bool(page.wanted_url) and wanted.path.rstrip("/") != got.path.rstrip("/")


def _is_list(body: str) -> bool:
    """Ten lines or more, of which few are paragraphs: long, or with an end as sentences have it."""
    lines = body.split("\n\n")
    ended = sum(line.endswith(_ENDS) or len(line) >= _PARAGRAPH for line in lines)
    return len(lines) >= 10 and ended * 4 < len(lines)


def _agrees(page: Reached) -> bool:
    """Whether the entry's title has words in common with the page; too few to tell count as
    agreement."""
    share = _share_of_title(page, f"{page.title}\n{page.body}")
    return share is None or share >= _LEAST_AGREEMENT


def _agrees_well(page: Reached) -> bool:
    """Whether the text itself is clearly about the entry; a wall may show the article's title."""
    share = _share_of_title(page, page.body)
    return share is not None and share >= _GOOD_AGREEMENT


def _speaks_of_title(page: Reached) -> bool:
    """Whether the text is about what the page calls itself; the page of a bot check is called
    otherwise, or by the site's name.
    """
    named = set(_WORD.findall(page.title.partition("\n")[0].casefold()))
    if len(named) < _FEWEST_WORDS or not page.body.endswith(_ENDS):
        return False
    return len(named & set(_WORD.findall(page.body.casefold()))) >= len(named) / 2


def _share_of_title(page: Reached, text: str) -> float | None:
    """The share of the entry's title's longer words that stand in `text`; None when there are too
    few to tell."""
    if _UNSPACED.search(page.wanted_title):
        return None
    wanted = set(_WORD.findall(page.wanted_title.casefold()))
    if len(wanted) < _FEWEST_WORDS:
        return None
    found = set(_WORD.findall(text.casefold()))
    return len(wanted & found) / len(wanted)
