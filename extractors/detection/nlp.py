"""The spaCy pipeline: a blank English tokenizer, sentences, and one layer of lexicon spans per component.

Every span's `label_` is the kind of match ("state.adjective", "office.person", "system") and its `kb_id_` the id of the
lexicon row. Layers: doc.spans["names"], ["weapons"], ["predicates"], ["cues"], each free of overlaps, longest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from extractors.detection.lexicon_entries import Lexicons

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

LAYERS = ("names", "weapons", "predicates", "cues")

_SENTENCE_ENDS = frozenset([".", "!", "?", "…", "...", ".."])
_CLOSERS = frozenset(['"', "'", ")", "]", "''", "»"])
_AFTER_VARIANT = r"(?<=\d[A-Z])\."
"""A full stop behind the letter of a variant, as in "bought the F-35A."; spaCy takes it for an abbreviation's."""
_SHORT_NAMES = 3
"""Names up to this length get no all-capitals variant: "US" is one already, "Oman" is not."""


_RANKS = (
    "Lt.",
    "Lieut.",
    "Col.",
    "Capt.",
    "Maj.",
    "Sgt.",
    "Cpl.",
    "Brig.",
    "Cmdr.",
    "Sens.",
    "Reps.",
)
"""Abbreviated titles before names of which spaCy's English does not know that their dot ends no sentence."""


_SEVERAL = frozenset(["America", "Korea", "Guinea", "Sudan"])
"""Names of states of whose kind there are several. With others a bare "s" is a possessive that has lost its mark, as
many feeds write it: "Israels defence minister".
"""


_THINGS = frozenset(["aid", "assistance", "support", "supplies", "cargo", "batch", "cache"])
"""Nouns of giving that also name what is given: "lethal aid" stays a phrase for arms."""


class SentenceStarts:
    """Marks sentence starts: after a closing mark, and after every whitespace token that holds a line break."""

    def __call__(self, doc: Doc) -> Doc:
        import numpy as np
        from spacy.attrs import SENT_START

        starts = np.full(len(doc), -1, dtype="int32")
        ended = True
        closing = False
        for i, text in enumerate([token.text for token in doc]):
            if text.isspace():
                if "\n" in text:
                    ended, closing = True, False
            elif not (closing and text in _CLOSERS):
                if ended or (closing and not text[0].islower()):
                    starts[i] = 1
                ended = False
                closing = text in _SENTENCE_ENDS
        if len(doc):
            # Setting token.is_sent_start one by one makes spaCy look through the whole Doc each time.
            array: Any = starts.astype("uint64").reshape(-1, 1)
            doc.from_array([SENT_START], array)
        return doc


class LexiconLayer:
    """Matches the names of one layer, by exact case or in lower case, and keeps the longest of what overlaps."""

    def __init__(self, nlp: Language, name: str, layer: str) -> None:
        from spacy.matcher import PhraseMatcher

        self.layer = layer
        self._vocab = nlp.vocab
        self._tokenizer = nlp.tokenizer
        self._cased = PhraseMatcher(nlp.vocab, attr="ORTH")
        self._lower = PhraseMatcher(nlp.vocab, attr="LOWER")

    def read(self, entries: Iterable[tuple[str, str, str, bool]]) -> None:
        """Takes (label, id, name, cased) rows. A name may stand under several labels: all are kept."""
        cased: dict[str, list[str]] = {}
        lower: dict[str, list[str]] = {}
        for label, key, name, is_cased in entries:
            (cased if is_cased else lower).setdefault(f"{label}|{key}", []).append(name)
        for matcher, table in ((self._cased, cased), (self._lower, lower)):
            for key, names in table.items():
                forms = names if matcher is self._cased else [n.lower() for n in names]
                matcher.add(key, [self._pattern(n) for n in dict.fromkeys(forms)])

    def _pattern(self, name: str) -> Any:
        """The name as the matcher takes it: a Doc, or the hashes of its words.

        Plain words are cut at the spaces, which is what the tokenizer does; their hashes spare making 40,000 lexemes.
        """
        words = name.split()
        if all(w.isalpha() for w in words):
            return tuple(self._vocab.strings.add(w) for w in words)
        return self._tokenizer(name)

    def __call__(self, doc: Doc) -> Doc:
        from spacy.tokens import Span

        found = [
            (end - start, start, end, self._vocab.strings[key])
            for matcher in (self._cased, self._lower)
            for key, start, end in matcher(doc)
        ]
        found.sort(key=lambda m: (-m[0], m[1], m[3]))
        taken: dict[int, tuple[int, int]] = {}
        spans = []
        for _, start, end, key in found:
            holders = {taken.get(i) for i in range(start, end)}
            if holders != {None} and holders != {(start, end)}:
                continue
            for i in range(start, end):
                taken[i] = (start, end)
            label, row = key.split("|", 1)
            spans.append(Span(doc, start, end, label=label, kb_id=row))
        spans.sort(key=lambda s: s.start)
        doc.spans[self.layer] = spans
        return doc


