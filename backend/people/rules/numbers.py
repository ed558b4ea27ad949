"""Numbers that people say: resident identity numbers (GB 11643) and phones."""
import re
from datetime import date

from backend.core.problems import Invalid, invalid

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
PROVINCES = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55),
              *range(61, 66), 71, 81, 82, 83))
)
EARLIEST = date(1850, 1, 1)


def check_digit(first: str) -> str:
    """The last character of the number that starts with these 17 digits (ISO 7064 MOD 11-2)."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(first, WEIGHTS)) % 11]


def check_id_number(text: str, today: date, field: str = "id_number") -> str:
    """The number with an upper-case X, where GB 11643-1999 allows it; else Invalid names ``field``.

    Length, check character, a real birth date not after ``today``, and the province prefix
    (81–83 residence permits of Hong Kong, Macao and Taiwan residents, 9x foreigners). The area
    code behind the province is a hint and never refused: codes change, people's numbers do not.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    if re.fullmatch(r"[0-9]{15}", number):
        raise _refused(field, "一代身份证的 15 位号码已停用，请提供 18 位号码",
                       "15-digit numbers are out of use; give the 18-digit one")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise _refused(field, "身份证号码须为 18 位", "An ID number has 18 characters")
    if number[:2] not in PROVINCES and number[0] != "9":
        raise _refused(field, "身份证号码开头两位不正确", "No province has this prefix")
    if not _is_birth_date(number[6:14], today):
        raise _refused(field, "身份证号码中的出生日期不正确", "The birth date in it cannot be")
    if check_digit(number[:17]) != number[17]:
        raise _refused(field, "身份证号码校验位不正确，请核对", "The check character does not match")
    return number


def _is_birth_date(digits: str, today: date) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return EARLIEST <= born <= today


def _refused(field: str, zh: str, en: str) -> Invalid:
    return invalid(field, zh, en)


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")


def normal_phone(text: str, field: str = "phone") -> str:
    """The phone as digits: a mobile of 11, or a landline with its area code; else Invalid.

    Spaces, hyphens, brackets and the country prefix (+86, 0086, 86) are dropped.
    """
    digits = re.sub(r"[\s()（）\u2010-\u2015-]", "", text)
    digits = re.sub(r"^(\+86|0086|86(?=1[3-9][0-9]{9}$))", "", digits)
    if _MOBILE.fullmatch(digits) and digits.isascii():
        return digits
    if text.strip().startswith(("+86", "0086")) and not digits.startswith("0"):
        digits = "0" + digits
    if _LANDLINE.fullmatch(digits) and digits.isascii():
        return digits
    raise invalid(field, "电话须为 11 位手机号码，或带区号的固定电话",
                  "A phone is a mobile of 11 digits or a landline with its area code")


def is_mobile(digits: str) -> bool:
    """Whether a normal phone number takes text messages."""
    return _MOBILE.fullmatch(digits) is not None


def mask_address(text: str) -> str:
    """The beginning of an address, at most six characters and half of it."""
    return text[: min(6, len(text) // 2)] + "****"
