"""Who may be drawn: targets taken from the registry, and how they are parted into strata."""

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.registry import queries as registry
from xiezhi.registry.models import Project

from .codes import Strata, TargetKind

SMALLEST_STRATUM = 5
WHOLE = "全部"
MERGED = "其他"
UNGRADED = "未分级"
INSPECTED = (Project.State.RUNNING.value, Project.State.SUSPENDED.value)


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
    """How targets are chosen in the registry; empty: no narrowing. All of them must hold.

    agency      path of the agency whose entities or projects they are
    county      name of the entity's county or district
    words       each must be in the name
    import_batch    only what that import stated
    kind        ``codes.TargetKind``: entities, projects, or projects with a recorded site (a site's carrier is its
                project: it bears the number that visits count for)
    states, kinds, district    of the project; no states: those that are built or suspended
    without     codes that are left out though they fit, and ``why``
    """

    agency: str
    county: str = ""
    words: tuple[str, ...] = ()
    import_batch: uuid.UUID | None = None
    kind: str = TargetKind.ENTITY
    states: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    district: str = ""
    without: tuple[str, ...] = ()
    why: str = ""

    def as_shown(self) -> dict[str, object]:
        """As the roster keeps it."""
        batch = str(self.import_batch) if self.import_batch else None
        shown: dict[str, object] = {"agency": self.agency, "words": list(self.words), "import": batch}
        if self.kind == TargetKind.ENTITY:
            shown["county"] = self.county
        else:
            states, kinds = list(self.states or INSPECTED), list(self.kinds)
            shown |= {"targets": str(self.kind), "states": states, "kinds": kinds, "district": self.district}
        if self.without:
            shown |= {"left_out": list(self.without), "why": self.why}
        return shown

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Selection | None":
        """What a roster kept, to choose so again; None where it was not chosen in the registry.

        Who was left out by hand is not left out again: that is decided each time, with its reason.
        """
        kind = str(kept.get("targets", TargetKind.ENTITY))
        if not {"agency", "words", "import"} <= set(kept) or kind not in TargetKind.values:
            return None
        return cls(
            agency=str(kept["agency"]),
            county=str(kept.get("county", "")),
            words=tuple(kept["words"]),
            import_batch=uuid.UUID(kept["import"]) if kept["import"] else None,
            kind=kind,
            states=tuple(kept.get("states", ())),
            kinds=tuple(kept.get("kinds", ())),
            district=str(kept.get("district", "")),
        )


def find(actor: Actor, code: str) -> Target | None:
    """The entity with this code, or the project with this number, that the actor may see."""
    entity = registry.find_by_code(actor, code)
    if entity is not None:
        return Target(entity.code, entity.name, entity.id, entity.county)
    project = registry.projects_visible_to(actor).filter(number=code).first()
    return Target(project.number, project.name, project.id) if project else None


def from_registry(actor: Actor, chosen: Selection, grades: Mapping[str, str] | None = None) -> Iterator[Target]:
    """What is visible to the actor and matches ``chosen``; ``grades`` maps a code to its class.

    :raises Invalid: at its end, a code that is to be left out is not among them
    """
    found = _entities if chosen.kind == TargetKind.ENTITY else _projects
    left_out = set(chosen.without)
    for one in found(actor, chosen, grades or {}):
        if one.code in left_out:
            left_out.discard(one.code)
        else:
            yield one
    if left_out:
        # Who was never in it can't be left out: a slip of the pen would go unseen.
        told = {"codes": "、".join(sorted(left_out)[:10])}
        raise Invalid({"without": [_("不在符合条件的对象中：%(codes)s。") % told]})


def _entities(actor: Actor, chosen: Selection, grades: Mapping[str, str]) -> Iterator[Target]:
    rows = registry.entities_visible_to(actor).filter(agency__startswith=chosen.agency, merged_into=None)
    if chosen.county:
        rows = rows.filter(county=chosen.county)
    for row in _narrowed(rows, chosen).order_by("code").iterator(chunk_size=2000):
        yield Target(row.code, row.name, row.id, row.county, grades.get(row.code, ""))


def _projects(actor: Actor, chosen: Selection, grades: Mapping[str, str]) -> Iterator[Target]:
    rows = registry.projects_visible_to(actor).filter(
        agency__startswith=chosen.agency, state__in=chosen.states or INSPECTED
    )
    if chosen.kinds:
        rows = rows.filter(kind__in=chosen.kinds)
    if chosen.district:
        rows = rows.filter(district=chosen.district)
    if chosen.kind == TargetKind.SITE:
        rows = rows.filter(Exists(registry.sites_visible_to(actor).filter(project=OuterRef("pk"))))
    for row in _narrowed(rows, chosen).order_by("number", "district").iterator(chunk_size=2000):
        yield Target(row.number, row.name, row.id, row.district, grades.get(row.number, ""))


def _narrowed(rows: "QuerySet[Any]", chosen: Selection) -> "QuerySet[Any]":
    for word in chosen.words:
        rows = rows.filter(name__icontains=word)
    if chosen.import_batch:
        rows = rows.filter(sources__batch=chosen.import_batch).distinct()
    return rows
