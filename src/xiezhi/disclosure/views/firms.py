"""A firm's own page, reached by its code without the code in any address; objections; their answers.

The address of a firm's page is that of one of its publications: no code in an address, and so in no log.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.disclosure import forms, queries, services, terms
from xiezhi.disclosure.codes import ObjectionState
from xiezhi.disclosure.models import Objection, Publication
from xiezhi.inspection.codes import Outcome
from xiezhi.web import problems
from xiezhi.web.client_address import client_address
from xiezhi.web.lists import keyset
from xiezhi.web.rates import COUNTER, hashed_address

from . import public_filters

PAGE = 30
OBJECTIONS_A_MINUTE = 3
LOOKED_UP_A_MINUTE = 10
LIST = (_("公示"), "published-list")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Find what is published about a firm by its code, which is sent in the body."""
    form = _bound(forms.FirmForm, request)
    if request.method == "POST":
        if wait := _wait(request, "firm", LOOKED_UP_A_MINUTE):
            return _too_many(request, wait)
        if form.is_valid():
            found = queries.of_code(form.cleaned_data["code"])
            if found is not None:
                return HttpResponseRedirect(reverse("published-firm", args=[found.pk]))
            form.add_error("code", now("没有以此代码公示的内容。请核对代码；以自然人名义接受的检查不按代码公示。"))
    return _form(request, form, _("单位查询"), "disclosure/firm_search.html")


@require_safe
def firm(request: HttpRequest, publication: uuid.UUID) -> HttpResponse:
    """All that is public of the target that a publication names."""
    row = queries.public_one(publication)
    rows = queries.same_target(row)
    page, _lost = keyset.page_or_first(rows, queries.NEWEST, PAGE, request.GET.dict(), queries.FILLED)
    if not page.rows:
        raise NotFound(f"publication {publication}")
    bodies = queries.names_of_agencies({one.agency for one in page.rows})
    lines = [
        (one, bodies.get(one.agency, ""), Outcome(one.outcome).label if one.outcome else "") for one in page.rows
    ]
    context = {
        "title": row.title,
        "breadcrumbs": [(LIST[0], reverse(LIST[1]))],
        "row": row,
        "lines": lines,
        "before": public_filters.query({}, before=page.before) if page.before else "",
        "after": public_filters.query({}, after=page.after) if page.after else "",
    }
    return render(request, "disclosure/firm.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, publication: uuid.UUID) -> HttpResponse:
    """Raise an objection; the number is shown once, on the answer to the form itself."""
    row = queries.public_one(publication)
    if not row.shown:
        raise NotFound(f"publication {publication}")
    form = _bound(forms.ObjectionForm, request)
    if request.method == "POST":
        if wait := _wait(request, "objection", OBJECTIONS_A_MINUTE):
            return _too_many(request, wait)
        if form.is_valid():
            try:
                made = services.object_to(PUBLIC, row.pk, **form.cleaned_data)
            except Invalid as error:
                for name, told in error.fields.items():
                    form.add_error(name, told)
            else:
                return _received(request, row, made)
    return _form(request, form, _("提出异议"), "disclosure/object.html", row=row)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """What became of an objection, by its number."""
    form = _bound(forms.NumberForm, request)
    found: Objection | None = None
    if request.method == "POST":
        if wait := _wait(request, "objection-number", LOOKED_UP_A_MINUTE):
            return _too_many(request, wait)
        if form.is_valid():
            found = queries.objection_by_number(form.cleaned_data["number"])
            if found is None:
                form.add_error("number", now("没有这个受理编号，请核对后重新填写。"))
    facts: list[tuple[Any, Any]] = []
    if found is not None:
        facts = [
            (_("受理编号"), found.number),
            (_("收到时间"), found.received_at),
            (_("处理情况"), ObjectionState(found.state).label),
            (_("答复时间"), found.answered_at),
            (_("答复内容"), queries.answer_of(found)),
        ]
    return _form(
        request,
        form,
        _("异议办理查询"),
        "disclosure/objection_number.html",
        facts=[one for one in facts if one[1]],
    )


def _received(request: HttpRequest, row: Publication, made: Objection) -> HttpResponse:
    context = {
        "title": now("异议已收到"),
        "breadcrumbs": [(LIST[0], reverse(LIST[1]))],
        "row": row,
        "made": made,
        "doubtful": terms.doubtful(made),
    }
    return render(request, "disclosure/received.html", context)


def _form(request: HttpRequest, form: forms.Form, title: Any, template: str, **more: Any) -> HttpResponse:
    context = {"title": title, "form": form, "breadcrumbs": [(LIST[0], reverse(LIST[1]))], **more}
    return render(request, template, context, status=422 if form.errors else 200)


def _bound(form: type[forms.Form], request: HttpRequest) -> forms.Form:
    """The form as it was sent, also where nothing was filled in; empty where it is only looked at."""
    return form(request.POST) if request.method == "POST" else form()


def _wait(request: HttpRequest, name: str, limit: int) -> int:
    """Seconds until this address may send another; 0: now."""
    return COUNTER.wait(f"{name}:{hashed_address(client_address(request))}", limit)


def _too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    remedy = now("请在 %(seconds)d 秒后再试。") % {"seconds": seconds}
    response = problems.respond(request, problems.of_kind("too-many", remedy=remedy))
    response["Retry-After"] = str(seconds)
    return response
