"""Lists of the law's content, and one row with its doubts, its confirmations and its versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.actor import Actor
from xiezhi.lawbase import kinds, queries, rights
from xiezhi.lawbase.models import Kind, LawItem
from xiezhi.web.lists import Choice, Column, Filter, ListPage, Search
from xiezhi.web.navigation import holds
from xiezhi.web.pages import DetailPage

from . import names


def address(item: LawItem) -> str:
    """The page of a version."""
    return reverse("console:law_item", args=[item.pk])


COLUMNS = (
    Column("kind", gettext_lazy("类别"), value=lambda i: str(i.get_kind_display()), sort="kind"),
    Column("code", gettext_lazy("编号"), html=names.code, link=address, sort="code"),
    Column("title", gettext_lazy("内容"), link=address),
    Column("basis", gettext_lazy("依据"), value=lambda i: kinds.KINDS[i.kind].basis(i.payload)),
    Column("scope", gettext_lazy("适用范围"), value=names.scope),
)
FILTERS = (
    Search(fields=("code", "title")),
    Choice("kind", gettext_lazy("类别"), choices=lambda: Kind.choices),
)


class Pending(ListPage):
    """The jurist's work list: everything that is 待核."""

    ability = queries.READ
    title = gettext_lazy("待核内容")
    intro = gettext_lazy(
        "下列内容尚未与法律文本核对。核对前，系统不会仅凭它阻止或者放行任何行为；有两个日期时，工作安排以较严的为准。"
    )
    empty = gettext_lazy("所有内容都已核对或核定。")
    columns = (
        *COLUMNS,
        Column(
            "doubts",
            gettext_lazy("待核之处"),
            value=lambda i: "；".join(names.path(d.field) for d in kinds.doubts(i.payload)),
        ),
    )
    filters = FILTERS
    order = ("kind", "code")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.pending_confirmation(actor)


class Standing(Filter):
    """待核, confirmed by the office, or compared with a text by the release."""

    STATES: Mapping[str, tuple[Any, Q]] = {
        "doubtful": (gettext_lazy("待核"), ~Q(mark="") & Q(confirmed=False)),
        "confirmed": (gettext_lazy("已核定"), Q(confirmed=True)),
        "verified": (gettext_lazy("已与原文核对"), Q(mark="")),
    }

    def controls(self, params: Mapping[str, str]) -> list[Any]:
        choices = [(key, label) for key, (label, _condition) in self.STATES.items()]
        return Choice(self.name, self.label, choices=choices).controls(params)

    def apply(self, rows: QuerySet[Any], params: Mapping[str, str]) -> QuerySet[Any]:
        found = self.STATES.get(params.get(self.name, ""))
        return rows.filter(found[1]) if found else rows


class Items(ListPage):
    """All that is in force: limits, violations, figures, notices, masking rules."""

    ability = queries.READ
    title = gettext_lazy("全部法规内容")
    empty = gettext_lazy("法规数据尚未载入，请由系统管理员运行 xiezhi lawbase load。")
    columns = (*COLUMNS, Column("state", gettext_lazy("核对情况"), value=lambda i: i.mark, html=names.marks))
    filters = (*FILTERS, Standing("state", gettext_lazy("核对情况")))
    order = ("kind", "code")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor).filter(valid_to=None, withdrawn=False)


class Item(DetailPage):
    """One version: what it says, what is 待核 in it, who confirmed it, what it was before."""

    ability = queries.READ
    template_name = "console/lawbase/item.html"

    def get_object(self) -> LawItem:
        return queries.item(self.actor, self.kwargs["item"])

    def page_title(self) -> str:
        return str(self.object.title)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("全部法规内容"), reverse("console:law_items"))]

    def facts(self, obj: LawItem) -> Sequence[tuple[Any, Any]]:
        return [
            (_("类别"), obj.get_kind_display()),
            (_("编号"), obj.code),
            (_("核对情况"), names.marks(obj)),
            (_("适用范围"), names.scope(obj)),
            (_("版本"), _("第 %(n)s 版，%(origin)s") % {"n": obj.version, "origin": obj.get_origin_display()}),
            (_("施行"), _validity(obj)),
            (_("载入"), obj.loaded_at),
        ]

    def actions(self, obj: LawItem) -> Sequence[Mapping[str, Any]]:
        if obj.valid_to is not None or obj.withdrawn:
            return []
        found = []
        if obj.doubtful and rights.may(self.actor, rights.CONFIRM, obj.scope):
            found.append({"text": _("与原文一致，核定"), "href": reverse("console:law_confirm", args=[obj.pk])})
        if rights.may(self.actor, rights.MANAGE, obj.scope) and obj.kind != Kind.NOTICE:
            correct = reverse("console:law_correct", args=[obj.pk])
            found.append({"text": _("与原文不一致，更正"), "href": correct, "kind": "quiet"})
        if holds(self.actor, rights.MANAGE) and obj.kind == Kind.FIGURE:
            own = reverse("console:law_own_figure", args=[obj.pk])
            found.append({"text": _("为某地或本机关另设数值"), "href": own, "kind": "quiet"})
        if obj.kind == Kind.DEADLINE:
            calculator = f"{reverse('console:law_calculator')}?rule={obj.code}"
            found.append({"text": _("计算期限"), "href": calculator, "kind": "quiet"})
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = item = self.get_object()
        confirmations = list(queries.confirmations(self.actor, item))
        named = names.people_named(
            self.actor, [p for c in confirmations for p in (c.confirmed_by, c.withdrawn_by) if p]
        )
        return self.page(
            object=item,
            facts=self.facts(item),
            actions=self.actions(item),
            content=list(names.lines(item.payload)),
            doubts=[(names.path(d.field), d.said) for d in kinds.doubts(item.payload)] if item.doubtful else [],
            confirmations=[(c, named[c.confirmed_by], named.get(c.withdrawn_by, "")) for c in confirmations],
            may_confirm=rights.may(self.actor, rights.CONFIRM, item.scope),
            versions=[(v, address(v), names.marks(v), _validity(v)) for v in queries.versions(self.actor, item)],
        )


def _validity(item: LawItem) -> str:
    if item.valid_from and item.valid_from == item.valid_to:
        return _("随版本发布而未施行（本机关另有版本）")
    begins = _("自 %(day)s 起") % {"day": item.valid_from} if item.valid_from else _("自始")
    return f"{begins}，{_('至 %(day)s 前') % {'day': item.valid_to}}" if item.valid_to else begins
