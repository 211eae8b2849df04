"""The sketch map (示意图) of building sites: points of the registry over boxes that hold each district's points.

The boxes are made from the data, no boundary is drawn after a map: where a district really ends is not said.
"""

from collections.abc import Iterable

from xiezhi.core.actor import Actor
from xiezhi.people import queries as people
from xiezhi.registry import queries as registry

from .charts import Box, Place

AT_MOST = 2_000
EDGE = 0.002  # degrees around the outermost points


def sites(actor: Actor, agency: str) -> list[tuple[str, Place]]:
    """(district, (latitude, longitude) in WGS-84) of sites of the agency that the actor may see, the newest first."""
    rows = registry.sites_visible_to(actor).filter(agency__startswith=agency).order_by("-created_at", "-pk")
    found = rows.values_list("district", "latitude", "longitude")[:AT_MOST]
    return [(district, (float(latitude), float(longitude))) for district, latitude, longitude in found]


def boxes(actor: Actor, given: Iterable[tuple[str, Place]]) -> list[tuple[str, Box, int]]:
    """(name, (south, west, north, east), number of sites) of each district, by its code."""
    grouped: dict[str, list[Place]] = {}
    for district, place in given:
        grouped.setdefault(district, []).append(place)
    names = dict(people.districts(actor).values_list("code", "name"))
    return [(names.get(code, code), _box(places), len(places)) for code, places in sorted(grouped.items())]


def _box(places: list[Place]) -> Box:
    lats, lons = [lat for lat, _lon in places], [lon for _lat, lon in places]
    return min(lats) - EDGE, min(lons) - EDGE, max(lats) + EDGE, max(lons) + EDGE
