"""What anyone may read: the list, one publication with its versions and proofs. No scripts are needed."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from xiezhi.core.actor import PUBLIC, system
from xiezhi.core.errors import NotFound
from xiezhi.disclosure import content, queries
from xiezhi.disclosure.codes import Ground, State
from xiezhi.disclosure.models import Publication, PublicationVersion
from xiezhi.disclosure.searching import PUBLISHED
from xiezhi.inspection.codes import Outcome
from xiezhi.record import queries as record
from xiezhi.search import fulltext
from xiezhi.web.lists import keyset
from xiezhi.web.lists.filters import clean

from . import public_filters, shown

PAGE = 30
GONE = 410


@require_safe
def published_list(request: HttpRequest) -> HttpResponse:
    """Publications, newest first, narrowed by filters or searched by words."""
    chosen = public_filters.read(request.GET.dict())
    text = clean(request.GET.get("q", ""))
    found = _searched(request, text, chosen) if text else _listed(request, chosen)
    bodies = queries.names_of_agencies({row.agency for row in found["rows"]})
    lines = [(row, bodies.get(row.agency, ""), _outcome(row)) for row in found.pop("rows")]
    return render(
        request,
        "disclosure/published_list.html",
        {
            "title": now("公示"),
            "query": text,
            "controls": public_filters.controls(request.GET.dict()),
            "narrowed": bool(chosen) or bool(text),
            "feed": reverse("published-feed") + public_filters.query(chosen),
            "lines": lines,
            **found,
        },
    )


def _listed(request: HttpRequest, chosen: dict[str, str]) -> dict[str, Any]:
    rows = public_filters.apply(queries.public(), chosen)
    page, _lost = keyset.page_or_first(rows, queries.NEWEST, PAGE, request.GET.dict(), queries.FILLED)
    return {
        "rows": page.rows,
        "before": public_filters.query(chosen, before=page.before) if page.before else "",
        "after": public_filters.query(chosen, after=page.after) if page.after else "",
    }


def _searched(request: HttpRequest, text: str, chosen: dict[str, str]) -> dict[str, Any]:
    place = request.GET.get("place", "")
    cursor = int(place) if place.isascii() and place.isdigit() and len(place) < 19 else None
    hits = fulltext.find(text, kinds={PUBLISHED: ""}, actor=PUBLIC, before=cursor, limit=PAGE + 1)
    known = {str(row.pk): row for row in queries.public().filter(pk__in=[hit.ref for hit in hits[:PAGE]])}
    rows = [known[hit.ref] for hit in hits[:PAGE] if hit.ref in known]
    rows = [row for row in rows if all(str(getattr(row, name)) == value for name, value in chosen.items())]
    more = str(hits[PAGE - 1].cursor) if len(hits) > PAGE else ""
    after = public_filters.query({"q": text, **chosen}, place=more) if more else ""
    return {"rows": rows, "before": "", "after": after}


@require_safe
def published(request: HttpRequest, publication: uuid.UUID) -> HttpResponse:
    """One publication; of what was taken down only that it was, when and on which ground."""
    row = queries.public_one(publication)
    version = queries.shown_version(row)
    signed = list(row.versions.all())
    context = {
        "title": row.title if version else now("已不再公示的内容"),
        "breadcrumbs": [(_("公示"), reverse("published-list"))],
        "row": row,
        "version": version,
        "fields": shown.fields(version),
        "facts": _facts(row, version),
        "history": _history(row, signed),
        "firm": queries.same_target(row).count() if version else 0,
        "draw": row.subject if row.kind == "draw" else None,
        "proof": version is not None and _sealed(version),
    }
    return render(request, "disclosure/published.html", context, status=200 if version else GONE)


@require_safe
def content_json(request: HttpRequest, publication: uuid.UUID, version: int) -> HttpResponse:
    """What is shown, byte for byte as its signing event binds it by SHA-256."""
    row = queries.public_one(publication)
    found = _version(row, version)
    data = content.of(row, found)
    response = HttpResponse(data, content_type="application/json; charset=utf-8")
    response["ETag"] = f'"{content.digest(data)}"'
    return response


@require_safe
def proof(request: HttpRequest, publication: uuid.UUID, version: int) -> HttpResponse:
    """The signing event with its proof, as ``/log/check_event.py`` checks it. It holds ids and the digest alone."""
    found = _version(queries.public_one(publication), version)
    if not _sealed(found) or found.signed_event is None:
        raise NotFound(f"proof {publication}")
    response = JsonResponse(record.event_proof(system("disclosure"), found.signed_event))
    response["Content-Disposition"] = f'attachment; filename="{publication}-{version}.proof.json"'
    return response


def _version(row: Publication, number: int) -> PublicationVersion:
    """A version of what is public now, also one that was corrected since; none of what was taken down."""
    found = next((one for one in row.versions.all() if one.number == number), None)
    if found is None or not row.shown:
        raise NotFound(f"version {number}")
    return found


def _sealed(version: PublicationVersion) -> bool:
    return version.signed_event is not None and record.sealed_at(version.signed_event) is not None


def _facts(row: Publication, version: PublicationVersion | None) -> list[tuple[Any, Any]]:
    if version is None:
        rows: list[tuple[Any, Any]] = [
            (_("种类"), row.get_kind_display()),
            (_("公示时间"), row.published_at),
            (_("状态"), State(row.state).label),
            (_("来源变化"), row.get_source_change_display()),
            (_("撤下时间"), row.withdrawn_at),
            (_("撤下事由"), Ground(row.withdraw_ground).label if row.withdraw_ground else ""),
            (_("撤下说明"), row.withdraw_text),
        ]
    else:
        rows = [
            (_("种类"), row.get_kind_display()),
            (_("公示时间"), row.published_at),
            (_("公示期满"), row.expires_on),
            (_("版本"), version.number),
            (_("更正说明"), version.reason),
            (_("内容摘要（SHA-256）"), version.digest),
        ]
    return [one for one in rows if one[1]]


def _history(row: Publication, signed: list[PublicationVersion]) -> list[dict[str, Any]]:
    if not row.shown:
        return []
    return [
        {"number": one.number, "at": one.signed_at, "reason": one.reason, "proof": _sealed(one)} for one in signed
    ]


def _outcome(row: Publication) -> str:
    return str(Outcome(row.outcome).label) if row.outcome else ""
