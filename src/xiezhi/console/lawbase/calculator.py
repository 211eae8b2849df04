"""The table of limits, and a calculator that shows how a date comes about."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import forms as fields
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.calendar import Span
from xiezhi.core.law import Deadline, Mark, Rule, Uncountable, dated
from xiezhi.lawbase import queries
from xiezhi.lawbase.models import Kind
from xiezhi.web import forms
from xiezhi.web.components import tag
from xiezhi.web.lists import Column, ListPage, Search
from xiezhi.web.pages import ConsoleView

from . import names
from .items import Standing, address

SPAN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\s*(?:\.\.|至|~|—)\s*([0-9]{4}-[0-9]{2}-[0-9]{2})")
SPANS = 50
TAGS = {Mark.UNVERIFIED: "unverified", Mark.ESTIMATED: "estimated"}
WHY_NOT = {
    "numberless": gettext_lazy("法律对该期限没有规定天数，无法计算日期。"),
    "needs-time": gettext_lazy("该期限按小时计算，请填写起算时刻。"),
    "extension": gettext_lazy("延长次数超过规定。"),
    "out-of-range": gettext_lazy("日期超出可以计算的范围。"),
}


class Deadlines(ListPage):
    """Every limit of time with its basis."""

    ability = queries.READ
    title = gettext_lazy("期限表")
    columns = (
        Column("title", gettext_lazy("期限"), link=address),
        Column("actor", gettext_lazy("办理主体"), value=lambda i: i.payload["actor"]),
        Column("starts", gettext_lazy("起算点"), value=lambda i: i.payload["starts_at"]),
        Column("length", gettext_lazy("长度"), value=lambda i: names.measure(i.payload)),
        Column("basis", gettext_lazy("依据"), value=lambda i: i.payload["legal_basis"]),
        Column("state", gettext_lazy("核对情况"), value=lambda i: i.mark, html=names.marks),
        Column(
            "count",
            gettext_lazy("计算"),
            value=lambda i: _("计算"),
            link=lambda i: f"{reverse('console:law_calculator')}?rule={i.code}",
        ),
    )
    filters = (Search(fields=("code", "title")), Standing("state", gettext_lazy("核对情况")))
    order = ("code",)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor).filter(kind=Kind.DEADLINE, valid_to=None, withdrawn=False)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return [{"text": _("期限计算"), "href": reverse("console:law_calculator")}]


class CalculatorForm(forms.Form):
    """What a date is computed from; sent by GET, so that a result has an address."""

    rule = fields.ChoiceField(label=gettext_lazy("期限"))
    start = fields.DateField(label=gettext_lazy("起算日"), widget=forms.DateInput)
    time = fields.TimeField(
        label=gettext_lazy("起算时刻"),
        widget=fields.TimeInput(attrs={"type": "time"}),
        required=False,
        help_text=gettext_lazy("只有按小时计算的期限需要。"),
    )
    exclude = fields.CharField(
        label=gettext_lazy("不计入的期间"),
        widget=fields.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("每行一段，包含首尾两日，例如 2026-03-01..2026-03-10。"),
    )
    extensions = fields.IntegerField(
        label=gettext_lazy("已批准延长的次数"), min_value=0, max_value=9, initial=0, required=False
    )

    def __init__(self, *args: Any, rules: Mapping[str, Rule], **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [(code, rule.name) for code, rule in rules.items() if rule.is_countable]
        self.fields["rule"].choices = choices  # type: ignore[attr-defined]

    def clean_exclude(self) -> list[Span]:
        spans = []
        for number, line in enumerate(self.cleaned_data["exclude"].splitlines(), start=1):
            if not line.strip():
                continue
            found = SPAN.fullmatch(line.strip())
            try:
                if found is None or len(spans) >= SPANS:
                    raise ValueError
                spans.append(Span(date.fromisoformat(found[1]), date.fromisoformat(found[2])))
            except ValueError:
                raise fields.ValidationError(
                    _("第 %(line)d 行应为“起始日..结束日”，且结束日不早于起始日。") % {"line": number}
                ) from None
        return spans


class Calculator(ConsoleView):
    """Computes a limit and explains it step by step."""

    ability = queries.READ
    title = gettext_lazy("期限计算")
    template_name = "console/lawbase/calculator.html"

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("期限表"), reverse("console:law_deadlines"))]

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        rules = queries.rules(today)
        if "start" not in request.GET:
            initial = {"start": today, "rule": request.GET.get("rule", ""), "extensions": 0}
            return self.page(form=CalculatorForm(rules=rules, initial=initial))
        form = CalculatorForm(request.GET, rules=rules)
        if not form.is_valid():
            return self.page(form=form, status=422)
        try:
            deadline = _count(form.cleaned_data)
        except Uncountable as error:
            form.add_error("time" if error.reason == "needs-time" else None, str(WHY_NOT[error.reason]))
            return self.page(form=form, status=422)
        except LookupError:
            form.add_error("start", _("该期限在起算日尚未施行。"))
            return self.page(form=form, status=422)
        return self.page(form=form, **shown(deadline))


def _count(data: Mapping[str, Any]) -> Deadline:
    start: date = data["start"]
    if data["time"] is not None:
        start = datetime.combine(start, data["time"], clock.SHANGHAI)
    return queries.due(data["rule"], start, exclusions=tuple(data["exclude"]), extensions=data["extensions"] or 0)


def shown(deadline: Deadline) -> dict[str, Any]:
    """A deadline for a template: its date, tags, steps and reservations in words."""
    day = dated(deadline.due, deadline.due_at)
    stricter = dated(deadline.stricter, deadline.stricter_at)
    facts = [(_("最后一日"), day), (_("工作日历版本"), deadline.calendar_version)]
    if deadline.due != deadline.unrolled:
        facts.insert(1, (_("未顺延时"), deadline.unrolled.isoformat()))
    if stricter != day:
        facts.insert(1, (_("较严的日期（工作安排以此为准）"), stricter))
    return {
        "deadline": deadline,
        "day": day,
        "tags": [tag(TAGS[mark]) for mark in sorted(deadline.marks)],
        "facts": facts,
        "steps": [step.text(_) for step in deadline.steps],
        "reservations": [(tag(TAGS[mark]), step.text(_)) for mark, step in deadline.reservations],
    }
