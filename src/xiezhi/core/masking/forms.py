"""A value in its published form, and masks for screens on which it need not be seen in full."""

import re
from collections.abc import Sequence
from enum import StrEnum

from xiezhi.core.masking.treatments import Form, Treatment

SOMEBODY = "某"
ANONYMOUS = "匿名"
HIDDEN = "*"
STEMS = "甲乙丙丁戊己庚辛壬癸"
_COMPOUND = "欧阳司马上官诸葛东方皇甫尉迟公孙令狐长孙慕容夏侯轩辕端木司徒司空南宫独孤宇文申屠"
COMPOUND_SURNAMES = frozenset(_COMPOUND[place : place + 2] for place in range(0, len(_COMPOUND), 2))
# Province and city as far as they are written, then the district, county, banner or county-level city.
_DISTRICT = re.compile(
    r"(?:[一-鿿]{2,8}?(?:省|自治区|特别行政区))?(?:[一-鿿]{2,10}?(?:市|自治州|地区|盟))?"
    r"[一-鿿]{1,10}?(?:新区|区|自治县|县|自治旗|旗|市)"
)


class PartialKind(StrEnum):
    """Kinds of numbers that screens show in part."""

    RESIDENT = "resident"
    PHONE = "phone"
    BANK_CARD = "bank-card"
    PLATE = "plate"
    EMAIL = "email"


# How many characters stay at the front and at the back.
_SHOWN = {
    PartialKind.RESIDENT: (6, 0),
    PartialKind.PHONE: (3, 4),
    PartialKind.BANK_CARD: (0, 4),
    PartialKind.PLATE: (2, 1),
    PartialKind.EMAIL: (1, 0),
}


def published(treatment: Treatment, value: str) -> str:
    """``value`` as it may be published; empty where it is removed and nothing stands instead."""
    if treatment.form is Form.KEEP or not value:
        return value
    if treatment.form is Form.SURNAME:
        return name(value)
    if treatment.form is Form.DISTRICT:
        return district(value)
    return treatment.mark


def name(person: str) -> str:
    """Surname and 某 for each further character, two at most: 李某, 李某某, 欧阳某; never the name."""
    trimmed = person.strip()
    surname, given = _split(trimmed)
    masked = surname + SOMEBODY * min(max(len(given), 1), 2)
    return ANONYMOUS if not trimmed or trimmed in masked else masked


def names_apart(people: Sequence[str]) -> tuple[str, ...]:
    """Masked names of different people in one document: those that would coincide get 甲, 乙, …

    Equal names are taken for one person.
    """
    alike: dict[str, list[str]] = {}
    for person in people:
        group = alike.setdefault(name(person), [])
        if person not in group:
            group.append(person)
    return tuple(_apart(person, alike[name(person)]) for person in people)


def district(address: str) -> str:
    """``address`` down to its district or county; empty if none can be made out, or if that is all of it."""
    match = _DISTRICT.match(address.strip())
    return match[0] if match and match[0] != address.strip() else ""


def partly(kind: PartialKind, value: str) -> str:
    """``value`` for a screen, its middle starred: 138****0000. What is too short is starred whole."""
    front, back = _SHOWN[kind]
    tail = value[value.rfind("@") :] if kind is PartialKind.EMAIL and "@" in value else value[len(value) - back :]
    hidden = len(value) - front - len(tail)
    if hidden < 1 or hidden < len(value) // 4:
        return HIDDEN * max(len(value), 1)
    masked = value[:front] + HIDDEN * hidden + tail
    return HIDDEN * len(value) if masked == value else masked


def _split(person: str) -> tuple[str, str]:
    length = 2 if person[:2] in COMPOUND_SURNAMES and len(person) > 2 else 1
    return (person[:length], person[length:]) if len(person) > 1 else ("", person)


def _apart(person: str, group: list[str]) -> str:
    if len(group) == 1:
        return name(person)
    place = group.index(person)
    surname, _ = _split(person.strip())
    return f"{surname}{SOMEBODY}{STEMS[place] if place < len(STEMS) else place + 1}"
