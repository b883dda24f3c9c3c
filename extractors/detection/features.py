"""What speaks for a candidate pair, and for an article: named numbers for the two regressions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from domain.mentions import Stage
from extractors.detection.clauses import Clause
from extractors.detection.exporters import EXPORTERS
from extractors.detection.frames import Frame
from extractors.detection.pairs import Pair, is_code, is_loose
from extractors.detection.reading import Reading
from extractors.detection.systems import Weapon
from extractors.detection.wordsets import word_set


def salience(reading: Reading, clauses: Sequence[Clause]) -> Counter[str]:
    """How often each party is named other than as a place or a speaker, the title three times as much."""
    counts: Counter[str] = Counter()
    for clause in clauses:
        for item in clause.items:
            party = item.party
            if party is None or not party.codes or party.kind in ("outsider", "place"):
                continue
            counts[party.codes[0]] += 3 if clause.sentence.is_title else 1
    return counts


def pair_features(
    pair: Pair, pairs: Sequence[Pair], named: Counter[str], headline: bool
) -> dict[str, float]:
    """Features of one candidate among all `pairs` of its article."""
    strict = [p for p in pairs if not is_loose(p)]
    best = max((p.weight for p in strict), default=1.0) or 1.0
    rules = {f.rule for f in pair.frames}
    kinds = {r.split(".")[-1].split("-")[0] for r in rules}
    first = min((f.sentence.index for f in pair.frames), default=50)
    total = sum(named.values()) or 1
    s, r = pair.supplier, pair.recipient
    rank_s, rank_r = EXPORTERS.get(s or "", 0.5), EXPORTERS.get(r or "", 0.5)
    guessed = pair.joined or all("-filled" in x or "-guessed" in x or "-turned" in x for x in rules)
    features = {
        "title": float(pair.in_title),
        "weight": math.log1p(pair.weight),
        "share": pair.weight / best,
        "frames": math.log1p(len(pair.frames)),
        "rules": math.log1p(len(rules)),
        "early": 1.0 / (1.0 + first),
        "lead": float(any(0 < f.sentence.paragraph <= 2 for f in pair.frames)),
        "complete": float(pair.complete),
        "no_supplier": float(s is None),
        "no_recipient": float(r is None),
        "joined": float(pair.joined),
        "guess_gap": (rank_s - rank_r) / 10 if pair.complete and guessed else 0.0,
        "named_s": named[s] / total if s else 0.0,
        "named_r": named[r] / total if r else 0.0,
        "movement_s": float(s is not None and not is_code(s)),
        "movement_r": float(r is not None and not is_code(r)),
        "headline": float(headline),
        "whole": float(any(f.suppliers and f.recipients and f.weight >= 0.9 for f in pair.frames)),
        "only_filled": float(
            all("-filled" in x or "-guessed" in x or "-turned" in x for x in rules)
        ),
        "reversed": float(
            any(p.supplier == r and p.recipient == s for p in strict if p is not pair)
        ),
        "strong": float(any(w.strong for f in pair.frames for w in f.weapons)),
        "plain": float(pair.complete and any(w.systems for f in pair.frames for w in f.weapons)),
        "named_system": float(any(w.systems for f in pair.frames for w in f.weapons)),
        "alleged": float(bool(pair.frames) and all(f.stage.alleged for f in pair.frames)),
        "considered": float(all(f.stage.stage is Stage.CONSIDERED for f in pair.frames)),
        "pairs": math.log1p(len(strict)),
    }
    if pair.loose:
        features.update(_loose_features(pair, pairs, headline))
    if headline:
        features["headline_partial"] = float(not pair.complete)
    for kind in ("give", "get", "noun", "deal", "arm", "embargo", "weapon", "request"):
        features[f"kind_{kind}"] = float(kind in kinds)
    return features


def _loose_features(pair: Pair, pairs: Sequence[Pair], headline: bool) -> dict[str, float]:
    """What the loose frames of a pair hint at: the places of its parties, the kind of the predicate, who exports."""
    found: Counter[str] = Counter()
    for frame in pair.loose:
        _, role, s, r = frame.rule.split(".")
        found.update({f"loose_{key}": 1 for key in (f"s_{s}", f"r_{r}", f"act_{role}")})
        if (role, s) == ("give", "subj") or (role, r) == ("get", "subj"):
            found["loose_agent"] = 1
    features = dict.fromkeys(found, 1.0)
    features["loose"] = float(is_loose(pair))
    features["loose_frames"] = math.log1p(len(pair.loose))
    features["loose_lone"] = float(is_loose(pair) and not any(not is_loose(p) for p in pairs))
    features["loose_headline"] = float(is_loose(pair) and headline)
    if pair.complete:
        ranks = [EXPORTERS.get(code or "", 0.5) for code in (pair.supplier, pair.recipient)]
        features["loose_gap"] = (ranks[0] - ranks[1]) / 10
    return features


SHORT = 60
"""Words up to which a text is a headline or an item of news in brief."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Best:
    """The highest probability of any pair of an article, apart for those that only loose frames speak for."""

    strict: float
    loose: float


