"""Boolean keywords over a text: `Patriot AND (Japan OR "air defence") NOT drill*`.

    keywords = either
    either   = both ("OR" both)*
    both     = negated ("AND"? negated)*          side by side means AND
    negated  = "NOT" negated | near
    near     = unit ("NEAR/n" unit)*              at most n words between, in either order
    unit     = "(" either ")" | word | "phrase"

What NEAR joins must be words, phrases, or several of them with OR.
A word matches whole words only; a trailing * makes it a prefix. Case, accents and Unicode's
compatibility forms do not count, nor does what stands between two words: PAC-3 finds "PAC 3" and
"PAC-3". Chinese, Japanese and Thai, which put no space between words, are matched character by
character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

_ACCENTS = re.compile("[\u0300-\u036f]")
# Thai, kana, CJK ideographs with extension A and the compatibility block; elsewhere a run of word
# characters is a word.
_UNSPACED = "\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_TOKEN = re.compile(r'\s*(?:([()])|["“”„]([^"“”„]*)(["“”„]?)|([^\s()"“”„]+))')
_DEPTH = 40
_MOST_SPANS = 300
"""Occurrences of one word that NEAR looks at: a text written to match everywhere costs no hours."""
_OPERATORS = ("AND", "OR", "NOT")
_NEAR = re.compile(r"NEAR(?:/(\d{1,3}))?", re.IGNORECASE)


class KeywordsError(ValueError):
    """The keywords cannot be read; the message quotes them and says what is wrong where."""


@dataclass(frozen=True)
class _Words:
    words: str
    """Folded words, one space before each; one after the last unless it is a prefix."""

    def holds(self, text: str) -> bool:
        return self.words in text

    def spans(self, text: str) -> list[_Span]:
        length = self.words.strip().count(" ")
        found = islice(re.finditer(self._pattern, text), _MOST_SPANS)
        starts = (text.count(" ", 0, match.start()) for match in found)
        return [(start, start + length) for start in starts]

    @property
    def _pattern(self) -> str:
        return f"(?={re.escape(self.words)})"  # overlapping ones too: they share a space


@dataclass(frozen=True)
class _Near:
    left: _Node
    right: _Node
    most: int
    """Words between the two."""

    def holds(self, text: str) -> bool:
        return bool(self.spans(text))

    def spans(self, text: str) -> list[_Span]:
        return [
            (min(a, c), max(b, d))
            for a, b in self.left.spans(text)
            for c, d in self.right.spans(text)
            if 0 < max(a, c) - min(b, d) <= self.most + 1
        ]


@dataclass(frozen=True)
class _Not:
    inner: _Node

    def holds(self, text: str) -> bool:
        return not self.inner.holds(text)

    def spans(self, text: str) -> list[_Span]:
        return []


@dataclass(frozen=True)
class _Both:
    parts: tuple[_Node, ...]

    def holds(self, text: str) -> bool:
        return all(part.holds(text) for part in self.parts)

    def spans(self, text: str) -> list[_Span]:
        return []


@dataclass(frozen=True)
class _Either:
    parts: tuple[_Node, ...]

    def holds(self, text: str) -> bool:
        return any(part.holds(text) for part in self.parts)

    def spans(self, text: str) -> list[_Span]:
        return [span for part in self.parts for span in part.spans(text)]


_Node = _Words | _Near | _Not | _Both | _Either
_Span = tuple[int, int]
"""First and last word of an occurrence, counted from the text's first."""


@dataclass(frozen=True, kw_only=True)
class Keywords:
    """Parsed keywords; `source` is what the user wrote."""

    source: str
    root: _Node

    def matches(self, text: str) -> bool:
        """Whether one text satisfies the whole expression."""
        return self.root.holds(folded_words(text))


@lru_cache(maxsize=64)  # one article is asked by every watch in a row
def folded_words(text: str) -> str:
    """The folded words of `text`, a space around each: "Patriot PAC-3" gives " patriot pac 3 "."""
    return "".join(f" {word}" for word in _WORD.findall(fold(text))) + " "


def fold(text: str) -> str:
    """`text` without case, accents and compatibility forms: NFKD, accents off, NFC, case folded."""
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain).casefold()


def parse_keywords(text: str) -> Keywords:
    """Parses boolean keywords.

    Raises:
        KeywordsError: they are empty or malformed.
    """
    return Keywords(source=text, root=_Parser(text).parse())


