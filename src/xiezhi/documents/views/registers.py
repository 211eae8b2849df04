"""Registers: numbers with their reckoning, blank forms, uses of the seal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.documents import forms, gate, queries, services
from xiezhi.documents.codes import NumberState, Sealing
from xiezhi.documents.models import READ, Document, DocumentNumber, SealUse, Template
from xiezhi.people import queries as people
from xiezhi.people.models import Agency
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.pages import ConsoleView, Crumb, DetailPage, FormPage

from . import papers

KINDS = {NumberState.USED: "good", NumberState.VOID: "bad"}
CRUMB = ("numbers", _("文号登记簿"))


def _address(row: DocumentNumber) -> str:
    return reverse("documents:number", args=[row.pk])


def _tag(row: DocumentNumber) -> Any:
    state = NumberState(row.state)
    return tag(KINDS.get(state, "plain"), state.label)


class Numbers(ListPage):
    """Every number that was given out."""

    ability = READ
    title = _("文号登记簿")
    intro = _("每个文号只用一次；作废、预留和领出的空白文书都列在这里。")
    empty = _("还没有编过文号。")
    order = ("-year", "template_code", "-serial", "pk")
    columns = (
        Column("text", _("文号"), link=_address),
        Column("type_title", _("文书种类")),
        Column("year", _("年份"), value=lambda row: str(row.year)),
        Column("serial", _("序号"), number=True),
        Column("state", _("状态"), value=lambda row: str(NumberState(row.state).label), html=_tag),
        Column("reason", _("事由")),
        Column("given_at", _("编号时间"), sort="given_at"),
    )
    filters = (
        Search(label=_("文号"), fields=("text",)),
        Choice("type", _("文书种类"), field="template_code", choices=papers.type_choices),
        Choice("state", _("状态"), choices=NumberState.choices),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.numbers(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        found = [{"text": _("逐号核对"), "href": reverse("documents:reckoning"), "kind": "quiet"}]
        if navigation.holds(self.actor, gate.NUMBERS):
            found = [
                {"text": _("领用空白文书"), "href": reverse("documents:blanks-new")},
                {"text": _("预留文号"), "href": reverse("documents:reserve"), "kind": "quiet"},
                *found,
            ]
        return found


class Reckoning(ConsoleView):
    """A year's series: how many numbers, what became of each, and whether any is unaccounted for."""

    ability = READ
    title = _("文号逐号核对")
    template_name = "documents/reckoning.html"

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb(*CRUMB),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        this = gate.day_of(clock.now()).year
        asked = request.GET.get("year", "")
        year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this
        names = dict(Agency.objects.values_list("path", "name"))
        rows = [
            [
                names.get(account.series.agency, account.series.agency),
                account.title,
                account.series.last,
                *(account.counts[state] for state in NumberState.values),
                "、".join(f"{a}" if a == b else f"{a}–{b}" for a, b in account.gaps) or now("无"),
            ]
            for account in queries.accounts(self.actor, year=year)
        ]
        states = [NumberState(state).label for state in NumberState.values]
        head = [_("机构"), _("文书种类"), _("已编到"), *states, _("缺号")]
        return self.page(
            year=year, before=year - 1, after=year + 1, head=head, rows=rows, numbers=[2, 3, 4, 5, 6, 7]
        )


class NumberPage(DetailPage):
    """One number and what became of it."""

    ability = READ
    template_name = "documents/number.html"

    @cached_property
    def row(self) -> DocumentNumber:
        """The number."""
        return queries.number(self.actor, self.kwargs["number"])  # type: ignore[attr-defined]

    def page_title(self) -> str:
        return self.row.text

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb(*CRUMB),)

    def get_object(self) -> DocumentNumber:
        return self.row

    def facts(self, obj: DocumentNumber) -> Sequence[tuple[Any, Any]]:
        holder = queries.names([obj.holder]).get(obj.holder, obj.holder) if obj.holder else ""
        found = [
            (_("状态"), _tag(obj)),
            (_("文书种类"), obj.type_title),
            (_("编号时间"), obj.given_at),
            (_("领用人"), holder),
            (_("事由"), obj.reason),
            (_("变动时间"), obj.changed_at),
        ]
        return [fact for fact in found if fact[1]]

    def actions(self, obj: DocumentNumber) -> Sequence[Mapping[str, Any]]:
        keeper = self.actor.may(gate.NUMBERS, obj.agency)
        handed = obj.state == NumberState.HANDED
        open_ = obj.state in (NumberState.RESERVED, NumberState.HANDED, NumberState.RETURNED)
        document = obj.document and queries.visible_to(self.actor).filter(pk=obj.document).exists()
        table = (
            (bool(document), _("查看文书"), "documents:document", obj.document, ""),
            (handed and obj.blank_pdf_id is not None, _("打印空白文书"), "documents:blank-pdf", obj.pk, ""),
            (
                handed and (keeper or obj.holder == self.actor.id),
                _("已用，归入扫描件"),
                "documents:blank-use",
                obj.pk,
                "",
            ),
            (handed and keeper, _("交回"), "documents:blank-return", obj.pk, "quiet"),
            (open_ and keeper, _("作废"), "documents:number-void", obj.pk, "danger"),
        )
        return [
            {"text": text, "href": reverse(name, args=[key]), "kind": kind}
            for able, text, name, key, kind in table
            if able
        ]


