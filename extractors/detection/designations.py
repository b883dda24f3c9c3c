"""Names of weapons that no lexicon holds: letters and numbers as designations have them, capitals beside a noun for arms."""

from __future__ import annotations

import re

from domain.mentions import Category
from extractors.detection.reading import Reading, all_capitalised
from extractors.detection.wordsets import word_set

PREFIXES = {
    **dict.fromkeys(
        sorted(word_set("F FA Su MiG J JF JH KF KFX EF Yak Tu AMX LCA")), Category.COMBAT_AIRCRAFT
    ),
    **dict.fromkeys(sorted(word_set("AH UH CH MH OH Mi Ka NH AW EC H SH")), Category.HELICOPTER),
    **dict.fromkeys(sorted(word_set("MQ RQ TB CH WL GJ")), Category.UAV),
    **dict.fromkeys(sorted(word_set("S HQ PAC FK NASAMS SA SAM FD")), Category.AIR_DEFENCE),
    **dict.fromkeys(sorted(word_set("T VT PT")), Category.TANK),
    **dict.fromkeys(sorted(word_set("BMP BTR PT BRDM MT CV ZBD")), Category.ARMOURED_VEHICLE),
    **dict.fromkeys(sorted(word_set("BM M PzH ZU ZSU D")), Category.ARTILLERY),
    **dict.fromkeys(
        sorted(word_set("AIM AGM ASM BGM RGM UGM RIM SM FIM FGM MGM YJ DF KN KH Kh MBT C")),
        Category.MISSILE,
    ),
    **dict.fromkeys(sorted(word_set("GBU Mk MK AK RPG JDAM")), Category.MUNITIONS),
    **dict.fromkeys(sorted(word_set("C KC P E EA KJ An Il")), Category.OTHER),
    "K": Category.OTHER,
    "L": Category.OTHER,
}
"""Letters that weapon designations begin with, and what they mostly are; "S-400", "Su-35", "MQ-9B", "K9"."""
_DESIGNATION = re.compile(r"([A-Z][A-Za-z]{0,3})(-?)(\d{1,4})(?:[A-Z]{0,3}|[A-Z]\d?)s?")
_SURE = word_set("F Su MiG JF MQ RQ AH UH Mi Ka S T BMP BTR AIM AGM GBU PAC FIM FGM SM HQ RPG")
_ARMS_BESIDE = word_set(
    "jet jets fighter fighters aircraft missile missiles tank tanks helicopter helicopters drone"
    " drones system systems howitzer howitzers launcher launchers warplane warplanes rifle rifles"
    " plane planes carrier carriers vehicles air defence defense radar radars gun guns artillery"
    " batteries battery bombs"
)


_CODE = re.compile(
    r"(?=.*\d)(?:[A-Z][A-Za-z]{0,5}[-/]?\d{1,4}[A-Za-z0-9]{0,4}|\d[A-Z]\d{1,3}[A-Z]?)"
)
"""Letters and digits with any prefix: "T129", "G6", "FTC-2000G", "2S19"."""
_NO_CODES = re.compile(
    r"(?:G(?:7|8|20)|Q[1-4]|H\dN\d|[Cc][Oo][Vv].*|B2[BC]|M2[05]|Euro\d|Mk\d?|No\d+)s?"
)
_CALIBRE = re.compile(r"\d{2,3}mm|\d{2,3}-mm")
_AMMUNITION = word_set(
    "shell shells round rounds ammunition mortar mortars howitzer howitzers gun guns artillery"
    " calibre caliber projectiles charges munitions"
)
_NOT_NAMES = word_set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august"
    " september october november december navy army air force forces coast guard marine marines corps royal soviet"
    " western eastern northern southern european cold war allied nato islamic muslim arab sunni shia gulf i the a an"
    " this that these those his her its their our my and or but for of in on at to by from with as if when while after"
    " before since no not new more most many some all any both two three four five six seven eight nine ten what which"
    " who how why where it he she they we you there here yet still also only even just such each every one then now"
    " defence defense military police rebel government state national international federal special presidential mr mrs"
    " ms dr sir president minister prime general colonel captain major admiral senator secretary chief parliament"
    " ministry department congress house senate council committee party union group inc ltd corp company co chinese"
    " world first second third last next other another old former foreign home interior strategic republican democrat"
    " democratic christian catholic jewish opec kurdish democrats"
    " republicans muslims christians jews kurds sunnis shiites arabs europeans africans conservatives liberals marines"
    " americans commandos rangers communists islamists hindus catholics asians westerners"
    " eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty"
    " seventy eighty ninety hundred hundreds thousand thousands million dozen dozens scores whether whoever whatever"
    " send sale sales photo photos image images minute minutes airline airlines generation division divisions based"
    " heavy light good single asian shiite caribbean imperial korea koreas conflict tactical aviation program"
    " programme internet food duty"
)
"""Words that are written with a capital and name no weapon."""
_BETWEEN = word_set(
    "light heavy armoured armored attack combat surveillance reconnaissance short-range long-range medium-range short"
    " long medium range multi-role multirole unmanned guided anti-tank anti-aircraft anti-ship air self-propelled"
    " tactical utility transport trainer training class type - main wheeled tracked amphibious protected mobile"
)
_LONGEST_NAME = 3


