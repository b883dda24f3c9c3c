"""Copies of a text are recognised by their sketches; other texts are not."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from extractors.near_duplicates import VALUES, Copies, similarity, sketch

SYLLABLES = ("ba", "ko", "ri", "tu", "len", "mar", "so", "vi", "gra", "ten", "ul", "pe")


def text(seed: int, words: int = 600) -> str:
    """Made-up prose: frequent and rare words as Zipf found them, in sentences."""
    chance = random.Random(seed)
    vocabulary = ["".join(random.Random(n).choices(SYLLABLES, k=2 + n % 3)) for n in range(900)]
    drawn = [vocabulary[int(900 ** chance.random()) - 1] for _ in range(words)]
    return " ".join(w + ("." if i % 17 == 16 else "") for i, w in enumerate(drawn))


def cut(original: str, share: float) -> str:
    words = original.split()
    return " ".join(words[: int(len(words) * share)])


def changed(original: str, every: int) -> str:
    return " ".join("other" if i % every == 0 else w for i, w in enumerate(original.split()))


@pytest.mark.parametrize("seed", range(5))
def test_copies_score_high_and_others_near_nothing(seed: int) -> None:
    """A wire copy shortened, lightly edited or set in capitals is above 0.7; another text is below
    0.05."""
    original = text(seed)
    base = sketch(original)
    copies = {
        "cut to two thirds": cut(original, 2 / 3),
        "cut to a half": cut(original, 1 / 2),
        "cut to a third": cut(original, 1 / 3),
        "two words of a hundred changed": changed(original, 50),
        "cut and changed": changed(cut(original, 2 / 3), 50),
    }
    known = Copies([("original", base), ("another", sketch(text(seed + 100)))])
    for how, copy in copies.items():
        assert known.like(sketch(copy)).get("original", 0.0) > 0.7, how
    assert similarity(base, sketch(original.upper().replace(".", " !"))) == 1.0
    assert similarity(base, sketch(text(seed + 100))) < 0.05


def test_a_round_up_is_no_copy_of_the_reports_it_holds() -> None:
    """Ten reports in one page hold each of them word for word, and are the story of none of
    them."""
    reports = [text(seed, 200) for seed in range(10)]
    round_up = sketch(" ".join(reports))
    assert all(similarity(sketch(r), round_up) < 0.5 for r in reports)


def test_small_texts() -> None:
    """Equal headlines are alike, others not; an empty text is like nothing."""
    headline = sketch("Norland sends coastal missiles to Estmark")
    assert headline[0] == 3
    assert similarity(headline, sketch("NORLAND sends coastal missiles to Estmark!")) == 1.0
    assert similarity(headline, sketch("Estmark sends ferry crews to Norland")) == 0.0
    assert sketch("Patriot")[0] == 1
    assert sketch("") == sketch(" … ") == ()
    assert similarity((), headline) == similarity((), ()) == 0.0


def test_scripts_without_spaces_have_words_too() -> None:
    """A Japanese text shortened by a third is a copy of it, another one is not."""
    one = (
        "防衛装備移転三原則の運用指針を改正し、政府は地対空誘導弾を同盟国に輸出する方針を決めた。"
        * 1
    )
    more = one + "国会では野党が説明を求め、大臣は来週にも詳細を明らかにすると述べた。"
    other = (
        "首都圏では大雪の影響で鉄道の運休が相次ぎ、通勤客が駅にあふれた。気象庁は警戒を呼びかけた。"
    )
    assert similarity(sketch(one), sketch(more)) > 0.9
    assert similarity(sketch(one), sketch(other)) < 0.05


def test_a_sketch_fits_the_database_and_is_symmetric_to_compare() -> None:
    """The number of shingles and 128 values below 2**32; the order of comparison does not count."""
    a, b = sketch(text(1)), sketch(cut(text(1), 0.6))
    assert len(a) == 1 + VALUES
    assert a[0] <= 597
    assert all(0 <= v < 2**32 for v in a)
    assert similarity(a, b) == similarity(b, a)


def test_known_texts_are_found_among_many() -> None:
    """Of forty texts the one copied is found, and only it; a text that is known again under its name is
    replaced."""
    known = Copies((str(seed), sketch(text(seed))) for seed in range(40))
    found = known.like(sketch(cut(text(7), 1 / 2)))
    assert [name for name, share in found.items() if share > 0.7] == ["7"]
    known.add("7", sketch(text(99)))
    assert known.like(sketch(text(7))).get("7", 0.0) < 0.05
    assert known.like(sketch(text(99)))["7"] == 1.0
    assert known.like(()) == {}


def test_sketches_of_earlier_versions_are_like_nothing() -> None:
    """A database may hold sketches of another make, whose values mean something else."""
    earlier = tuple(range(128))
    assert similarity(earlier, earlier) == 0.0
    assert Copies([("old", earlier)]).like(earlier) == {}


def test_a_sketch_is_the_same_in_every_process() -> None:
    """No hash of this process alone is in it: another interpreter computes the same."""
    code = (
        "from extractors.near_duplicates import sketch; print(sketch('one two three four five é'))"
    )
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert other.stdout.strip() == str(sketch("one two three four five é"))
