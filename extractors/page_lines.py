"""Lines that stand around articles, told by their words: they ask, credit, date, point elsewhere.

A line is left out only when all of it is of such a form; a sentence that speaks of newsletters or
of photographs stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

ENDS = '.!?”"»。’！？'
"""What a sentence ends with."""

_REST = r".{0,160}"
_NETWORKS = (
    r"(?:twitter|facebook|instagram|linkedin|youtube|tiktok|telegram|whatsapp|mastodon|threads"
    r"|bluesky|social media|google news|\bx\b|@\w+)"
)
_FORMS = (
    # to other articles
    r"(?:read|see|watch|listen|also read|read also|see also|also|more|related|recommended|don.t miss"
    r"|editor.s picks?|must read|background)"
    r"(?: (?:more|also|next|here|this|on|from|in|story|stories|articles?|content|reading|coverage)"
    r"\b.{0,60})?\s*[:|>»].{0,160}",
    r"read (?:more|next|the full (?:story|article))\b.{0,80}",
    r"most (?:read|popular|viewed)\b.{0,40}",
    r"related (?:articles?|stories|topics|posts|news|links|coverage|internet links)\b.{0,60}",
    r"you (?:may|might) also (?:like|be interested).{0,60}",
    r"(?:more (?:on|from) (?:this|the author)|recommended for you|from around the web)\b.{0,60}",
    r"lesen sie (?:auch|mehr).{0,140}|mehr zum thema.{0,60}|auch interessant.{0,140}"
    r"|(?:à )?lire (?:aussi|également).{0,140}|más información.{0,60}|le[ae] también.{0,140}"
    r"|zobacz (?:też|także).{0,140}|czytaj (?:też|także|więcej).{0,140}|les også.{0,140}"
    r"|läs (?:mer|också|även).{0,140}|читайте (?:также|ещё).{0,140}|اقرأ أيض.{0,140}"
    r"|leggi anche.{0,140}|lees ook.{0,140}|leia (?:também|mais).{0,140}",
    # to subscribe, to follow, to share, to write in
    r"(?:please )?(?:sign ?up|subscribe|register)(?: (?:now|here|today))*(?: (?:for|to|with|and))?\b"
    r"(?=.*\b(?:newsletters?|updates?|alerts?|inbox|e-?mails?|podcast|channel|our|free|mailing|feed"
    r"|posts|now|here|up$|subscribe$)).{0,200}",
    rf"(?:you can (?:also )?)?(?:follow|like|join|find|connect with)\b.{{0,80}}\b(?:on|via)\b.{{0,40}}{_NETWORKS}.{{0,140}}",
    r"follow .{2,60} (?:coverage|reporting)\b.{0,140}",
    r"get (?:more|the latest|our|all the|daily|breaking) .{0,160}(?:inbox|newsletter|facebook|app\b|e-?mail).{0,80}",
    r"(?:if you )?(?:enjoy(?:ing|ed)?|like[ds]?) (?:the|this|our|what you) .{0,160}"
    r"(?:subscribe|share|member|follow|support|donat|list).{0,80}",
    r"thanks for reading.{0,160}|sharing is caring.{0,20}",
    r"share|tweet|print|e-?mail|share this|share(?: this \w+)?(?: on| via|:).{0,80}|(?:print|e-?mail) this\b.{0,60}",
    r"(?:click|tap) (?:here|to)\b.{0,120}",
    r"do you have a (?:story|tip|question).{0,160}|(?:got|have) (?:a |any )?(?:news )?(?:tips?|story|stories)\?.{0,160}",
    r"(?:send|e-?mail) (?:us )?(?:your )?(?:news )?tips\b.{0,120}|have your say.{0,100}",
    r"(?:view|read|show|hide|add|post|leave)? ?(?:a |all |the )?comments?(?: \(?\d+\)?| are closed| below)?\.?",
    # of the site
    r"(?:story|article) continues.{0,60}|continue reading.{0,60}|scroll to continue.{0,40}"
    r"|(?:skip )?advertisements?|sponsored(?: content)?|loading(?:\.\.\.|…)?|ad feedback"
    r"|anzeige|werbung|publicité|publicidad|reklama|annonse|реклама",
    r"(?:©|\(c\)).{0,200}|copyright (?:©|\(c\)|\d{4}|by\b).{0,200}|all rights reserved.{0,120}",
    r"back to (?:top|list)\b.{0,20}|(?:previous|next) (?:article|post|story)\b.{0,100}",
    r"our standards:.{0,100}|a version of this (?:article|story) (?:appear|ran|was).{0,200}",
    r"this (?:post|article|story|page) (?:may contain|contains) affiliate.{0,160}",
    # credits, labels and dates
    r"(?:photo|photos|image|images|picture|pictures|photograph|photographs|video|source|credit|foto"
    r"|bild|imagen|фото|źródło|المصدر|quelle|kilde|källa)(?: credit| by| courtesy| copyright)?\s*[:/©].{0,140}",
    r"image (?:caption|copyright|source)\b.{0,200}|getty images.{0,40}",
    r"(?:tags?|labels|topics?|categories|category|keywords|filed (?:under|to)|posted in"
    r"|tagged(?: with)?|related topics|schlagworte|etiquetas)\s*:.{0,200}",
    r"(?:reporting|additional reporting|writing) by\b.{0,200}|(?:editing|edited|compiled) by\b.{0,120}",
    r"(?:first |last |originally )?(?:published|updated|posted)(?: on| at| by)?:?"
    r" [^.]{0,70}\d[^.]{0,40}(?:[ap]\.?m\.?)?[^.]{0,20}",
    r"original-content von.{0,160}",
    r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,4}",
    r"_{2,}|■|\*{3,}|-{3,}|# ?# ?#|•+",
)
_FURNITURE = re.compile(r"(?:[-–—•*\[(>]\s*)?(?:" + "|".join(_FORMS) + r")\s*[\])]?", re.IGNORECASE)
_CREDITED = re.compile(
    r"\((?:image|photo|picture|pic|credit|source|video|file photo|foto|bild)s?"
    r"(?: by| credit| courtesy(?: of)?)?\s*[:/]? ?[^()]{2,80}\)$"
    r"|\b(?:photograph|photo|image|picture|illustration|foto|bild|imagen|imagem|fot\.|фото)s?(?: by)?:"
    r" [^.:]{2,60}$"
    r"|[（(][^（）()]{2,40}摄[）)]$|[＝=（(].{0,20}撮影[）)]?$"
    r"|[(/|©] ?[^()]{0,40}(?:getty images|reuters|shutterstock|afp|epa|ap photo)[^()]{0,30}\)?$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\b(?:newsletter\w*|mailing list)\b", re.IGNORECASE)
_SIGN_UP = re.compile(
    r"\b(?:sign(?:ing)? up|subscribe|join|inbox|anmelden|kostenlos|abonn\w+|inscri\w+|suscr\w+)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"(?:related|recommended|more|most|trending|popular|latest|also|other|further|suggested)\b.{0,40}"
    r"|(?:read|see) (?:more|next|also)\b.{0,40}|comments?\b.{0,30}"
    r"|\d+ (?:comments?|thoughts?|replies|responses)\b.{0,60}|leave a (?:reply|comment)"
    r"|(?:about|meet|written by|more from) the authors?|authors?|footnotes|tags\b.{0,40}"
    r"|topics?\b.{0,20}|up next|in other news|share(?: this.{0,30})?|like this:?|discussion|reader views"
    r"|filed (?:under|to)\b.{0,60}|.{0,30}newsletter.{0,20}|subscribe.{0,40}|follow us.{0,30}"
    r"|mehr zum thema|meistgelesen|kommentare|lire aussi|à lire aussi|más información|lo más .{0,20}"
    r"|читайте также|рекомендуем|あわせて読みたい|関連記事|関連ニュース",
    re.IGNORECASE,
)
_CONTACTS = re.compile(
    r"(?:press|media)? ?(?:contacts?|enquiries|inquiries)(?: information)?:?"
    r"|pressekontakt:?|r[üu]ckfragen.{0,40}:|contacts? presse ?:?|kontakt ?:?",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*|januar|februar|märz|mai|juni|juli"
    r"|oktober|dezember|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre"
    r"|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto"
)
_DATE = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.? (?:{_MONTH})\b|\b(?:{_MONTH})\.? \d{{1,2}}\b"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}[年/-]\d{1,2}|\b\d{1,2}[:.]\d{2}\b"
    r"|\b\d+ (?:hours?|minutes?|days?|mins?|hrs?) ago\b|\b\d+[- ]min(?:ute)?s? read\b",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"(?:by|von|par|por|av|di|words by|text|posted by|written by|from|story by|autor|author|reporter)"
    r"\b:? [^.!?]{2,90}$",
    re.IGNORECASE,
)
_LONGEST = 320


@lru_cache(maxsize=2_048)
def is_furniture_line(text: str) -> bool:
    """Whether a line is no part of an article wherever it stands, by its words."""
    return len(text) < _LONGEST and bool(
        _FURNITURE.fullmatch(text)
        or _CREDITED.search(text)
        or (_LETTER.search(text) and _SIGN_UP.search(text))
    )


def is_top_line(text: str) -> bool:
    """Whether a line before the first paragraph is a byline, a date, a place of publication."""
    return len(text) < 120 and bool(
        _BYLINE.match(text)
        or is_furniture_line(text)
        or (_DATE.search(text) and not text.endswith(tuple(ENDS)))
    )


def is_byline(text: str) -> bool:
    """Whether a short line names the author and nothing else."""
    return len(text) < 80 and text[-1] not in ENDS and _BYLINE.match(text) is not None


def ends_article(text: str) -> bool:
    """Whether a line heads what follows an article: other articles, comments, the author."""
    return len(text) < 90 and text[-1] not in ENDS and _END.fullmatch(text) is not None


def is_heading_of_contacts(text: str) -> bool:
    """Whether a line heads the names and numbers at the end of a press release."""
    return len(text) < 60 and _CONTACTS.fullmatch(text) is not None
