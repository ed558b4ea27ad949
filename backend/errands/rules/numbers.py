"""Numbers people say on the phone: unit tail, date, serial and a check digit (rules 3.12). Pure."""
from datetime import date


def check_digit(digits: str) -> str:
    """The digit that makes the whole pass Luhn (ISO/IEC 7812-1): one wrong or swapped digit shows."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        step = int(char) * (2 if place % 2 == 0 else 1)
        total += step - 9 if step > 9 else step
    return str(-total % 10)


def tail_of(unit_code: str) -> str:
    """The part of a unit's code that its numbers begin with; units of two districts may share it."""
    return unit_code[6:]


def tail_within(code: str) -> str:
    """What the numbers of all units under this one begin with: three digits of a township, none of a district."""
    return tail_of(code).removesuffix("000").removesuffix("000")


def number(unit_code: str, day: date, serial: int) -> str:
    """What people say on the phone: unit tail, date, serial, check digit: 001001-260212-0001-3."""
    parts = [tail_of(unit_code), day.isoformat()[2:].replace("-", ""), f"{serial:04d}"]
    return "-".join([*parts, check_digit("".join(parts))])


def normal_number(text: str) -> str | None:
    """The number in its written form, however it was typed; None when it cannot be one."""
    digits = "".join(char for char in text if char not in "- 　—－")
    if not digits.isascii() or not digits.isdigit() or not 17 <= len(digits) <= 20:
        return None
    body, last = digits[:-1], digits[-1]
    if check_digit(body) != last:
        return None
    return "-".join([body[:6], body[6:12], body[12:], last])
