"""Who may be drawn: targets taken from the registry, and how they are parted into strata."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .codes import Strata

SMALLEST_STRATUM = 5
WHOLE = "全部"
MERGED = "其他"
UNGRADED = "未分级"


@dataclass(frozen=True, slots=True)
class Target:
    """One who may be inspected. ``target``: id in the registry; ``district``: six digits or empty."""

    code: str
    name: str
    target: uuid.UUID | None = None
    district: str = ""
    grade: str = ""


def stratum_of(target: Target, strata: str) -> str:
    """The stratum's name as it is announced."""
    table = {
        Strata.ALL: WHOLE,
        Strata.DISTRICT: target.district or MERGED,
        Strata.GRADE: target.grade or UNGRADED,
    }
    return table[Strata(strata)]


def merge_small(strata: Sequence[str], smallest: int = SMALLEST_STRATUM) -> tuple[list[str], list[str]]:
    """Strata with too few objects put together as one; answers the new names and which were merged.

    If what was put together is still too small, the next smallest joins it.
    """
    sizes = Counter(strata)
    small = {name for name, size in sizes.items() if size < smallest}
    rest = sorted((size, name) for name, size in sizes.items() if name not in small)
    if small and sum(sizes[name] for name in small) < smallest and rest:
        small.add(rest[0][1])
    if len(small) < 2:
        return list(strata), []
    return [MERGED if name in small else name for name in strata], sorted(small)
