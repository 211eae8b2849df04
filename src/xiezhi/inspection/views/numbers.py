"""The page of numbers (检查数字): figures with definitions and lists, charts with tables, a sketch of sites."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.errors import Denied
from xiezhi.inspection import charts, numbers, sketch
from xiezhi.inspection.models import READ
from xiezhi.inspection.numbers import Scope, Section
from xiezhi.people import queries as people
from xiezhi.people.models import Agency
from xiezhi.web.lists.export import MEDIA_TYPES, guarded
from xiezhi.web.pages import ConsoleView

BACK = 5  # years to choose from


class Numbers(ConsoleView):
    """One agency with those below it, one year."""

    ability = READ
    title = gettext_lazy("检查数字")
    template_name = "inspection/numbers.html"

    @cached_property
    def agencies(self) -> list[Agency]:
        """Agencies and divisions whose inspections the actor may read."""
        return [row for row in people.agencies(self.actor) if self.actor.may(READ, row.path)]

    def scope(self) -> Scope:
        """:class:`Denied` for an agency that is not his to read."""
        asked = self.request.GET.get("agency", "")
        paths = [row.path for row in self.agencies]
        if asked and asked not in paths:
            raise Denied(READ, asked)
        text, today = self.request.GET.get("year", ""), clock.today()
        year = int(text) if text in {str(one) for one in self.years()} else today.year
        return Scope(asked or self._own(paths, year, today), year, today)

    def _own(self, paths: Sequence[str], year: int, today: date) -> str:
        """His own office, or where it has no task that year the nearest body above it that he may read and has one."""
        own = self.actor.agency if self.actor.agency in paths else (paths or [self.actor.agency])[0]
        up = sorted((path for path in paths if own.startswith(path)), key=len, reverse=True)
        return next((path for path in up if numbers.tasks_of(self.actor, Scope(path, year, today)).exists()), own)

    def years(self) -> list[int]:
        this = clock.today().year
        return list(range(this + 1, this - BACK, -1))

    def get(self, request: HttpRequest) -> HttpResponseBase:
        scope = self.scope()
        found = numbers.sections(self.actor, scope)
        return self.page(
            scope=scope,
            years=self.years(),
            agencies=self.agencies,
            shown=next((row.name for row in self.agencies if row.path == scope.agency), ""),
            sections=[(one, chart(one), table(one)) for one in found],
            places=self.places(scope),
            here=f"?{urlencode({'agency': scope.agency, 'year': scope.year})}",
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """The same as CSV: every figure and every line of a table with its definition."""
        scope = self.scope()
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([_("部分"), _("指标"), _("数值"), _("说明")])
        for section in numbers.sections(self.actor, scope):
            for figure in section.figures:
                writer.writerow(
                    [guarded(str(cell)) for cell in (section.title, figure.title, figure.value, figure.means)]
                )
            for label, *values in table(section)[1:]:
                for name, value in zip(section.series, values, strict=True):
                    writer.writerow(
                        [guarded(str(cell)) for cell in (section.title, f"{label}：{name}", value, section.means)]
                    )
        answer = HttpResponse("\ufeff" + text.getvalue(), content_type=MEDIA_TYPES["csv"])
        name = f"xiezhi_numbers_{scope.year}_{scope.today:%Y%m%d}.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer

    def places(self, scope: Scope) -> Mapping[str, Any]:
        """The sketch of sites with its table by district; empty where the registry holds no position."""
        found = sketch.sites(self.actor, scope.agency)
        if not found:
            return {}
        areas = sketch.boxes(self.actor, found)
        title = _("工地分布示意图")
        desc = _("共 %(number)s 个登记了位置的工地。虚线框是各区域工地所在的范围，不是行政区划界线。") % {
            "number": len(found)
        }
        svg = charts.points(
            "sites", title, desc, [place for _district, place in found], [(n, b) for n, b, _c in areas]
        )
        return {
            "svg": svg,
            "rows": [(name, count) for name, _box, count in areas],
            "url": reverse("registry:projects"),
        }


def chart(section: Section) -> SafeString | str:
    """The section's chart; empty where all is nought."""
    if not any(any(values) for values in section.series.values()):
        return ""
    return charts.bars(
        section.key, str(section.title), str(section.means or section.title), section.labels, section.series
    )


def table(section: Section) -> list[Sequence[Any]]:
    """The chart's table: its head, then a line a label."""
    if not section.labels:
        return []
    columns = zip(section.labels, *section.series.values(), strict=True)
    return [(section.head, *section.series), *columns]
