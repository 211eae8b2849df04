"""Rows of projects: facts, participants by code, sites with coordinates."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from xiezhi.core.actor import Actor
from xiezhi.record.acts import emit
from xiezhi.registry.importing import kinds
from xiezhi.registry.importing.fields import Value
from xiezhi.registry.importing.project_fields import ROLES, STATES, added
from xiezhi.registry.models import ImportBatch, Participant, Project, Site
from xiezhi.registry.place import to_wgs84
from xiezhi.registry.project_life import NEXT
from xiezhi.registry.searching import PROJECT, let_find
from xiezhi.search import fulltext

from .rowwise import Diff, Handling, Refused, Values, entities_of, projects_of

_PLAIN = ("name", "kind", "address", "area", "cost")


class Projects(Handling):
    """Known by their number within a district."""

    kind = kinds.PROJECT
    model = Project
    subject = "project"

    def find(self, batch: ImportBatch, rows: Iterable[Values]) -> dict[str, Any]:
        return dict(projects_of(batch, [str(values["number"]) for values in rows]))

    def current(self, found: Project) -> dict[str, Value | None]:
        stored: dict[str, Value | None] = {name: getattr(found, name) or None for name in _PLAIN}
        roles: dict[str, list[str]] = {}
        for role, code in found.participants.filter(ends=None).values_list("role", "entity__code"):
            roles.setdefault(role, []).append(code)
        sites = "\n".join(_site(site) for site in found.sites.order_by("id"))
        named = {role: " ".join(sorted(set(codes))) for role, codes in roles.items()}
        return {**stored, "state": found.state, **named, "site": sites or None}

    def faults(self, actor: Actor, batch: ImportBatch, values: Values, found: Any) -> list[Refused]:
        codes = {role: str(values[role]).split() for role in ROLES if role in values}
        known = entities_of(actor, [code for given in codes.values() for code in given])
        unknown = [code for given in codes.values() for code in given if code not in known]
        faults: list[Refused] = [("", "unknown-entity", {"text": code}) for code in unknown]
        state = str(values.get("state", ""))
        if found is not None and state and state != found.state and state not in NEXT[found.state]:
            faults.append(("", "state-step", {"now": STATES[found.state], "then": STATES[state]}))
        return faults

    def create(self, batch: ImportBatch, pk: uuid.UUID, values: Values, at: datetime) -> None:
        columns = {name: values[name] for name in ("number", *_PLAIN, "state") if name in values}
        scope = {"agency": batch.agency, "district": batch.district, "created_at": at, "updated_at": at}
        project = Project.objects.create(id=pk, **scope, **columns)
        self._add(batch, project, {column: [None, value] for column, value in values.items()}, at)
        let_find(project)

    def change(self, batch: ImportBatch, found: Project, diff: Diff, at: datetime) -> None:
        self._set(found, {name: diff[name][1] for name in _PLAIN if name in diff}, at)
        self._add(batch, found, diff, at)
        if "state" in diff:
            _move(found, diff["state"][1], batch)

    def restore(self, batch: ImportBatch, found: Project, diff: Diff, at: datetime) -> None:
        before = {name: diff[name][0] for name in _PLAIN if name in diff}
        self._set(
            found,
            {name: "" if value is None and name == "address" else value for name, value in before.items()},
            at,
        )
        for role in ROLES:
            codes = added(*diff[role]) if role in diff else []
            gone = [entity.pk for entity in entities_of(None, codes).values()]
            found.participants.filter(batch=batch, role=role, entity__in=gone, ends=None).delete()
        if "site" in diff:
            _place(found, diff["site"][1], diff["site"][0], at)
        if "state" in diff:
            _move(found, diff["state"][0], batch)

    def erase(self, found: Project) -> None:
        fulltext.remove(PROJECT, found.pk.hex)
        found.delete()

    def used(self, batch: ImportBatch, found: Project, values: Values) -> str:
        if found.participants.exclude(batch=batch, ends=None).exists():
            return str(Participant._meta.verbose_name)
        if found.sites.count() > ("site" in values) or found.sites.exclude(rev=1).exists():
            return str(Site._meta.verbose_name)
        for relation in Project._meta.related_objects:
            kept = relation.related_model not in (Participant, Site) and relation.name != "sources"
            rows = relation.related_model._base_manager.filter(**{relation.field.name: found.pk})
            if kept and rows.exists():
                return str(relation.related_model._meta.verbose_name)
        return ""

    def _set(self, project: Project, columns: dict[str, Any], at: datetime) -> None:
        for name, value in columns.items():
            setattr(project, name, value)
        project.rev, project.updated_at = project.rev + 1, at
        project.save(update_fields=[*columns, "rev", "updated_at"])
        let_find(project)

    def _add(self, batch: ImportBatch, project: Project, diff: Diff, at: datetime) -> None:
        for role in ROLES:
            codes = added(*diff[role]) if role in diff else []
            for entity in {entity.pk: entity for entity in entities_of(None, codes).values()}.values():
                Participant.objects.get_or_create(
                    {"batch": batch}, project=project, entity=entity, role=role, section="", ends=None
                )
        if "site" in diff:
            _place(project, diff["site"][0], diff["site"][1], at)


def _site(site: Site) -> str:
    return f"{site.name}|{site.given_latitude}|{site.given_longitude}|{site.datum}"


def _place(project: Project, before: Any, after: Any, at: datetime) -> None:
    """From the site as it was (None: there was none) to the site as it shall be; one corrected since stays."""
    site = next((site for site in project.sites.order_by("id") if _site(site) == before), None)
    if after is None:
        if site is not None:
            site.delete()
        return
    name, latitude, longitude, datum = str(after).rsplit("|", 3)
    north, east = (round(Decimal(value), 6) for value in to_wgs84(float(latitude), float(longitude), datum))
    columns = {
        "latitude": north, "longitude": east, "datum": datum, "given_latitude": Decimal(latitude),
        "given_longitude": Decimal(longitude),
    }  # fmt: skip
    if before is None:
        scope = {"agency": project.agency, "district": project.district, "created_at": at}
        Site.objects.create(project=project, name=name, **scope, **columns)
    elif site is not None:
        project.sites.filter(pk=site.pk).update(**columns)


def _move(project: Project, state: str, batch: ImportBatch) -> None:
    name = f"project:{project.pk}"
    reason = gettext("名录导入：%(source)s") % {"source": batch.source}
    emit(
        "registry.project_moved",
        stream=name,
        subject=name,
        data={"id": str(project.pk), "state": state, "reason": reason},
        agency=project.agency,
        district=project.district,
    )
