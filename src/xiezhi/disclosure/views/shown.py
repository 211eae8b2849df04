"""What the pages of a publication show: console and public alike."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as now

from xiezhi.core.masking import RULES, Weight
from xiezhi.disclosure import scanning
from xiezhi.disclosure.models import PublicationVersion


def fields(version: PublicationVersion | None, places: Iterable[scanning.Place] = ()) -> list[tuple[str, Any]]:
    """(label, value) of a version; where ``places`` are given, what the scan found is marked."""
    if version is None:
        return []
    found = {(place.label, place.text): place for place in places}
    rows = []
    for field in version.fields:
        values = [field["value"]] if isinstance(field["value"], str) else field["value"]
        shown = [_marked(value, found.get((field["label"], value))) for value in values]
        if len(shown) == 1:
            rows.append((field["label"], shown[0]))
        else:
            rows.append((field["label"], _listed(shown)))
    return rows


def findings(places: Sequence[scanning.Place]) -> list[dict[str, Any]]:
    """Rows of the scan's table."""
    return [
        {
            "label": place.label,
            "place": now("第 %(start)s 至 %(end)s 字") % {"start": one.start + 1, "end": one.end},
            "bar": one.rule.weight is Weight.BAR,
            "says": now(RULES[one.code].says),
            "article": one.rule.article,
            "remedy": now(RULES[one.code].remedy),
        }
        for place in places
        for one in place.found
    ]


def _listed(values: Sequence[Any]) -> Any:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((value,) for value in values)))


def _marked(value: str, place: scanning.Place | None) -> Any:
    if place is None:
        return value
    pieces = [
        format_html("<mark>{}</mark>", text) if code else format_html("{}", text) for text, code in place.parts()
    ]
    return format_html_join("", "{}", ((piece,) for piece in pieces))
