"""From bytes and markup to plain text that is safe to store: the same rules for feeds and for
pages."""

from __future__ import annotations

import codecs
import re

MAX_MARKUP = 200_000
"""Characters of one entry's markup that are read; the longest real entries hold about 60,000."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})"
    rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
# The labels that browsers read as a larger character set (WHATWG Encoding Standard).
_MEANT = {
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "x-sjis": "cp932",
}
# Statistics tell scripts apart, but not the Latin code pages: a short French text passes for
# Danish in cp1250. The language a document names does; without it, the West's is likeliest.
_LATIN_GUESS = re.compile(
    r"cp(?:125[0247]|437|775|85\d|86\d|1140)|iso8859_(?:[1-49]|1[03-6])|mac_|hp_"
)
_LANGUAGE = re.compile(
    rb"<(?:\w{1,5}:)?language>\s*(?:<!\[CDATA\[)?\s*([a-z]{2})\b|\blang\s*=\s*[\"']?([a-z]{2})\b",
    re.IGNORECASE,
)
_LATIN_OF = {
    **dict.fromkeys(("pl", "cs", "sk", "hu", "ro", "sl", "hr", "bs", "sq"), "cp1250"),
    **dict.fromkeys(("lt", "lv", "et"), "cp1257"),
    **dict.fromkeys(("tr", "az"), "cp1254"),
}

# Windows' punctuation where Unicode has control characters: what "&#146;" means on the web.
_C1 = {chr(i): bytes([i]).decode("cp1252", "ignore") for i in range(0x80, 0xA0)}
_ANY_C1 = re.compile("[\x80-\x9f]")
# Control characters, lone surrogates, noncharacters; invisible characters that split words (soft
# hyphen, zero-width space); marks that turn the direction of the text around them; the two private
# ones used as markers below.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ue000\ue001\ufdd0-\ufdef"
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)
_UNWANTED_ASCII = bytes(c for c in range(128) if _UNWANTED.match(chr(c)))
_PARAGRAPH, _LINE = "\ue000", "\ue001"
_MARKS = {"br": _LINE, "td": " ", "th": " "}
_SKIPPED = ("script", "style", "noscript", "iframe", "svg", "template", "object", "figure", "head")
_SKIPPED_TAG = re.compile(rf"<(?:{'|'.join(_SKIPPED)})\b", re.IGNORECASE)
_BLOCKS = (
    "address article aside blockquote dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main nav ol"
    " p pre section table tr ul"
)
_BREAK = re.compile(rf"</?(br|td|th|{_BLOCKS.replace(' ', '|')})(?=[\s/>])", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|(\d+));?")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\w+|\w+);")


def clean(text: str) -> str:
    """`text` without characters that no reader sees and no database or mail header bears."""
    if text.isascii():
        # Most markup is: at the speed of memory instead of a table look-up a character.
        if text.isprintable():
            return text
        return text.encode("ascii").translate(None, _UNWANTED_ASCII).decode("ascii")
    return _UNWANTED.sub("", _ANY_C1.sub(lambda found: _C1[found[0]], text))


def refers_to_character(decimal: str | None, hexadecimal: str | None) -> bool:
    """Whether a reference by number, in one of the two notations, names a character that XML 1.0
    allows (section 2.2)."""
    digits = decimal or hexadecimal or ""
    if len(digits) > 20:
        return False
    number = int(digits, 10 if decimal else 16)
    return (
        number in (0x9, 0xA, 0xD)
        or 0x20 <= number <= 0xD7FF
        or 0xE000 <= number <= 0xFFFD
        or 0x10000 <= number <= 0x10FFFF
    )


def one_line(text: str) -> str:
    """`text` cleaned, on one line, without doubled blanks."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """Plain text cleaned: paragraphs separated by one blank line, lines within a paragraph kept."""
    if "\n" not in text and "\r" not in text:
        return one_line(text)
    blocks = re.split(r"\n\s*\n", clean(text).replace("\r\n", "\n").replace("\r", "\n"))
    lines = ((" ".join(line.split()) for line in block.split("\n")) for block in blocks)
    return "\n\n".join(filter(None, ("\n".join(filter(None, block)) for block in lines)))


def text_of_html(markup: str) -> str:
    """The text of an HTML fragment, paragraphs separated by blank lines; scripts, styles and
    figures are left out.

    Markup that no parser can take is stripped of its tags.
    """
    source = clean(markup[:MAX_MARKUP])
    if not _MARKUP.search(source):
        return paragraphs(source)
    source = source.replace("<![CDATA[", "").replace("]]>", "")
    # libxml2 makes of "&#55357;" a character that lxml refuses to take back.
    source = _REFERENCE.sub(lambda r: r[0] if refers_to_character(r[2], r[1]) else "", source)
    marked = _BREAK.sub(lambda tag: _MARKS.get(tag[1].lower(), _PARAGRAPH) + tag[0], source)
    text = _text_content(marked)
    if not text.strip(_PARAGRAPH + _LINE + " \n"):  # e.g. nested too deeply for libxml2
        text = _TAG.sub(" ", _SCRIPT.sub(" ", marked))
    return _in_paragraphs(text)


def decoded(body: bytes, content_type: str = "") -> str:
    """The text of a body, by what its bytes are rather than by what its header says.

    Order: byte order mark; valid UTF-8; the encoding the document declares; the header's;
    statistics; and if nothing fits, UTF-8 or Windows-1252 with damage.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    head = body[:4_096]
    for first, encoding in ((0, "utf-16-be"), (1, "utf-16-le")):
        if head[first:400:2].count(0) * 10 > len(head[:400]):  # the zero halves of ASCII markup
            return body.decode(encoding, "replace")
    found = _DECLARED.search(head)
    named = _IN_HEADER.search(content_type)
    labels = [
        "iso-2022-jp" if b"\x1b$" in body else "",  # seven bits, so it would pass for UTF-8
        "utf-8",
        (found[1] or found[2]).decode("ascii") if found else "",
        named[1] if named else "",
    ]
    for label in filter(None, labels):
        if (text := _strictly(body, label)) is not None:
            return text
    return _guessed(body)


