"""Business registration numbers (工商注册号) of before October 2015: accepted on old files, and marked.

15 digits: issuing authority (6), sequence (8), check digit (ISO 7064 MOD 11,10, from GS 15-2006).
13 digits: the form before 2007, which has no check digit.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Registration:
    """An old number. ``check_holds`` is ``None`` for 13 digits, which carry no check; it only marks."""

    number: str
    check_holds: bool | None

    @property
    def authority(self) -> str:
        """Division code (six digits) of the authority that registered it, as it was then."""
        return self.number[:6]


def is_registration_number(text: str) -> bool:
    """Has ``text`` the form of an old number: 15 or 13 ASCII digits?"""
    return len(text) in (13, 15) and text.isascii() and text.isdigit()


def registration(text: str) -> Registration:
    """Read an old number; ``ValueError`` if it is not 15 or 13 digits."""
    if not is_registration_number(text):
        raise ValueError("an old registration number has 15 or 13 digits")
    return Registration(text, _mod_11_10(text) == 1 if len(text) == 15 else None)


def _mod_11_10(digits: str) -> int:
    check = 10
    for digit in digits[:-1]:
        check = ((check + int(digit)) % 10 or 10) * 2 % 11
    return (check + int(digits[-1])) % 10
