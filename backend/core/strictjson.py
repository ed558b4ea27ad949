"""JSON as strangers may send it: no key twice, no NUL, no half characters, no huge numbers, no deep nesting.

The stock decoder takes all of these, and what comes after it breaks on them.
"""
import json
import re
from typing import Any, NoReturn

from backend.core.problems import Malformed

MAX_DEPTH = 20
MAX_DIGITS = 18
LONGEST_NUMBER = 40


def parse(raw: bytes, *, mends: bool = False) -> Any:
    """A JSON value without duplicate keys, huge numbers, depth, NUL or lone surrogates (``mends``: as U+FFFD)."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        _malformed("内容不是 UTF-8 编码", "The body is not UTF-8")
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH:
        _check_depth(text)
    try:
        found = _DECODER.decode(text)
    except ValueError as error:
        raise Malformed("内容不是有效的 JSON", f"Not JSON: {error}") from error
    if _ODD_ESCAPE.search(text) or "\x00" in text:
        if mends:
            return _mended(found)
        _check_strings(found)
    return found


def _mended(found: Any) -> Any:
    if isinstance(found, str):
        return _ODD_CHARACTER.sub("\ufffd", found)
    if isinstance(found, dict):
        return {_mended(key): _mended(item) for key, item in found.items()}
    return [_mended(item) for item in found] if isinstance(found, list) else found


def _check_depth(text: str) -> None:
    depth, quoted, escaped = 0, False, False
    for char in text:
        if quoted:
            if char == '"' and not escaped:
                quoted = False
            escaped = char == "\\" and not escaped
        elif char == '"':
            quoted = True
        elif char in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                _malformed(f"嵌套不得超过 {MAX_DEPTH} 层", f"Nested deeper than {MAX_DEPTH}")
        elif char in "]}":
            depth -= 1


def _check_strings(found: Any) -> None:
    if isinstance(found, str):
        if "\x00" in found:
            _malformed("文字中含有空字符", "A string holds NUL")
        if any("\ud800" <= char <= "\udfff" for char in found):
            _malformed("文字中含有不成对的代理字符", "A string holds a lone surrogate")
    elif isinstance(found, dict):
        for key, item in found.items():
            _check_strings(key)
            _check_strings(item)
    elif isinstance(found, list):
        for item in found:
            _check_strings(item)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _malformed("同一字段出现了两次", "An object names a key twice")
    return found


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        _malformed(f"数字不得超过 {MAX_DIGITS} 位", f"A number has more than {MAX_DIGITS} digits")
    return int(digits)


def _real(digits: str) -> float | int:
    """A number with a point or an exponent; 2.0 is the whole number 2, as JSON Schema has it."""
    found = float(digits) if len(digits) <= LONGEST_NUMBER else float("inf")
    if abs(found) >= 10**MAX_DIGITS:
        _malformed(f"数字不得超过 {MAX_DIGITS} 位", f"A number has more than {MAX_DIGITS} digits")
    return int(found) if found.is_integer() else found


def _constant(name: str) -> NoReturn:
    _malformed("内容不是有效的 JSON", f"{name} is not JSON")


def _malformed(zh: str, en: str) -> NoReturn:
    raise Malformed(zh, en)


_ODD_CHARACTER = re.compile("[\x00\ud800-\udfff]")
_ODD_ESCAPE = re.compile(r"\\u(0000|[dD][89a-fA-F])")
_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_whole, parse_float=_real, parse_constant=_constant
)
