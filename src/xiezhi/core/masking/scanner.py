"""Personal data that must not stand in published text: resident numbers, phones, cards, mail, homes, plates.

Full-width digits and single blanks or hyphens inside a number do not hide it. Numbers with a checksum
count only if it holds, so that credit codes, permit and document numbers pass. A SHA-256 in hex is skipped as a whole:
one in fifty holds eleven digits that look like a phone.
A finding never carries what it found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xiezhi.core.ids.resident import is_resident_number

REDACTED = "〔已隐去〕"
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?=[0-9]*[a-f])[0-9a-f]{64}(?![0-9A-Za-z])")
# Letters may stand before a number: in a credit code at most nine digits follow one.
_RUN = re.compile(r"(?<![0-9])[0-9](?:[ \-]?[0-9])*(?:[ \-]?[Xx])?(?![0-9A-Za-z])")
_UNSPACED = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])(?![0-9])")
_MOBILE = re.compile(r"(?:0{0,2}86)?1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])\(?0[1-9][0-9]{1,2}\)?[ \-]?[2-8][0-9]{6,7}(?![0-9A-Za-z])")
_FIRST_GENERATION = re.compile(r"[1-6][0-9]{14}")
# UnionPay; Visa; MasterCard; JCB; American Express.
_CARD = re.compile(r"62[0-9]{14,17}|4[0-9]{15}|5[1-5][0-9]{14}|35[0-9]{14}|3[47][0-9]{13}")
_EMAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9\-]+)+")
_HOME = re.compile(r"[0-9一二三四五六七八九十]+(?:幢|栋|号楼|座)[^\n]{0,8}?[0-9]+室|[0-9]+单元[0-9]+室?")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
    r"[A-HJ-NP-Z][·\-. ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9])"
)


class FindingKind(StrEnum):
    """What was found."""

    RESIDENT = "resident"
    PHONE = "phone"
    BANK_CARD = "bank-card"
    EMAIL = "email"
    HOME = "home"
    PLATE = "plate"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Where it stands: characters ``start`` up to but not including ``end`` of the text scanned."""

    start: int
    end: int
    kind: FindingKind


_PATTERNS = (
    (_EMAIL, FindingKind.EMAIL),
    (_LANDLINE, FindingKind.PHONE),
    (_HOME, FindingKind.HOME),
    (_PLATE, FindingKind.PLATE),
)


def scan(text: str) -> tuple[Finding, ...]:
    """All that must not be published, in the order of the text; empty if the text may pass."""
    plain = _DIGEST.sub("x" * 64, text.translate(_FULL_WIDTH))
    found = {Finding(m.start(), m.end(), kind) for pattern, kind in _PATTERNS for m in pattern.finditer(plain)}
    return _apart(found | set(_numbers(plain)))


def redact(text: str) -> str:
    """``text`` with a mark in place of every finding; a scan of it finds nothing."""
    while found := scan(text):
        for finding in reversed(found):
            text = text[: finding.start] + REDACTED + text[finding.end :]
    return text


def _apart(found: set[Finding]) -> tuple[Finding, ...]:
    """Findings in order, none overlapping an earlier one; of two that begin alike the longer."""
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda finding: (finding.start, -finding.end, finding.kind)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return tuple(kept)


def _numbers(plain: str) -> Iterator[Finding]:
    for match in _UNSPACED.finditer(plain):
        kind = _kind(match[0].upper())
        if kind in (FindingKind.PHONE, FindingKind.RESIDENT):
            yield Finding(match.start(), match.end(), kind)
    for run in _RUN.finditer(plain):
        places = [place for place in range(run.start(), run.end()) if plain[place] not in " -"]
        digits = "".join(plain[place] for place in places).upper()
        # A number begins and ends where the run does, or at a blank or hyphen.
        begins = [n for n in range(len(places)) if n == 0 or places[n] - places[n - 1] > 1]
        ends = [n for n in range(len(places)) if n + 1 == len(places) or places[n + 1] - places[n] > 1]
        for first in begins:
            for last in ends:
                kind = _kind(digits[first : last + 1]) if 11 <= last - first + 1 <= 19 else None
                if kind is not None:
                    yield Finding(places[first], places[last] + 1, kind)


def _kind(number: str) -> FindingKind | None:
    if is_resident_number(number) or _is_first_generation(number):
        return FindingKind.RESIDENT
    if _MOBILE.fullmatch(number):
        return FindingKind.PHONE
    return FindingKind.BANK_CARD if _CARD.fullmatch(number) and _luhn_holds(number) else None


def _is_first_generation(number: str) -> bool:
    """A resident number of 15 digits, issued until 1999: no check digit, so its birth date must be one."""
    if not _FIRST_GENERATION.fullmatch(number):
        return False
    try:
        date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        return False
    return True


def _luhn_holds(number: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
    return (sum(int(digit) for digit in number[-1::-2]) + sum(doubled)) % 10 == 0
