"""The year's working days with their notices, and loading next year's: file, dry run, confirmation."""

import calendar as months
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms as fields
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.calendar import WorkCalendar
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.lawbase import notices, queries, rights, services
from xiezhi.lawbase.models import LawItem, Origin
from xiezhi.web import forms
from xiezhi.web.pages import ConsoleView, FormPage

from . import names
from .entries import ReasonForm
from .items import address

FIRST_YEAR, LAST_YEAR = notices.YEARS[0], notices.YEARS[-1]
SATURDAY = 5


@dataclass(frozen=True)
class Day:
    """A cell of the year view. ``kind``: work, off, off-notice, work-notice; ``word`` is read aloud."""

    day: date
    kind: str
    word: str


class Year(ConsoleView):
    """Twelve months; what a notice arranges is marked, what is only estimated says so."""

    ability = queries.READ
    title = gettext_lazy("工作日历")
    template_name = "console/lawbase/year.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        this = clock.today().year
        text = request.GET.get("year", "")
        year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else this
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        calendar = queries.calendar()
        manage = rights.may(self.actor, rights.MANAGE, "")
        return self.page(
            year=year,
            years=range(FIRST_YEAR, max(this + 2, max(calendar.years, default=this) + 1)),
            months=[(month, _weeks(calendar, year, month)) for month in range(1, 13)],
            estimated=year not in calendar.years,
            version=calendar.version,
            working=sum(calendar.is_working_day(d) for d in _days(year)),
            notices=[
                (item, address(item), names.marks(item), manage and item.origin == Origin.OFFICE)
                for item in queries.notices(self.actor, year)
            ],
            actions=[{"text": _("载入放假通知"), "href": reverse("console:law_calendar_load")}] if manage else [],
        )


def _days(year: int) -> list[date]:
    return [date(year, m, d) for m in range(1, 13) for d in range(1, months.monthrange(year, m)[1] + 1)]


def _weeks(calendar: WorkCalendar, year: int, month: int) -> list[list[Day | None]]:
    weeks = months.Calendar().monthdatescalendar(year, month)
    return [[_cell(calendar, day) if day.month == month else None for day in week] for week in weeks]


def _cell(calendar: WorkCalendar, day: date) -> Day:
    worked, weekend = calendar.is_working_day(day), day.weekday() >= SATURDAY
    if worked and weekend:
        return Day(day, "worked", _("班"))
    if not worked and not weekend:
        return Day(day, "off", _("休"))
    return Day(day, "work" if worked else "weekend", "")


class NoticeForm(forms.Form):
    """The file, and what a file may leave out."""

    file = fields.FileField(
        label=gettext_lazy("通知文件"),
        help_text=gettext_lazy(
            "CSV：每行“日期,休或班,名称”，例如 2027-01-01,休,元旦；或 JSON。UTF-8 或 GB18030，不超过 256 KB。"
        ),
    )
    year = fields.IntegerField(label=gettext_lazy("安排的年份"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    number = fields.CharField(label=gettext_lazy("文号"), required=False, max_length=60)
    issued = fields.DateField(label=gettext_lazy("发文日期"), widget=forms.DateInput, required=False)
    title = fields.CharField(label=gettext_lazy("标题"), required=False, max_length=100)


class Load(FormPage):
    """Two steps: the file is read and its effect shown; only then it is loaded."""

    ability = rights.MANAGE
    title = gettext_lazy("载入放假通知")
    template_name = "console/lawbase/load.html"
    form_class = NoticeForm
    submit = gettext_lazy("查看变化")
    done = gettext_lazy("已载入；预估的日期将重新计算。请由法制员核定该通知。")

    def admit(self) -> None:
        rights.demand(self.actor, self.ability, "")

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("工作日历"), reverse("console:law_calendar"))]

    def initial(self) -> Mapping[str, Any]:
        return {"year": max(queries.calendar().years, default=clock.today().year) + 1}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "row" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            row = json.loads(request.POST["row"])
            if not isinstance(row, dict):
                raise ValueError
            return self.finished(services.load_notice(self.actor, {**row, "verified": False}))
        except (ValueError, RecursionError):
            faults = {"": [_("提交的内容已损坏，请重新选择文件。")]}
        except Invalid as error:
            faults = error.fields
        form = NoticeForm(initial=dict(self.initial()))
        return self.page(form=form, faults=[text for texts in faults.values() for text in texts], status=422)

    def act(self, data: Mapping[str, Any]) -> Any:
        upload = data["file"]
        row = notices.parse(
            upload.read(notices.LARGEST + 1),
            year=data["year"],
            number=data["number"],
            issued=data["issued"],
            title=data["title"],
        )
        return row, notices.preview(row, queries.calendar())

    def finished(self, result: Any) -> HttpResponse:
        if isinstance(result, LawItem):
            return super().finished(result)
        row, preview = result
        return self.page(
            template="console/lawbase/preview.html",
            row=json.dumps(row, ensure_ascii=False),
            preview=preview,
            changes=[
                (c.day.isoformat(), _worked(c.worked_before, estimated=c.estimated), _worked(c.worked_after))
                for c in preview.changes
            ],
            content=list(names.lines({k: v for k, v in row.items() if k != "verified"})),
        )

    def done_url(self, result: LawItem) -> str:
        return f"{reverse('console:law_calendar')}?year={result.payload['year']}"


def _worked(worked: bool, *, estimated: bool = False) -> str:
    word = _("上班") if worked else _("休息")
    return _("%(word)s（预估）") % {"word": word} if estimated else word


class Withdraw(FormPage):
    """Withdraw a notice loaded in error."""

    ability = rights.MANAGE
    title = gettext_lazy("撤销放假通知")
    form_class = ReasonForm
    submit = gettext_lazy("撤销")
    done = gettext_lazy("已撤销；有关日期恢复为预估。")

    def admit(self) -> None:
        rights.demand(self.actor, self.ability, "")

    @cached_property
    def notice(self) -> LawItem:
        """The notice; others than the office's own are not found."""
        found = queries.item(self.actor, self.kwargs["item"])
        if found not in queries.notices(self.actor):
            raise NotFound(str(found.pk))
        return found

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("工作日历"), self.done_url(self.notice)), (self.notice.title, address(self.notice))]

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.withdraw_notice(self.actor, self.notice.pk, reason=data["reason"])

    def done_url(self, result: LawItem) -> str:
        return f"{reverse('console:law_calendar')}?year={result.payload['year']}"
