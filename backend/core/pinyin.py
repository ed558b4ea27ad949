"""Names as people type them: pinyin and initials, made from one reading per character.

The readings stand in ``readings.txt``, a syllable and its characters on each line: the most common ones of the library
pypinyin, which would take 12 MB in every worker, and 44 more with its phrases (docs/decisions/0248). What phrases were
needed for is two short tables here: surnames, and places whose everyday name reads otherwise.
"""
import unicodedata
from array import array
from functools import cache
from pathlib import Path

READINGS = Path(__file__).with_name("readings.txt")

_SURNAMES = {
    "曾": "zeng", "单": "shan", "單": "shan", "解": "xie", "仇": "qiu", "区": "ou", "區": "ou", "查": "zha",
    "朴": "piao", "盖": "ge", "蓋": "ge", "缪": "miao", "繆": "miao", "乐": "yue", "樂": "yue", "员": "yun",
    "員": "yun", "召": "shao", "燕": "yan", "黑": "he", "秘": "bi", "折": "she", "重": "chong", "種": "chong",
    "种": "chong", "翟": "zhai", "华": "hua", "隗": "wei", "冼": "xian", "洗": "xian", "逄": "pang",
    "长孙": "zhang sun", "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "澹台": "tan tai",
}
_PLACES = {
    "重庆": "chong qing", "成都": "cheng du", "首都": "shou du", "都匀": "du yun", "江都": "jiang du",
    "厦门": "xia men", "六安": "lu an", "蚌埠": "beng bu", "乐清": "yue qing", "铅山": "yan shan",
    "番禺": "pan yu", "涡阳": "guo yang", "枞阳": "zong yang", "泌阳": "bi yang", "洪洞": "hong tong",
    "东阿": "dong e", "单县": "shan xian", "尉犁": "yu li", "歙县": "she xian", "乐亭": "lao ting",
    "蔚县": "yu xian", "黄陂": "huang pi", "吴堡": "wu bu", "会稽": "kuai ji", "句容": "ju rong",
    "长": "chang", "朝阳": "chao yang", "犍为": "qian wei", "浒墅": "xu shu", "银行": "yin hang",
}
_STARTS = frozenset(word[0] for word in _PLACES)


@cache
def _table() -> tuple[list[str], "array[int]"]:
    """Syllables, and by code point the place of each character's; 0 is that of none."""
    lines = READINGS.read_text(encoding="utf-8").splitlines()
    read = [line.split("\t") for line in lines]
    places = array("H", bytes(2 * (max(ord(char) for _, chars in read for char in chars) + 1)))
    for place, (_, chars) in enumerate(read, 1):
        for char in chars:
            places[ord(char)] = place
    return ["", *(syllable for syllable, _ in read)], places


def _syllable(char: str) -> str:
    """One character's most common reading; a letter or digit is itself, anything else nothing."""
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    names, places = _table()
    return names[places[ord(char)]] if ord(char) < len(places) else ""


def _surname(text: str) -> tuple[list[str], int]:
    """The syllables of a surname that is read in its own way, and how many characters it has."""
    word = next((text[:n] for n in (2, 1) if text[:n] in _SURNAMES), "")
    return (_SURNAMES[word].split(), len(word)) if word else ([], 0)


def syllables(text: str, *, surname: bool = False) -> list[str]:
    """What each character reads; "" for those that are neither letter nor digit."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    found, at = _surname(text) if surname else ([], 0)
    while at < len(text):
        if text[at] in _STARTS and not surname:
            word = next((text[at:at + n] for n in (2, 1) if text[at:at + n] in _PLACES), "")
            if word:
                found += _PLACES[word].split()
                at += len(word)
                continue
        found.append(_syllable(text[at]))
        at += 1
    return found


def pinyin_of(text: str, *, surname: bool = False) -> str:
    """The text's pinyin, a–z and 0–9 only, ü as v; ``surname`` reads its beginning as one."""
    return "".join(syllables(text, surname=surname))


def initials_of(text: str, *, surname: bool = False) -> str:
    """The first letter of each syllable."""
    return "".join(syllable[:1] for syllable in syllables(text, surname=surname))


def key_of(text: str) -> str:
    """What somebody typed, as pinyin is stored: ``Huang Yan`` is ``huangyan``; "" if it is no pinyin."""
    folded = unicodedata.normalize("NFKC", text).lower().replace("ü", "v")
    kept = "".join(char for char in folded if char not in " '’·-")
    return kept if kept.isascii() and kept.isalnum() else ""
