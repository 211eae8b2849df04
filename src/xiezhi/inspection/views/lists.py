"""Lists: draws, rosters, items."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.inspection import gate, plan_coverage, queries
from xiezhi.inspection.codes import Field, Origin, State
from xiezhi.inspection.models import READ, Draw
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search

KINDS = {State.VOID: "bad", State.PUBLISHED: "good", State.OPENED: "good"}


def state_tag(draw: Draw) -> Any:
    """The draw's state as a tag."""
    state = State(draw.state)
    return tag(KINDS.get(state, "plain"), state.label)


class Draws(ListPage):
    """Draws of the agencies in which one may read."""

    ability = READ
    title = _("随机抽取")
    intro = _("每次抽取先承诺、后抽取：名录和规则固定并封存之后，才等随机源公布。")
    empty = _("请先固定名录，再从名录发起抽取。")
    order = ("-prepared_at", "-pk")
    columns = (
        Column("draw_id", _("抽取号"), link=lambda row: reverse("inspection:draw", args=[row.pk]), sort="draw_id"),
        Column("title", _("抽查名称")),
        Column("item", _("抽查事项"), value=lambda row: row.roster.item.title),
        Column("state", _("状态"), value=lambda row: str(State(row.state).label), html=state_tag),
        Column("objects", _("对象数"), value=lambda row: row.objects_count or row.roster.size, number=True),
        Column("drawn_count", _("抽中"), number=True),
        Column("committed_at", _("承诺时间"), sort="committed_at"),
        Column("drawn_at", _("抽取时间"), sort="drawn_at"),
    )
    filters = (
        Search(fields=("draw_id", "title", "roster__item__title")),
        Choice("state", _("状态"), choices=State.choices),
        DateRange("prepared_at", _("拟定日期")),
        DateRange("window_from", _("检查开始")),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.PLAN):
            return ()
        return ({"text": _("从名录发起抽取"), "href": reverse("inspection:rosters")},)


class Rosters(ListPage):
    """Frozen rosters; a draw begins at one."""

    ability = READ
    title = _("检查对象名录库")
    intro = _("名录是某一时刻的快照：固定之后，登记信息再变也不影响已发起的抽取。")
    order = ("-frozen_at", "-pk")
    columns = (
        Column("title", _("名录名称"), link=lambda row: reverse("inspection:roster", args=[row.pk])),
        Column("item", _("抽查事项"), value=lambda row: f"{row.item.code} {row.item.title}"),
        Column("size", _("对象数"), number=True),
        Column("strata", _("分层方式"), value=lambda row: row.get_strata_display()),
        Column("frozen_at", _("固定时间"), sort="frozen_at"),
    )
    filters = (Search(fields=("title", "item__title", "item__code")),)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.rosters_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.PLAN):
            return ()
        return ({"text": _("固定新名录"), "href": reverse("inspection:new_roster")},)


class Items(ListPage):
    """The item list, all versions."""

    ability = READ
    title = _("抽查事项清单")
    empty = _("清单是空的。请采用国家事项，或导入本地清单。")
    order = ("code", "-version", "pk")
    columns = (
        Column("code", _("事项编码"), sort="code", link=lambda row: reverse("inspection:item", args=[row.pk])),
        Column("version", _("版本"), number=True),
        Column("title", _("事项名称")),
        Column("field", _("监管领域"), value=lambda row: row.get_field_display()),
        Column("basis", _("检查依据")),
        Column("target_kind", _("检查对象"), value=lambda row: row.get_target_kind_display()),
        Column(
            "unverified",
            _("文本"),
            value=lambda row: _("待核") if row.unverified else _("已核对"),
            html=lambda row: tag("unverified") if row.unverified else tag("plain", _("已核对")),
        ),
        Column("valid_from", _("生效")),
        Column("valid_to", _("失效")),
    )
    filters = (
        Search(fields=("code", "title", "basis")),
        Choice("field", _("监管领域"), choices=Field.choices),
        Choice("origin", _("来源"), choices=Origin.choices),
    )

    @cached_property
    def intro(self) -> Any:  # type: ignore[override]
        """How many items in force are in no plan of this year; the page of coverage names them."""
        today = clock.today()
        told = {"year": today.year, "number": len(plan_coverage.unplanned(self.actor, today.year, today))}
        unplanned = _("%(year)s 年有 %(number)s 个有效事项尚未列入任何计划，见“监管领域覆盖”。") % told
        rule = _("未列入清单的事项不得检查。修改以新版本发布，已承诺的抽取沿用当时的版本。")
        return f"{rule}{unplanned}" if told["number"] else rule

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.items()

    def actions(self) -> Sequence[Mapping[str, Any]]:
        fields = {"text": _("监管领域覆盖"), "href": reverse("inspection:fields")}
        if not navigation.holds(self.actor, gate.PLAN):
            return (fields,)
        return (
            {"text": _("采用国家事项"), "href": reverse("inspection:adopt_items")},
            {"text": _("导入本地清单"), "href": reverse("inspection:load_items")},
            {"text": _("发布事项"), "href": reverse("inspection:new_item")},
            fields,
        )
