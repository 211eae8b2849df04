"""Acts on sites: where a project is built."""

import uuid
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.record.acts import act, at, emit
from xiezhi.registry.gate import EDIT, TYPED, locked, note_source
from xiezhi.registry.models import Project, Site
from xiezhi.registry.place import to_wgs84

_MILLIONTH = Decimal("0.000001")


@act("registry.site_recorded")
def record_site(
    actor: Actor,
    project_id: uuid.UUID,
    *,
    name: str,
    latitude: Decimal,
    longitude: Decimal,
    datum: str,
    address: str = "",
    source: str = TYPED,
) -> Site:
    """Enter where a project is built. Degrees in ``datum``; kept in WGS-84 beside what was given.

    ``NotFound``, ``Denied``, ``Invalid``.
    """
    project = locked(Project, project_id, actor, EDIT)
    columns = _position(name, latitude, longitude, datum)
    site = Site.objects.create(
        project=project,
        agency=project.agency,
        district=project.district,
        address=address,
        created_at=at(),
        **columns,
    )
    _note(site, source)
    return site


@act("registry.site_corrected")
def correct_site(
    actor: Actor,
    site_id: uuid.UUID,
    *,
    rev: int,
    name: str,
    latitude: Decimal,
    longitude: Decimal,
    datum: str,
    address: str = "",
    source: str = TYPED,
) -> Site:
    """Correct a site's name, address or position. ``NotFound``, ``Denied``, ``Stale``, ``Invalid``."""
    site = locked(Site, site_id, actor, EDIT, rev)
    columns = _position(name, latitude, longitude, datum) | {"address": address}
    if all(getattr(site, column) == value for column, value in columns.items()):
        raise Invalid({"": [_("没有任何改动。")]})
    for column, value in columns.items():
        setattr(site, column, value)
    site.rev += 1
    site.save(update_fields=[*columns, "rev"])
    _note(site, source)
    return site


def _note(site: Site, source: str) -> None:
    given = {"latitude": str(site.given_latitude), "longitude": str(site.given_longitude), "datum": site.datum}
    note_source(source, str(site.id), {"name": site.name, "address": site.address} | given, at(), site=site)
    name = f"project:{site.project_id}"
    emit(
        stream=name,
        subject=name,
        agency=site.agency,
        district=site.district,
        data={
            "id": str(site.id),
            "project": str(site.project_id),
            "latitude": int(site.latitude * 1_000_000),
            "longitude": int(site.longitude * 1_000_000),
            "datum": site.datum,
        },
    )


def _position(name: str, latitude: Decimal, longitude: Decimal, datum: str) -> dict[str, Any]:
    """The columns of a site as given; ``Invalid`` by field."""
    errors = {}
    if datum not in Site.Datum.values:
        errors["datum"] = [_("请选择坐标系：WGS-84、CGCS2000 或 GCJ-02。")]
    if not -90 <= latitude <= 90:
        errors["latitude"] = [_("纬度应在 -90 至 90 之间。")]
    if not -180 <= longitude <= 180:
        errors["longitude"] = [_("经度应在 -180 至 180 之间。")]
    if not name.strip():
        errors["name"] = [_("请填写工地名称。")]
    if errors:
        raise Invalid(errors)
    north, east = (round(Decimal(value), 6) for value in to_wgs84(float(latitude), float(longitude), datum))
    return {
        "name": name.strip(),
        "latitude": north,
        "longitude": east,
        "datum": datum,
        "given_latitude": latitude.quantize(_MILLIONTH),
        "given_longitude": longitude.quantize(_MILLIONTH),
    }
