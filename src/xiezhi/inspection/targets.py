"""Who may be drawn: targets taken from the registry, and how they are parted into strata."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from xiezhi.core.actor import Actor
from xiezhi.registry import queries as registry

from .codes import Strata

SMALLEST_STRATUM = 5
WHOLE = "全部"
MERGED = "其他"
UNGRADED = "未分级"


@dataclass(frozen=True, slots=True)
class Target:
    """One who may be inspected. ``target``: id in the registry; ``district``: its name or code, or empty."""

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


@dataclass(frozen=True, slots=True)
class Selection:
    """How targets are chosen among the registry's entities; empty: no narrowing. All of them must hold.

    agency      path of the agency whose entities they are
    county      name of the entity's county or district
    words       each must be in the entity's name
    import_batch    only what that import stated
    """

    agency: str
    county: str = ""
    words: tuple[str, ...] = ()
    import_batch: uuid.UUID | None = None

    def as_shown(self) -> dict[str, object]:
        """As the roster keeps it."""
        batch = str(self.import_batch) if self.import_batch else None
        return {"agency": self.agency, "county": self.county, "words": list(self.words), "import": batch}


def find(actor: Actor, code: str) -> Target | None:
    """The entity with this code, or the project with this number, that the actor may see."""
    entity = registry.find_by_code(actor, code)
    if entity is not None:
        return Target(entity.code, entity.name, entity.id, entity.county)
    project = registry.projects_visible_to(actor).filter(number=code).first()
    return Target(project.number, project.name, project.id) if project else None


def from_registry(actor: Actor, chosen: Selection, grades: Mapping[str, str] | None = None) -> Iterator[Target]:
    """Active entities visible to the actor that match ``chosen``; ``grades`` maps a code to its class."""
    rows = registry.entities_visible_to(actor).filter(agency__startswith=chosen.agency, merged_into=None)
    if chosen.county:
        rows = rows.filter(county=chosen.county)
    for word in chosen.words:
        rows = rows.filter(name__icontains=word)
    if chosen.import_batch:
        rows = rows.filter(sources__batch=chosen.import_batch).distinct()
    for row in rows.order_by("code").iterator(chunk_size=2000):
        yield Target(row.code, row.name, row.id, row.county, (grades or {}).get(row.code, ""))
