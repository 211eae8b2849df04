"""统一社会信用代码, GB 32100-2015: department, kind, region (6), subject (9), check character.

The region part is only required to be six digits: real codes carry 321291 or 321200, which GB/T 2260 lacks.
The organisation code in positions 9-17 has a check of its own (GB 11714). Codes whose subject part was issued
outside that standard exist, so a wrong one is a mark (:func:`organisation_code_holds`), never a reason.
"""

import re
from enum import StrEnum

from xiezhi.core.ids.registration import is_registration_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18

# GB 32100 with its later additions: 外交 2, 司法 3, 文化 4, 旅游 6, 宗教 7, 工会 8, 军队 A, 农业 N.
DEPARTMENTS = {
    "1": "机构编制",
    "2": "外交",
    "3": "司法行政",
    "4": "文化",
    "5": "民政",
    "6": "旅游",
    "7": "宗教",
    "8": "工会",
    "9": "市场监督管理",
    "A": "中央军委改革和编制办公室",
    "N": "农业农村",
    "Y": "其他",
}
# Departments keep adding kinds, so the second place is only held to its form.
KINDS = "123456789"

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
# All of the form at once: what matches can only fail its check character.
_FORM = re.compile(rf"[{''.join(DEPARTMENTS)}][{KINDS}][0-9]{{6}}[{ALPHABET}]{{10}}")
_FULL_WIDTH = range(0xFF01, 0xFF5F)


class UsccReason(StrEnum):
    """Why a text is no code. The first that applies, in this order, is the one given."""

    EMPTY = "empty"
    FULL_WIDTH = "full-width"
    WHITE_SPACE = "white-space"
    LOWER_CASE = "lower-case"
    OLD_NUMBER = "old-number"
    LENGTH = "wrong-length"
    CHARACTER = "bad-character"
    DEPARTMENT = "bad-department"
    KIND = "bad-kind"
    REGION = "bad-region"
    CHECK = "wrong-check-character"


MEANINGS = {
    UsccReason.EMPTY: "nothing on the line",
    UsccReason.FULL_WIDTH: "a full-width character (U+FF01 to U+FF5E) where ASCII is meant",
    UsccReason.WHITE_SPACE: "white space before, inside or after the code",
    UsccReason.LOWER_CASE: "a lower-case letter",
    UsccReason.OLD_NUMBER: "a business registration number of 15 or 13 digits, from before the code",
    UsccReason.LENGTH: "not 18 characters",
    UsccReason.CHARACTER: "a character that the code never uses (among letters: I O S V Z)",
    UsccReason.DEPARTMENT: "no registering department has this first character",
    UsccReason.KIND: "the second character is not 1 to 9",
    UsccReason.REGION: "the region part (places 3 to 8) is not six digits; which six is not judged",
    UsccReason.CHECK: "the last character is not the check character of the others",
}


def uscc_reason(code: str) -> UsccReason | None:
    """Why ``code`` is no unified social credit code as it stands; ``None`` if it is. Repairs nothing."""
    if _FORM.fullmatch(code):
        return None if check_character(code[:17]) == code[17] else UsccReason.CHECK
    # Together the tests say what the form says, so that one of them applies.
    return next(reason for applies, reason in _TESTS if applies(code))


def check_character(body: str) -> str:
    """The check character for the first 17 characters; ``ValueError`` for any other body."""
    if len(body) != LENGTH - 1 or any(character not in _VALUES for character in body):
        raise ValueError("a code's body is 17 characters of the alphabet of GB 32100")
    total = sum(_VALUES[character] * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def organisation_code_holds(code: str) -> bool:
    """Does the organisation code (places 9-17 of ``code``, or nine characters) end in its GB 11714 check?"""
    part = code[8:17] if len(code) == LENGTH else code
    if len(part) != 9 or not (part.isascii() and part.isalnum() and part == part.upper()):
        return False
    total = sum(int(c, 36) * weight for c, weight in zip(part[:8], _ORGANISATION_WEIGHTS, strict=True))
    return part[8] == "0123456789X0"[11 - total % 11]


def _is_region(code: str) -> bool:
    return code[2:8].isascii() and code[2:8].isdigit()


_TESTS = (
    (lambda code: not code, UsccReason.EMPTY),
    (lambda code: any(ord(c) in _FULL_WIDTH for c in code), UsccReason.FULL_WIDTH),
    (lambda code: any(c.isspace() for c in code), UsccReason.WHITE_SPACE),
    (lambda code: any("a" <= c <= "z" for c in code), UsccReason.LOWER_CASE),
    (is_registration_number, UsccReason.OLD_NUMBER),
    (lambda code: len(code) != LENGTH, UsccReason.LENGTH),
    (lambda code: any(c not in _VALUES for c in code), UsccReason.CHARACTER),
    (lambda code: code[0] not in DEPARTMENTS, UsccReason.DEPARTMENT),
    (lambda code: code[1] not in KINDS, UsccReason.KIND),
    (lambda code: not _is_region(code), UsccReason.REGION),
)