def _has_place(node: _Node) -> bool:
    """Whether what the node finds stands somewhere in the text, so that something can be near it."""
    if isinstance(node, _Either):
        return all(_has_place(part) for part in node.parts)
    return isinstance(node, _Words | _Near)


@dataclass(frozen=True)
class _Token:
    kind: str
    """ "(", ")", "AND", "OR", "NOT", "NEAR", "words" or "end"."""
    text: str
    column: int


class _Parser:
    """Recursive descent over the grammar in the module's docstring."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = self._read_tokens()
        self._at = 0
        self._depth = 0

    def parse(self) -> _Node:
        if self._next.kind == "end":
            raise KeywordsError("the keywords are empty")
        root = self._either()
        if self._next.kind != "end":
            raise self._error("a ( is missing before this", self._next)
        return root

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _either(self) -> _Node:
        parts = [self._both()]
        while self._next.kind == "OR":
            self._take()
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _Either(tuple(parts))

    def _both(self) -> _Node:
        parts = [self._negated()]
        while self._next.kind not in ("OR", ")", "end"):
            if self._next.kind == "AND":
                self._take()
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else _Both(tuple(parts))

    def _negated(self) -> _Node:
        if self._next.kind == "NOT":
            token = self._take()
            return self._nested(token, lambda: _Not(self._negated()))
        return self._near()

    def _near(self) -> _Node:
        first = self._next
        left = self._unit()
        while self._next.kind == "NEAR":
            operator, second = self._take(), self._next
            right = self._unit()
            for token, side in ((first, left), (second, right)):
                if not _has_place(side):
                    raise self._error("NEAR joins words, phrases, or several with OR, not", token)
            left = _Near(left, right, int(operator.text.partition("/")[2]))
        return left

    def _unit(self) -> _Node:
        token = self._take()
        if token.kind == "(":
            inner = self._nested(token, self._either)
            if self._take().kind != ")":
                raise self._error("this ( is never closed", token)
            return inner
        if token.kind == "words":
            return _Words(self._folded(token))
        raise self._error("a word is missing before this", token)

    def _nested(self, token: _Token, parse: Callable[[], _Node]) -> _Node:
        self._depth += 1
        if self._depth > _DEPTH:
            raise self._error(f"nested deeper than {_DEPTH}", token)
        inner = parse()
        self._depth -= 1
        return inner

    def _folded(self, token: _Token) -> str:
        text = token.text.rstrip()
        prefix = text.endswith("*")
        if "*" in text.removesuffix("*"):
            raise self._error("a * may only end a word", token)
        words = folded_words(text)
        if not words.strip():
            raise self._error("there is no letter or digit in this", token)
        return words.rstrip() if prefix else words

    def _read_tokens(self) -> list[_Token]:
        tokens: list[_Token] = []
        at = 0
        while self._source[at:].strip():
            found = _TOKEN.match(self._source, at)
            if found is None:  # never: the pattern takes any character, which types cannot tell
                raise KeywordsError(f"cannot read {self._source[at:]!r}")
            at = found.end()
            tokens.append(self._token(found))
        return [*tokens, _Token("end", "the end", len(self._source) + 1)]

    def _token(self, found: re.Match[str]) -> _Token:
        paren, phrase, closing, word = found.groups()
        column = found.start() + len(found[0]) - len(found[0].lstrip()) + 1
        if paren:
            return _Token(paren, paren, column)
        if phrase is not None:
            token = _Token("words", phrase, column)
            if not closing:
                raise self._error("this quotation mark is never closed", token)
            return token
        if word in _OPERATORS:
            return _Token(word, word, column)
        token = _Token("words", word, column)
        near = _NEAR.fullmatch(word)
        if near and (near[1] or word.isupper()):
            if not (near[1] and word.isupper()):
                raise self._error("write NEAR with a number, in capitals, such as NEAR/5", token)
            return _Token("NEAR", word, column)
        if word.upper() in _OPERATORS:
            # A silent word "and" would make the watch miss nearly everything its author meant.
            raise self._error(f"write {word.upper()} in capitals, or quote the word", token)
        return token

    def _error(self, problem: str, token: _Token) -> KeywordsError:
        return KeywordsError(
            f"{problem}: {token.text} (character {token.column} of the keywords {self._source!r})"
        )
