"""行政区划代码 (GB/T 2260): two digits a province, four a city, six a county or district.

A table is a snapshot with validity dates where they are known. It names and contains; it never rejects: real
business codes use parts that no table has (321291, the development zone of 泰州).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

# Names of code levels that are no divisions of their own.
_CODE = re.compile(r"[1-9][0-9](?:[0-9]{2}){0,2}")


def short_code(code: str) -> str:
    """``code`` without trailing ``00`` pairs: ``"321200"`` → ``"3212"``; ``ValueError`` if it is no code."""
    if not _CODE.fullmatch(code):
        raise ValueError("a division code has two, four or six digits and does not begin with 0")
    while len(code) > 2 and code.endswith("00"):
        code = code[:-2]
    return code


def contains(outer: str, inner: str) -> bool:
    """Does division ``outer`` contain ``inner`` (or equal it), by their codes alone?"""
    return short_code(inner).startswith(short_code(outer))


@dataclass(frozen=True, slots=True)
class Region:
    """A division. ``valid_from``/``valid_to`` are both inclusive; ``None``: not known, or still valid."""

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def parent(self) -> str | None:
        """Code of the division above; ``None`` for a province."""
        return self.code[:-2] if len(self.code) > 2 else None

    def is_valid(self, on: date) -> bool:
        """Was the code in use on that day, as far as is known?"""
        started = self.valid_from is None or self.valid_from <= on
        return started and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class RegionTable:
    """Divisions by code; one code may have had several names over time."""

    regions: tuple[Region, ...]

    @classmethod
    def of(cls, regions: Iterable[Region]) -> "RegionTable":
        """A table of ``regions`` in order of their codes; ``ValueError`` names a code that is none."""
        rows = tuple(sorted(regions, key=lambda region: (region.code, region.valid_from or date.min)))
        for region in rows:
            if not _CODE.fullmatch(region.code):
                raise ValueError(f"region {region.code!r}: a code has two, four or six digits")
        return cls(rows)

    @cached_property
    def _by_code(self) -> Mapping[str, tuple[Region, ...]]:
        found: dict[str, tuple[Region, ...]] = {}
        for region in self.regions:
            found[region.code] = (*found.get(region.code, ()), region)
        return found

    def find(self, code: str, on: date | None = None) -> Region | None:
        """The division with this code on a day (default: the latest known), if the table has it."""
        rows = self._by_code.get(short_code(code), ())
        fitting = [region for region in rows if on is None or region.is_valid(on)]
        return fitting[-1] if fitting else None

    def children(self, code: str, on: date | None = None) -> tuple[Region, ...]:
        """The divisions directly below, valid on that day."""
        short = short_code(code)
        below = (region for region in self.regions if region.parent == short)
        return tuple(region for region in below if on is None or region.is_valid(on))
