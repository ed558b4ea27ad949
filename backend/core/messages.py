"""What a refused field is told, in Chinese: one line per message of the shapes."""
import re

from backend.core.problems import Text

_TOLD: list[tuple[str, str]] = [
    (r"Missing data for required field\.", "必填"),
    (r"Unknown field\.", "不认识的字段"),
    (r"Field may not be null\.", "不能为空"),
    (r"Not a valid string\.", "须为文字"),
    (r"Not a valid whole number\.", "须为整数"),
    (r"Not a valid number\.", "须为数字"),
    (r"Not true or false\.", "须为 true 或 false"),
    (r"Not a valid list\.", "须为列表"),
    (r"Not a valid mapping type\.", "须为对象"),
    (r"Invalid input type\.", "须为 JSON 对象"),
    (r"Not a valid date\.", "须为日期，如 2026-02-26"),
    (r"Not a valid instant with offset\.", "须为带时区的时间，如 2026-02-26T17:30:00+08:00"),
    (r"Not a valid week\.", "须为周，如 2026-W09"),
    (r"Must be one of: (.+)\.", r"须为其中之一：\1"),
    (r"Shorter than minimum length (\d+)\.", r"至少 \1 个"),
    (r"Longer than maximum length (\d+)\.", r"至多 \1 个"),
    (r"Length must be between (\d+) and (\d+)\.", r"长度须在 \1 到 \2 之间"),
    (r"Must be greater than or equal to (-?\d+) and less than or equal to (-?\d+)\.", r"须在 \1 到 \2 之间"),
    (r"Must be greater than or equal to (-?\d+)\.", r"不得小于 \1"),
    (r"Must be less than or equal to (-?\d+)\.", r"不得大于 \1"),
    (r"Must not be blank\.", "不能为空白"),
    (r"Holds characters not allowed\.", "含有不允许的字符"),
    (r"String does not match expected pattern\.", "格式不正确"),
    (r"Must not name the same twice\.", "不得重复"),
]
_PATTERNS = [(re.compile(pattern), zh) for pattern, zh in _TOLD]


def translated(message: str) -> Text:
    """The message in both languages; one not in the table is the same in both."""
    for pattern, zh in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return Text(found.expand(zh), message)
    return Text(message, message)