def is_designation(reading: Reading, i: int) -> bool:
    """Letters and a number as weapons bear them; with rarer letters, arms must be named near."""
    word = reading.words[i]
    match = _DESIGNATION.fullmatch(word)
    if match is not None and match.group(1) in PREFIXES:
        if match.group(1) in _SURE and match.group(2):
            return True
        near = set(reading.low[max(0, i - 4) : i] + reading.low[i + 1 : i + 6])
        if near & _ARMS_BESIDE:
            return True
    return (
        bool(_CODE.fullmatch(word)) and not _NO_CODES.fullmatch(word) and _before_arms(reading, i)
    )


def calibre_end(reading: Reading, i: int) -> int | None:
    """Where a bare calibre that starts at `i` ends ("152 mm", "155mm"), None when there is none or it is no gun's."""
    word = reading.low[i]
    end = i + 1
    if not _CALIBRE.fullmatch(word):
        if not (
            word.isdigit()
            and 2 <= len(word) <= 3
            and reading.word(i + 1) in ("mm", "-mm", "millimetre")
        ):
            return None
        end = i + 2
    sentence = reading.sentences[reading.sentence_of[i]]
    around = reading.low[max(sentence.start, i - 12) : min(sentence.end, i + 12)]
    return end if set(around) & _AMMUNITION else None


def _before_arms(reading: Reading, i: int) -> bool:
    """Whether a noun for arms follows, with nothing but words of its kind between: "T129 attack helicopters"."""
    j = i + 1
    while j < i + 4 and reading.same_sentence(i, j):
        span = reading.spans["weapons"].get(j)
        if span is not None:
            return any(label in ("weapon.strong", "weapon.weak") for label, _ in span[1])
        if reading.low[j] not in _BETWEEN:
            return False
        j += 1
    return False


def unseen_name(reading: Reading, start: int, taken: set[int]) -> int | None:
    """Where the name begins that stands before a noun for arms at `start` ("Osa short-range missile systems"), or None.

    `taken` are the tokens of names and weapons that the lexicons know. Sentences with a capital on every word tell no names.
    """
    sentence = reading.sentences[reading.sentence_of[start]]
    i = start - 1
    while i > sentence.start and reading.words[i] in _BETWEEN:
        i -= 1
    first = i + 1
    cased = not all_capitalised(reading.words[sentence.start : sentence.end]) and not (
        sentence.is_title and (reading.title_case or reading.text[:80].isupper())
    )
    while i >= sentence.start and first - i <= _LONGEST_NAME and i not in taken:
        word = reading.words[i]
        if not _is_name(word, cased and i > sentence.start):
            break
        i -= 1
    begin = i + 1
    while begin < first and reading.words[begin] in _ROMAN:
        begin += 1
    common = all(w.isalpha() and w.lower() in reading.words for w in reading.words[begin:first])
    return begin if begin < first and not common else None


def is_common(word: str) -> bool:
    """Whether a word with a capital is known to name no weapon."""
    return word.lower() in _NOT_NAMES


_ROMAN = frozenset(["I", "II", "III", "IV", "V"])


def _is_name(word: str, cased: bool) -> bool:
    if _CODE.fullmatch(word):
        return not _NO_CODES.fullmatch(word)
    if not cased or word.lower() in _NOT_NAMES or not word[0].isupper():
        return False
    return word in _ROMAN or (len(word) > 2 and word.isalpha())