def best_of(scored: Sequence[tuple[Pair, float]]) -> Best:
    """The best of `scored` pairs of either kind, 0 where there is none."""
    return Best(
        strict=max((p for pair, p in scored if not is_loose(pair)), default=0.0),
        loose=max((p for pair, p in scored if is_loose(pair)), default=0.0),
    )


def article_features(
    reading: Reading,
    frames: Sequence[Frame],
    weapons: Sequence[Weapon],
    named: Counter[str],
    best: Best,
) -> dict[str, float]:
    """Features of the article as a whole."""
    titled = [f for f in frames if f.sentence.is_title]
    whole = [f for f in frames if f.suppliers and f.recipients]
    headline = reading.size.headline
    words = len(reading.words) or 1
    low = Counter(reading.low)
    drill = sum(low[w] for w in _OTHER_NEWS)
    games = sum(low[w] for w in _GAMES)
    trade = sum(low[w] for w in _TRADE)
    strong = [w for w in weapons if w.strong]
    return {
        "best_pair": best.strict,
        "best_loose": best.loose,
        "best_short": float(words < SHORT) * max(best.strict, best.loose),
        "short": float(words < SHORT),
        "short_strong": float(words < SHORT and bool(strong)),
        "short_rule": float(words < SHORT) * min(2, sum(low[w] for w in _RULES)),
        "rules": 100 * sum(low[w] for w in _RULES) / words,
        "whole": math.log1p(len(whole)),
        "strong_whole": math.log1p(sum(any(w.strong for w in f.weapons) for f in whole)),
        "frames": math.log1p(len(frames)),
        "title_frame": float(bool(titled)),
        "title_whole": float(any(f.suppliers and f.recipients for f in titled)),
        "embargo": float(any("embargo" in f.rule for f in frames)),
        "policy": float(any(f.policy for f in frames)),
        "strong": math.log1p(len(strong)),
        "density": 100 * len(strong) / words,
        "title_weapon": float(
            any(reading.sentences[reading.sentence_of[w.start]].is_title for w in strong)
        ),
        "headline": float(headline),
        "headline_frames": float(headline) * math.log1p(len(frames)),
        "fighting": 100 * drill / words,
        "games": 100 * games / words,
        "guns": 100 * sum(low[w] for w in _GUNS) / words,
        "mass": 100 * sum(low[w] for w in _MASS) / words,
        "foreign": float(any(f.suppliers and f.recipients and f.weight >= 0.9 for f in frames)),
        "one_sentence": float(len({f.sentence.index for f in whole}) == 1),
        "trade": 100 * trade / words,
        "states": math.log1p(len(named)),
    }


_OTHER_NEWS = word_set(
    "killed kill strike strikes airstrike airstrikes attack attacks bombing crash crashed drill"
    " drills exercise exercises test tested tests launch launched fired deployed deployment deploy"
    " shooting wounded dead nuclear"
)
_GAMES = word_set(
    "game season coach team league player players quarterback goal film movie music actor shares"
    " stock stocks investors earnings quarterly police gun guns shooter"
)
_GUNS = word_set(
    "gun guns shooter shooting shootings nra firearm firearms police atf background checks rifle"
    " ar-15"
)
_MASS = word_set("nuclear treaty denuclearization chemical inspectors warheads summit talks")
_RULES = word_set(
    "embargo embargoes licence licences license licenses permit permits export exports re-export"
    " end-user ban curbs"
)
_TRADE = word_set(
    "sale sales sell selling sold export exports supply supplies supplying deliver delivery"
    " deliveries delivered shipment shipments embargo deal contract purchase buy buying bought"
    " arming arms weapons"
)