def build_nlp(lexicons: Lexicons) -> Language:
    """The pipeline over `lexicons`. Takes about a second; the result is safe to use from one thread at a time."""
    import spacy
    from spacy.attrs import LOWER, NORM, ORTH
    from spacy.util import compile_suffix_regex

    _register()
    nlp = spacy.blank("en")
    nlp.max_length = 10**9
    suffixes = [*(nlp.Defaults.suffixes or ()), _AFTER_VARIANT]
    tokenizer: Any = nlp.tokenizer  # the stub knows none of its methods
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    # Only the attributes the layers match on: shapes, prefixes and flags of 40,000 lexemes are half of the load time.
    vocab: Any = nlp.vocab  # the stub leaves the attribute out
    vocab.lex_attr_getters = {
        attr: getter for attr, getter in vocab.lex_attr_getters.items() if attr in (LOWER, NORM)
    }
    for rank in _RANKS:
        tokenizer.add_special_case(rank, [{ORTH: rank}])
    nlp.add_pipe("armswire_sentences")
    rows: dict[str, Iterable[tuple[str, str, str, bool]]] = {
        "names": _name_rows(lexicons),
        "weapons": _weapon_rows(lexicons),
        "predicates": _predicate_rows(lexicons),
        "cues": _cue_rows(lexicons),
    }
    for layer in LAYERS:
        component: Any = nlp.add_pipe(
            "armswire_layer", name=f"armswire_{layer}", config={"layer": layer}
        )
        component.read(rows[layer])
    return nlp


def _register() -> None:
    from spacy.language import Language

    if not Language.has_factory("armswire_layer"):
        Language.factory(
            "armswire_layer",
            assigns=["doc.spans"],
            requires=["token.is_sent_start"],
            func=LexiconLayer,
        )
        Language.component(
            "armswire_sentences", assigns=["token.is_sent_start"], func=SentenceStarts()
        )


def _state_rows(lexicons: Lexicons) -> Iterator[tuple[str, str, str, bool]]:
    for state in lexicons.states.values():
        kinds = (
            ("state.name", state.names),
            ("state.adjective", state.adjectives),
            ("state.people", state.people),
            ("state.capital", state.capitals),
            ("state.metonym", state.metonyms),
        )
        for label, names in kinds:
            for name in names:
                yield from _with_capitals(label, state.id, name)
        for name in state.names:
            owned = f"{name}s"
            plain = name.isalpha() and name[-1] != "s" and name not in _SEVERAL
            if plain and owned not in state.people:
                yield "state.adjective", state.id, owned, True


def _name_rows(lexicons: Lexicons) -> Iterator[tuple[str, str, str, bool]]:
    yield from _state_rows(lexicons)
    for actor in lexicons.actors.values():
        for name in actor.names:
            if name.islower():
                yield "actor", actor.id, name, False
            else:
                yield from _with_capitals("actor", actor.id, name)
    state_words = tuple(
        f"{w} "
        for s in lexicons.states.values()
        for w in (*s.adjectives, *s.names, *(f"{n}'s" for n in s.names))
    )
    for office in lexicons.offices.values():
        for name in office.names:
            if office.country is None and name.startswith(state_words):
                continue  # put together by the party finder, which then knows the state
            label = "leader" if office.id.startswith("leader-") else f"office.{office.kind}"
            yield label, office.id, name, not name.islower()
    for company in lexicons.companies.values():
        for name in company.names:
            yield "company", company.id, name, True
    for official in lexicons.officials.values():
        for name in official.names:
            yield "official", official.id, name, True


def _with_capitals(label: str, key: str, name: str) -> Iterator[tuple[str, str, str, bool]]:
    yield label, key, name, True
    if len(name) > _SHORT_NAMES and not name.isupper():
        yield label, key, name.upper(), True


def _weapon_rows(lexicons: Lexicons) -> Iterator[tuple[str, str, str, bool]]:
    for system in lexicons.systems.values():
        for name in dict.fromkeys((*system.names, *system.ambiguous)):
            for form in (name, _plural(name)):
                yield "system", system.id, form, not any(c.isdigit() for c in name)
                if name.isalpha() and len(name) > 4:
                    yield "system", system.id, form.upper(), True
    acts = {
        form.lower()
        for predicate in lexicons.predicates.values()
        if predicate.pos == "noun"
        and predicate.role in ("give", "get", "embargo", "stop", "negotiate")
        for form in (*predicate.forms, predicate.lemma)
    } - _THINGS
    for noun in lexicons.weapon_nouns.values():
        for name in noun.names:
            if noun.strength != "not" and name.lower().split()[-1] in acts:
                continue  # "arms sales" is a weapon and an act, two matches
            yield f"weapon.{noun.strength}", noun.id, name, False


def _plural(name: str) -> str:
    return name if name.endswith("s") else name + "s"


def _predicate_rows(lexicons: Lexicons) -> Iterator[tuple[str, str, str, bool]]:
    verbs = {
        form.lower()
        for p in lexicons.predicates.values()
        if p.pos == "verb" and p.role in ("give", "get", "arm")
        for form in (*p.forms, p.lemma)
        if " " not in form
    }
    for predicate in lexicons.predicates.values():
        if predicate.role == "modal" or predicate.lemma.startswith(("arms ", "weapons ")):
            continue  # verb chains and weapon phrases are put together by the clause walks
        for form in (*predicate.forms, predicate.lemma):
            words = form.lower().split()
            if len(words) > 1 and words[-1] in verbs:
                continue  # "stop selling", "agree to send": a chain and a verb
            yield f"predicate.{predicate.role}", predicate.id, form, False


def _cue_rows(lexicons: Lexicons) -> Iterator[tuple[str, str, str, bool]]:
    for cue in lexicons.cues.values():
        for form in (*cue.forms, cue.lemma):
            yield f"cue.{cue.kind}", cue.id, form, False
