"""Names are found by what people type: pinyin or initials, in the readings that they use."""
import pypinyin as library
import pytest
from pypinyin.constants import PINYIN_DICT

from backend.core import pinyin


@pytest.mark.parametrize(
    ("text", "spelled", "initials"),
    [
        ("黄岩区", "huangyanqu", "hyq"),
        ("东城街道", "dongchengjiedao", "dcjd"),
        ("重庆市", "chongqingshi", "cqs"),
        ("重光村", "zhongguangcun", "zgc"),
        ("成都市", "chengdushi", "cds"),
        ("长兴县", "changxingxian", "cxx"),
        ("厦门", "xiamen", "xm"),
        ("六安", "luan", "la"),
        ("女儿村", "nvercun", "nec"),
        ("143团", "143tuan", "143t"),
        ("ＡB·C（一）", "abcyi", "abcy"),
        ("", "", ""),
        ("（）·-", "", ""),
    ],
)
def test_a_name_has_pinyin_and_initials(text, spelled, initials):
    assert pinyin.pinyin_of(text) == spelled
    assert pinyin.initials_of(text) == initials


@pytest.mark.parametrize(
    ("name", "spelled", "initials"),
    [
        ("曾国", "zengguo", "zg"), ("单田", "shantian", "st"), ("解缙", "xiejin", "xj"),
        ("仇英", "qiuying", "qy"), ("区海", "ouhai", "oh"), ("查良", "zhaliang", "zl"),
        ("朴树", "piaoshu", "ps"), ("盖山", "geshan", "gs"), ("缪晨", "miaochen", "mc"),
        ("乐毅", "yueyi", "yy"), ("员峰", "yunfeng", "yf"), ("召平", "shaoping", "sp"),
        ("燕青", "yanqing", "yq"), ("黑山", "heshan", "hs"), ("秘宁", "bining", "bn"),
        ("折可", "sheke", "sk"), ("重耳", "chonger", "ce"), ("翟让", "zhairang", "zr"),
        ("尉迟恭", "yuchigong", "ycg"), ("万俟卨", "moqixie", "mqx"), ("单于明", "chanyuming", "cym"),
        ("长兴", "zhangxing", "zx"), ("王长", "wangzhang", "wz"),
    ],
)
def test_a_surname_is_read_as_one(name, spelled, initials):
    assert pinyin.pinyin_of(name, surname=True) == spelled
    assert pinyin.initials_of(name, surname=True) == initials


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Huang Yan", "huangyan"), ("HY", "hy"), ("lü'an", "lvan"), ("ｈｙ", "hy"),
        ("黄", ""), ("黄y", ""), ("'", ""),
    ],
)
def test_what_is_typed_is_read_as_pinyin_is_stored(typed, key):
    assert pinyin.key_of(typed) == key


def read_by_the_library(char):
    found = library.pinyin(char, style=library.Style.NORMAL, errors="ignore")
    return "".join(letter for letter in found[0][0] if "a" <= letter <= "z") if found else ""


def test_each_character_is_read_as_the_library_reads_it():
    """``readings.txt`` is made of it: a line for each syllable, with its characters."""
    read = {chr(code): read_by_the_library(chr(code)) for code in PINYIN_DICT}
    lines = [line.split("\t") for line in pinyin.READINGS.read_text("utf-8").splitlines()]
    assert {char: syllable for syllable, chars in lines for char in chars} == {c: s for c, s in read.items() if s}
    assert [char for char, syllable in read.items() if pinyin._syllable(char) != syllable] == []


@pytest.mark.parametrize("name", ["王桂香", "曾伟", "尉迟 敏", "·买买提", "Ａnna 李", "３号", "。", ""])
def test_pinyin_and_initials_begin_with_the_same_letter(name):
    assert pinyin.pinyin_of(name, surname=True)[:1] == pinyin.initials_of(name, surname=True)[:1]