class OnNumber(FormPage):
    """A form of one number."""

    ability = READ
    needs: tuple[str, ...] = (gate.NUMBERS,)

    @cached_property
    def row(self) -> DocumentNumber:
        """The number."""
        return queries.number(self.actor, self.kwargs["number"])  # type: ignore[attr-defined]

    by_holder = False

    def admit(self) -> None:
        if not (self.by_holder and self.row.holder == self.actor.id):
            gate.allowed(self.actor, self.row.agency, *self.needs)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb(*CRUMB), (self.row.text, _address(self.row)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.row.rev}

    def done_url(self, result: Any) -> str:
        return papers.address(result) if isinstance(result, Document) else _address(self.row)


class VoidNumber(OnNumber):
    """作废文号."""

    title = _("作废文号")
    form_class = forms.ReasonForm
    submit = _("作废")
    done = _("文号已作废，保留在登记簿中。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.void_number(self.actor, self.row.pk, **data)


class ReturnBlank(OnNumber):
    """交回空白文书."""

    title = _("交回空白文书")
    form_class = forms.RevForm
    submit = _("登记交回")
    done = _("已登记交回。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.return_blank(self.actor, self.row.pk, **data)


class UseBlank(OnNumber):
    """手写文书归入."""

    needs = (gate.NUMBERS, gate.SIGN)
    by_holder = True
    title = _("手写文书归入")
    form_class = forms.UseForm
    submit = _("归入")
    done = _("扫描件已归入，文号已使用。")

    def act(self, data: Mapping[str, Any]) -> Document:
        return services.use_blank(self.actor, self.row.pk, **data)


class OfType(FormPage):
    """A form about numbers of one type, of a body for which the actor keeps the register."""

    ability = gate.NUMBERS

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (papers.crumb(*CRUMB),)

    def bodies(self) -> list[Agency]:
        """Bodies below the paths on which he holds the ability, and the one that he sits in."""
        found = {
            body.path: body
            for path in self.actor.paths(gate.NUMBERS)
            for body in people.agencies(self.actor, under=path).filter(kind=Agency.AGENCY, dissolved_on=None)
        }
        return [found[path] for path in sorted(found)]

    def types(self) -> list[Template]:
        """Numbered types in force in any of them."""
        day = gate.day_of(clock.now())
        found = {row.pk: row for body in self.bodies() for row in queries.types(body.path, day) if row.numbering}
        return sorted(found.values(), key=lambda row: row.title)

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "agencies": [(body.path, body.name) for body in self.bodies()],
            "types": [(str(row.pk), f"{row.title}（{row.numbering}）") for row in self.types()],
        }

    def done_url(self, result: Any) -> str:
        return reverse("documents:numbers")

    def given(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """As the services take it."""
        return {**data, "template": queries.template(self.actor, data["template"])}


class Reserve(OfType):
    """预留文号."""

    title = _("预留文号")
    form_class = forms.ReserveForm
    submit = _("预留")
    done = _("文号已预留。")

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.reserve_number(self.actor, **self.given(data))


class NewBlanks(OfType):
    """领用空白文书."""

    title = _("领用空白文书")
    form_class = forms.BlankForm
    submit = _("编号并领用")

    def form_kwargs(self) -> dict[str, Any]:
        bodies = [body.path for body in self.bodies()]
        rows = people.accounts(self.actor).filter(is_active=True, officer__isnull=False)
        found = [row.pk for row in rows if row.unit and any(row.unit.path.startswith(path) for path in bodies)]
        return {**super().form_kwargs(), "holders": people.accounts(self.actor).filter(pk__in=found)}

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.issue_blank(self.actor, **self.given(data))

    def finished(self, result: list[DocumentNumber]) -> HttpResponse:
        text = _("已编号 %(count)s 份：%(first)s 至 %(last)s。请逐份打开打印。")
        shown = {"count": len(result), "first": result[0].text, "last": result[-1].text}
        messages.success(self.request, str(text) % shown)
        return HttpResponseRedirect(reverse("documents:numbers") + f"?state={NumberState.HANDED}")


class Seals(ListPage):
    """The seal register."""

    ability = READ
    title = _("用印登记簿")
    empty = _("还没有用印。")
    order = ("-requested_at", "-pk")
    columns = (
        Column(
            "document",
            _("文书"),
            value=lambda row: row.document.number or row.document.title,
            link=lambda row: papers.address(row.document),
        ),
        Column("type", _("文书种类"), value=lambda row: row.document.template.title),
        Column("purpose", _("用途")),
        Column("copies", _("份数"), number=True),
        Column("way", _("用印方式"), value=lambda row: str(row.get_way_display())),
        Column("seal_name", _("印章名称")),
        Column("state", _("状态"), value=lambda row: str(Sealing(row.state).label)),
        Column("requested_at", _("申请时间"), sort="requested_at"),
        Column("registered_at", _("登记时间"), sort="registered_at"),
        Column("returned_at", _("回传时间"), sort="returned_at"),
    )
    filters = (
        Search(label=_("文号或用途"), fields=("document__number", "purpose")),
        Choice("state", _("状态"), choices=Sealing.choices[2:]),
        DateRange("requested_at", _("申请日期")),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[SealUse]:
        return queries.seal_uses(actor)
