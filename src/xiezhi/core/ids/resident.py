"""公民身份号码 (GB 11643-1999): division (6), birth date (8), sequence (3), check (ISO 7064 MOD 11-2).

The number is sensitive personal data: no error here repeats any part of it, and ``repr`` hides it.
"""

import re
from dataclasses import dataclass, field
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
EARLIEST_BIRTH = date(1850, 1, 1)

_FORM = re.compile(r"[1-9][0-9]{16}[0-9X]")


class ResidentNumberError(ValueError):
    """The text is no resident number. ``reason`` is ``form``, ``birth-date`` or ``check-character``."""

    def __init__(self, reason: str):
        super().__init__(f"not a resident number: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Resident:
    """What a number says of its holder. The number itself stays out of ``repr`` and logs."""

    number: str = field(repr=False)
    region: str
    birth: date
    male: bool


def resident(text: str, on: date | None = None) -> Resident:
    """Read a number of 18 characters, ``X`` a capital; :class:`ResidentNumberError` otherwise.

    ``on`` is the day of reading (Asia/Shanghai): a later birth is refused. Which region it is, is not judged:
    divisions that have since been abolished live on in numbers.
    """
    if not _FORM.fullmatch(text):
        raise ResidentNumberError("form")
    birth = _birth(text[6:14])
    if birth is None or birth < EARLIEST_BIRTH or (on is not None and birth > on):
        raise ResidentNumberError("birth-date")
    if text[17] != resident_check(text[:17]):
        raise ResidentNumberError("check-character")
    return Resident(text, text[:6], birth, int(text[16]) % 2 == 1)


def is_resident_number(text: str) -> bool:
    """Is ``text`` a well-formed number with a real birth date and the right check character?"""
    try:
        resident(text)
    except ResidentNumberError:
        return False
    return True


def resident_check(body: str) -> str:
    """The check character of 17 digits."""
    return CHECKS[sum(int(c) * weight for c, weight in zip(body, WEIGHTS, strict=True)) % 11]


def _birth(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
