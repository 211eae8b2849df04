"""The item list: one item, adopting national ones, loading a file, fields of supervision without any."""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.errors import NotFound
from xiezhi.inspection import gate, item_files, national, plan_coverage, plan_forms, queries, services
from xiezhi.inspection.codes import Field, Method
from xiezhi.inspection.models import READ, InspectionItem
from xiezhi.people import skills
from xiezhi.web.components import tag
from xiezhi.web.pages import ConsoleView, Crumb, DetailPage

from .setting_up import AgencyPage, crumb


class Item(DetailPage):
    """One version of an item, what is looked at, and its other versions."""

    ability = READ
    template_name = "inspection/item.html"

    def get_object(self) -> InspectionItem:
        found = queries.items().filter(pk=self.kwargs["item"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound(f"item {self.kwargs['item']}")  # type: ignore[attr-defined]
        return found

    def page_title(self) -> str:
        return str(self.object)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("items"),)

    def facts(self, obj: InspectionItem) -> Sequence[tuple[Any, Any]]:
        return (
            (_("版本"), obj.version),
            (_("文本"), tag("unverified") if obj.unverified else _("已核对")),
            (_("监管领域"), obj.get_field_display()),
            (_("来源"), obj.get_origin_display()),
            (_("检查依据"), obj.basis),
            (_("检查主体"), obj.inspectors),
            (_("检查对象"), obj.get_target_kind_display()),
            (_("适用对象"), obj.applies_to),
            (_("检查方式"), "、".join(str(Method(method).label) for method in obj.methods)),
            (_("抽查比例或周期"), obj.share),
            (_("每年最多次数"), obj.per_year),
            (_("执法人员"), _("不少于 %(least)s 人") % {"least": obj.least_officers}),
            (_("须具备的技能"), skills.listed(obj.skills)),
            (_("生效日期"), obj.valid_from),
            (_("失效日期"), obj.valid_to),
        )

    def actions(self, obj: InspectionItem) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(gate.PLAN, obj.agency):
            return ()
        return ({"text": _("发布检查表"), "href": reverse("inspection:new_checklist", args=[obj.pk])},)

    def context(self, **more: Any) -> dict[str, Any]:
        others = (
            queries.items().filter(code=self.object.code, agency=self.object.agency).exclude(pk=self.object.pk)
        )
        return super().context(versions=others, checklist=self.object.checklists.first(), **more)


class Adopt(AgencyPage):
    """Take national items into the agency's list."""

    title = _("采用国家事项")
    form_class = plan_forms.AdoptForm
    submit = _("列入清单")
    done = _("已列入本机构清单；文本未变的事项保持原版本。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("items"),)

    def initial(self) -> Mapping[str, Any]:
        return {"valid_from": clock.today()}

    def form_kwargs(self) -> dict[str, Any]:
        rows = national.items(clock.today()).values()
        return {**super().form_kwargs(), "national": [(row.code, _shown(row)) for row in rows]}

    def act(self, data: Mapping[str, Any]) -> Any:
        given = {name: data[name] for name in ("codes", "valid_from", "inspectors")}
        return services.adopt_items(self.actor, **given, **self.owner(data))

    def done_url(self, result: Any) -> str:
        return reverse("inspection:items")


def _shown(row: national.NationalItem) -> str:
    mark = _("【待核】") if row.unverified else ""
    return f"{row.code} {row.title}（{row.field.label}）{mark}"


class Load(AgencyPage):
    """Load a local list from a file."""

    title = _("导入本地事项清单")
    form_class = plan_forms.LoadForm
    submit = _("导入")
    done = _("清单已导入；文本未变的行保持原版本。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("items"),)

    def act(self, data: Mapping[str, Any]) -> Any:
        with tempfile.NamedTemporaryFile(suffix=Path(data["file"].name).suffix[:8]) as copy:
            for chunk in data["file"].chunks():
                copy.write(chunk)
            copy.flush()
            rows = item_files.read(Path(copy.name))
        return services.load_items(self.actor, rows=rows, **self.owner(data))

    def done_url(self, result: Any) -> str:
        return reverse("inspection:items")


class Fields(ConsoleView):
    """Fields of supervision, how many items each has in force today; and items that no plan of the year has."""

    ability = READ
    title = _("监管领域覆盖")
    template_name = "inspection/fields.html"

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("items"),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        counts = queries.items_by_field(self.actor, clock.today())
        rows = [(field, field.label, counts.get(field.value, 0)) for field in Field]
        today = clock.today()
        return self.page(
            rows=rows,
            without=sum(1 for _field, _label, count in rows if not count),
            year=today.year,
            unplanned=plan_coverage.unplanned(self.actor, today.year, today),
        )
