"""Filters of what is public: kind, body, year, outcome; the same for the list, the feed and the open data."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiezhi.disclosure import queries
from xiezhi.disclosure.codes import Kind
from xiezhi.inspection.codes import Outcome
from xiezhi.web.lists.filters import Control, clean

NAMES = ("kind", "agency", "year", "outcome")


def read(params: Mapping[str, str]) -> dict[str, str]:
    """Those of the parameters that narrow, each in a form that the database takes; others are dropped."""
    found = {name: clean(params.get(name, "")) for name in NAMES}
    if found["kind"] not in Kind.values:
        found["kind"] = ""
    if found["outcome"] not in Outcome.values:
        found["outcome"] = ""
    if not (found["year"].isascii() and found["year"].isdigit() and len(found["year"]) == len("2026")):
        found["year"] = ""
    return {name: value for name, value in found.items() if value}


def apply(rows: QuerySet[Any], chosen: Mapping[str, str]) -> QuerySet[Any]:
    """The rows after :func:`read`."""
    return rows.filter(**chosen)


def controls(params: Mapping[str, str]) -> list[Control]:
    """Fields of the filter bar."""
    everything = ("", _("全部"))
    bodies = [everything, *queries.agencies()]
    return [
        Control("kind", _("种类"), "select", params.get("kind", ""), [everything, *Kind.choices]),
        Control("agency", _("公示机关"), "select", params.get("agency", ""), bodies),
        Control("outcome", _("抽查结果"), "select", params.get("outcome", ""), [everything, *Outcome.choices]),
        Control("year", _("年度"), "text", params.get("year", "")),
    ]


def query(chosen: Mapping[str, str], **more: str) -> str:
    """Back into an address's query."""
    told = {**chosen, **{name: value for name, value in more.items() if value}}
    return f"?{urlencode(told)}" if told else ""
