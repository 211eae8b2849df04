"""Lists, details and downloads of draws; no scripts are needed but for verification in the browser."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import NotFound
from xiezhi.inspection import fairness, life, queries
from xiezhi.inspection.codes import Reason, Standing
from xiezhi.inspection.models import Draw
from xiezhi.inspection.searching import DRAW, OPENED
from xiezhi.inspection.views.lists import state_tag
from xiezhi.inspection.views.shown import STANDING_KINDS, facts, plan, with_state
from xiezhi.portal import navigation
from xiezhi.portal.views import PortalPage
from xiezhi.search import fulltext
from xiezhi.web.components import tag
from xiezhi.web.lists import keyset
from xiezhi.web.lists.filters import clean

PAGE = 30
SHOWN = 500

navigation.register(_("随机抽取"), "portal:draws", order=10)


class DrawList(PortalPage):
    """Draws from the commitment on, newest first, searchable by number, name, item and opened names."""

    title = _("随机抽取公示")
    template_name = "portal/draws/list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = clean(self.request.GET.get("q", ""))
        found = self._searched(query) if query else self._listed()
        return super().get_context_data(query=query, **found, **kwargs)

    def _listed(self) -> dict[str, Any]:
        params = self.request.GET
        page, _lost = keyset.page_or_first(queries.public_draws(), ("-committed_at",), PAGE, params)
        rows = [(draw, state_tag(draw), "") for draw in page.rows]
        return {
            "rows": rows,
            "before": f"?{urlencode({'before': page.before})}" if page.before else "",
            "after": f"?{urlencode({'after': page.after})}" if page.after else "",
        }

    def _searched(self, query: str) -> dict[str, Any]:
        text = self.request.GET.get("before", "")
        cursor = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
        hits = fulltext.find(query, kinds={DRAW: "", OPENED: ""}, actor=PUBLIC, before=cursor, limit=PAGE + 1)
        ids = {hit.ref.partition(":")[0] for hit in hits[:PAGE]}
        draws = {str(draw.pk): draw for draw in queries.public_draws().filter(pk__in=ids)}
        rows = []
        for hit in hits[:PAGE]:
            draw = draws.get(hit.ref.partition(":")[0])
            if draw is not None:
                rows.append((draw, state_tag(draw), hit.title if hit.kind == OPENED else ""))
        after = urlencode({"q": query, "before": hits[PAGE - 1].cursor}) if len(hits) > PAGE else ""
        return {"rows": rows, "before": "", "after": f"?{after}" if after else ""}


class DrawDetail(PortalPage):
    """One draw: commitment, source, result by opaque id, opened names, bundles, verification."""

    template_name = "portal/draws/detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        draw = queries.public_draws().filter(pk=self.kwargs["draw"]).first()
        if draw is None:
            raise NotFound(f"draw {self.kwargs['draw']}")
        self.title = f"{draw.draw_id} {draw.title}"
        rows = queries.public_targets(draw).order_by("stratum", "stream_label", "first_standing", "place")
        shown = super().get_context_data(
            breadcrumbs=[(_("随机抽取公示"), reverse("portal:draws"))],
            facts=_facts(draw),
            steps=life.steps(draw, clock.now()),
            plan=plan(draw),
            sources=_sources(draw),
            targets=[_target(row) for row in rows[:SHOWN]],
            more_targets=rows.count() > SHOWN,
            fairness=fairness.figures(draw),
            bundles=list(draw.bundles.all()),
            latest=queries.latest_bundle(draw),
            **kwargs,
        )
        return {**shown, "draw": draw}


verify = PortalPage.as_view(template_name="portal/draws/verify.html", title=_("校验抽取数据包"))


@require_safe
def bundle(request: HttpRequest, bundle: uuid.UUID) -> HttpResponse:
    """A published bundle.zip, also one that a later replaced."""
    found = queries.bundle(bundle)
    if found is None:
        raise NotFound(f"bundle {bundle}")
    response = FileResponse(
        store.open(found.sha256), as_attachment=True, filename="bundle.zip", content_type="application/zip"
    )
    response["ETag"] = f'"{found.sha256}"'
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response  # type: ignore[return-value]


def _facts(draw: Draw) -> list[tuple[Any, Any]]:
    kept = [row for row in facts(draw) if row[1]]
    return [*kept[:1], (_("承诺时间"), draw.committed_at), *kept[1:]]


def _sources(draw: Draw) -> list[tuple[Any, Any]]:
    values = {value.label: value for value in draw.values.all()}
    return [(source, with_state(draw, source, values[source["label"]])) for source in draw.sources]


def _target(row: Any) -> Any:
    row.tag = tag(STANDING_KINDS.get(Standing(row.standing), "plain"), Standing(row.standing).label)
    row.reason_text = Reason(row.reason).label if row.reason else ""
    return row