def _strictly(body: bytes, label: str) -> str | None:
    name = label.lower()
    if name.startswith(("utf-16", "utf-32", "utf16", "utf_16", "ucs")):  # it would have zero bytes
        return None
    try:
        return body.decode(_MEANT.get(name, name))
    except (LookupError, ValueError):
        return None


def _guessed(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    # A body cut in the middle of a character, or with a stray byte from a template, is still UTF-8;
    # in other encodings hardly a character happens to be valid.
    damaged = text.count("\ufffd")
    if sum(c > "\x7f" for c in text) - damaged >= 3 * damaged:
        return text
    from trafilatura.utils import detect_encoding  # slow to import, rarely needed

    for guess in detect_encoding(body):
        label = _latin(body) if _LATIN_GUESS.match(guess) else guess
        if (text_of_guess := _strictly(body, label)) is not None:
            return text_of_guess
    return body.decode("cp1252", "replace")


def _latin(body: bytes) -> str:
    """The Latin code page of the language that a document names in its first lines."""
    named = _LANGUAGE.search(body[:4_096])
    language = (named[1] or named[2]).decode("ascii").lower() if named else ""
    return _LATIN_OF.get(language, "cp1252")


def _text_content(source: str) -> str:
    """The text between the tags of markup, without the elements that are skipped; nothing when it cannot be parsed."""
    from lxml import etree  # it ships no types
    from lxml.html import html_parser

    try:
        tree = etree.fromstring(f"<div>{source}</div>", html_parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    if _SKIPPED_TAG.search(source):
        for element in list(tree.iter(*_SKIPPED)):
            element.drop_tree()
    return str(etree.tostring(tree, method="text", encoding="unicode"))


def _in_paragraphs(marked: str) -> str:
    """Marked text as plain text; its own line breaks are blanks."""
    blocks = marked.split(_PARAGRAPH)
    if _LINE in marked:  # one of them breaks a line, two in a row end a paragraph
        lines = ([" ".join(line.split()) for line in block.split(_LINE)] for block in blocks)
        return paragraphs("\n\n".join(map("\n".join, lines)))
    text = "\n\n".join(filter(None, (" ".join(block.split()) for block in blocks)))
    # References may have named what `clean` takes out.
    return text if clean(text) == text else paragraphs(text)
