"""Document numbers (文号): 机关代字 + 文种代字 + 〔年〕 + 序号, after GB/T 9704-2012 (from memory, 待核).

A pattern is the text with ``{year}`` and ``{serial}`` in it, once each, the year in 六角括号; ``{agency}`` is the
short name of the body: ``{agency}检通〔{year}〕{serial}号`` → ``示例监检通〔2026〕12号``. Serials bear no leading zeros.
"""

import re
from typing import Final

from .wording import gettext_noop

_PLACES: Final = re.compile(r"\{([^{}]*)\}")
SHAPE: Final = "〔{year}〕"


def fault(pattern: str) -> str:
    """Why the pattern can't be used (Chinese source text); empty where it can."""
    places = _PLACES.findall(pattern)
    if set(places) - {"agency", "year", "serial"} or re.sub(_PLACES, "", pattern).count("{"):
        return gettext_noop("文号格式中只能有 {agency}、{year}、{serial}。")
    if places.count("serial") != 1 or pattern.count(SHAPE) != 1 or places.count("agency") > 1:
        return gettext_noop("文号格式须有一个〔{year}〕（六角括号）和一个 {serial}。")
    if pattern.index("{serial}") < pattern.index(SHAPE):
        return gettext_noop("序号须在年份之后。")
    return "" if len(pattern) <= 80 else gettext_noop("文号格式不超过 80 字。")


def shown(pattern: str, *, agency: str, year: int, serial: int) -> str:
    """The number in words."""
    return pattern.replace("{agency}", agency).replace("{year}", str(year)).replace("{serial}", str(serial))


def gaps(serials: list[int]) -> list[tuple[int, int]]:
    """Serials that nothing accounts for, as (first, last), between 1 and the largest."""
    found, expected = [], 1
    for serial in sorted(set(serials)):
        if serial > expected:
            found.append((expected, serial - 1))
        expected = serial + 1
    return found
