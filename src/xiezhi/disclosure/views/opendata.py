"""Open data: all that is public as JSON (paged) and CSV (a kind and a year at a time), with a JSON Schema."""

import tempfile
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from xiezhi import clock
from xiezhi.disclosure import content, queries
from xiezhi.disclosure.codes import Kind
from xiezhi.disclosure.kinds import KINDS
from xiezhi.disclosure.models import Publication
from xiezhi.web.lists import keyset
from xiezhi.web.lists.columns import Column
from xiezhi.web.lists.export import export_rows

from . import public_filters

PAGE = 500
# 34,000 rows at once took a web process fifteen seconds.
CSV_PAGE = 2000
IN_MEMORY = 1024 * 1024
FORMAT = "xiezhi-opendata/1"


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What there is, how to fetch it, what each field means."""
    tables = [
        (kind.label, [(shown.name, now(shown.label)) for shown in KINDS[kind].fields], _csv_address(kind))
        for kind in Kind
    ]
    return render(
        request,
        "disclosure/opendata.html",
        {"title": now("开放数据"), "tables": tables, "breadcrumbs": [(_("公示"), reverse("published-list"))]},
    )


@require_safe
def schema_json(request: HttpRequest) -> HttpResponse:
    """JSON Schema of ``publications.json``."""
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@require_safe
def publications_json(request: HttpRequest) -> HttpResponse:
    """A page of what is public, newest first; ``next`` leads on. Filters as the list's.

    :raises Invalid: ``after`` is no place of this list
    """
    chosen = public_filters.read(request.GET.dict())
    rows = public_filters.apply(queries.public(), chosen)
    page = keyset.page(rows, queries.NEWEST, PAGE, after=request.GET.get("after", ""), filled=queries.FILLED)
    bodies = queries.names_of_agencies({row.agency for row in page.rows})
    following = public_filters.query(chosen, after=page.after) if page.after else ""
    own = reverse("opendata-json")
    data = {
        "format": FORMAT,
        "schema": _url(reverse("opendata-schema")),
        "items": [_item(row, bodies.get(row.agency, "")) for row in page.rows],
        "next": _url(own) + following if following else None,
    }
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    response["Cache-Control"] = "public, max-age=300"
    return response


@require_safe
def publications_csv(request: HttpRequest) -> HttpResponse:
    """A page of one kind of one year, a column a field; by default the results of this year. No cell starts a formula.

    The header ``Link`` (``rel="next"``) leads on.
    :raises Invalid: ``after`` is no place of this list
    """
    chosen = public_filters.read(request.GET.dict())
    kind = chosen.setdefault("kind", Kind.RESULT)
    chosen.setdefault("year", str(clock.today().year))
    rows = public_filters.apply(queries.public(), chosen)
    page = keyset.page(rows, queries.NEWEST, CSV_PAGE, after=request.GET.get("after", ""), filled=queries.FILLED)
    shown = queries.public().filter(pk__in=[row.pk for row in page.rows]).order_by("-published_at", "-pk")
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    export_rows(shown, _columns(kind), "csv", file)  # type: ignore[arg-type]
    file.seek(0)
    name = f"{kind}-{chosen['year']}.csv"
    response = FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")
    response["Cache-Control"] = "public, max-age=300"
    if page.after:
        following = _url(reverse("opendata-csv")) + public_filters.query(chosen, after=page.after)
        response["Link"] = f'<{following}>; rel="next"'
    return response  # type: ignore[return-value]


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12): the frame, and for each kind the names that its fields may have."""
    text = {"type": "string"}
    value = {"anyOf": [text, {"type": "array", "items": text}]}
    kinds = [
        {
            "if": {"properties": {"kind": {"const": str(kind)}}},
            "then": {
                "properties": {
                    "fields": {
                        "items": {
                            "properties": {"name": {"enum": [shown.name for shown in KINDS[kind].fields]}},
                        }
                    }
                }
            },
        }
        for kind in Kind
    ]
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "kind", "title", "agency", "version", "published_at", "digest", "fields", "url"],
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "kind": {"enum": [str(kind) for kind in Kind]},
            "title": text,
            "agency": text,
            "version": {"type": "integer", "minimum": 1},
            "published_at": {"type": "string", "format": "date-time"},
            "changed_at": {"type": "string", "format": "date-time"},
            "expires_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
            "correction": text,
            "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "url": {"type": "string", "format": "uri"},
            "fields": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["name", "label", "value"],
                    "properties": {"name": text, "label": text, "value": value},
                },
            },
        },
        "allOf": kinds,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": _url(reverse("opendata-schema")),
        "title": content.FORMAT,
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "schema", "items", "next"],
        "properties": {
            "format": {"const": FORMAT},
            "schema": {"type": "string", "format": "uri"},
            "items": {"type": "array", "items": item},
            "next": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]},
        },
    }


def _item(row: Publication, body: str) -> dict[str, Any]:
    version = queries.shown_version(row)
    if version is None:
        raise LookupError(f"{row.pk} is public and has no version")
    return {
        "id": str(row.pk),
        "kind": row.kind,
        "title": row.title,
        "agency": body,
        "version": version.number,
        "published_at": row.published_at.isoformat(),
        "changed_at": row.changed_at.isoformat(),
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "correction": version.reason,
        "digest": version.digest,
        "url": _url(reverse("published", args=[row.pk])),
        "fields": version.fields,
    }


def _columns(kind: str) -> list[Column]:
    own = [
        Column("id", _("标识"), value=lambda row: str(row.pk)),
        Column("version", _("版本"), value=lambda row: row.shown),
        Column("published_at", _("公示时间")),
        Column("changed_at", _("最近变动时间")),
        Column("expires_on", _("公示期满")),
    ]
    return own + [Column(shown.name, now(shown.label), value=_cell(shown.name)) for shown in KINDS[kind].fields]


def _cell(name: str) -> Callable[[Publication], str]:
    def value(row: Publication) -> str:
        version = queries.shown_version(row)
        found = next((f["value"] for f in (version.fields if version else ()) if f["name"] == name), "")
        return found if isinstance(found, str) else "；".join(found)

    return value


def _csv_address(kind: str) -> str:
    return reverse("opendata-csv") + public_filters.query({"kind": kind, "year": str(clock.today().year)})


def _url(path: str) -> str:
    return f"{str(settings.SITE_URL).rstrip('/')}{path}"
