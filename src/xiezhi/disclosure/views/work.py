"""The work list of publication (公示工作台)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.disclosure import gate, queries, terms
from xiezhi.disclosure.codes import STANDING, UNSIGNED, Change, Kind, State
from xiezhi.disclosure.models import READ, Publication
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search

TAGS = {
    State.PUBLISHED: "good",
    State.WITHDRAWN: "bad",
    State.EXPIRED: "quiet",
    State.STOPPED: "quiet",
}
WAITING = (("sign", _("待签发")), ("overdue", _("逾期未公示")), ("changed", _("来源有变")))


def state_tag(row: Publication) -> Any:
    """The state as a tag; one whose source changed since says so."""
    if row.source_change and row.state in STANDING:
        return tag("bad", now("%(state)s，来源有变") % {"state": State(row.state).label})
    state = State(row.state)
    return tag(TAGS.get(state, "plain"), state.label)


def state_text(row: Publication) -> str:
    """The same in words."""
    text = str(State(row.state).label)
    return f"{text}：{Change(row.source_change).label}" if row.source_change else text


def limit(row: Publication) -> Any:
    """The last day of the limit: overdue in red, 待核 said."""
    if row.due_on is None:
        return "—"
    late = row.state in (State.DUE, State.PREPARED) and row.due_on < clock.today()
    parts = [tag("bad", now("%(day)s 已逾期") % {"day": row.due_on}) if late else tag("plain", str(row.due_on))]
    if terms.doubtful(row):
        parts.append(tag("unverified"))
    return format_html_join(" ", "{}", ((part,) for part in parts))


@dataclass(frozen=True)
class Waiting(Choice):
    """What waits for whom; more than one state each."""

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        asked = params.get(self.name, "")
        if asked == "sign":
            return rows.filter(state__in=UNSIGNED)
        if asked == "overdue":
            return queries.overdue(rows, clock.today())
        return queries.changed(rows) if asked == "changed" else rows


class Publications(ListPage):
    """What is to be, is, or was published; due first."""

    ability = READ
    title = _("公示工作台")
    intro = _(
        "已公布的事项、计划、抽取和已复核的检查结果自动列入。拟定时只取允许公示的字段并脱敏，扫描后由另一人签发；"
        "结果公示不是通报批评，后者是行政处罚。"
    )
    empty = _("还没有待公示的内容。计划公布、抽取公布或检查结果复核之后，会自动列入。")
    order = ("due_on", "pk")
    columns = (
        Column(
            "working_title",
            _("内容"),
            link=lambda row: reverse("disclosure:publication", args=[row.pk]),
        ),
        Column("kind", _("种类"), value=lambda row: row.get_kind_display()),
        Column("state", _("状态"), value=state_text, html=state_tag),
        Column("due_on", _("公示期限"), sort="due_on", html=limit),
        Column("published_at", _("公示时间"), sort="published_at"),
        Column("shown", _("版本"), number=True),
    )
    filters = (
        Search(fields=("working_title", "title")),
        Choice("kind", _("种类"), choices=Kind.choices),
        Choice("state", _("状态"), choices=State.choices),
        Waiting("waiting", _("待办"), choices=WAITING),
        DateRange("due_on", _("公示期限")),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.SIGN):
            return ()
        return ({"text": _("批量签发"), "href": reverse("disclosure:sign-together"), "kind": "quiet"},)
