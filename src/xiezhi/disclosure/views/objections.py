"""Objections: the list, one of them (reading it is noted), its answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.disclosure import forms, gate, queries, services, terms
from xiezhi.disclosure.codes import STANDING, ObjectionState, State
from xiezhi.disclosure.models import OBJECTIONS, Objection
from xiezhi.record import services as record
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import Crumb, DetailPage, FormPage

CRUMB: Crumb = (_("公示异议"), "disclosure:objections")
TAGS = {ObjectionState.UPHELD: "good", ObjectionState.REJECTED: "quiet"}


def state_tag(row: Objection) -> Any:
    """The state as a tag."""
    state = ObjectionState(row.state)
    return tag(TAGS.get(state, "plain"), state.label)


def limit(row: Objection) -> Any:
    """By when it is to be answered; late in red, 待核 said."""
    late = row.state == ObjectionState.RECEIVED and row.due_on is not None and row.due_on < clock.today()
    shown = tag("bad", now("%(day)s 已逾期") % {"day": row.due_on}) if late else tag("plain", str(row.due_on))
    return format_html("{} {}", shown, tag("unverified")) if terms.doubtful(row) else shown


class Objections(ListPage):
    """Objections by number; who raised them is read on their own page."""

    ability = OBJECTIONS
    title = _("公示异议")
    intro = _("提出人的姓名、联系方式和异议内容加密保存，查看会记入全过程记录。")
    empty = _("没有收到异议。")
    order = ("due_on", "pk")
    columns = (
        Column("number", _("受理编号"), link=lambda row: reverse("disclosure:objection", args=[row.pk])),
        Column("publication", _("公示内容"), value=lambda row: row.publication.working_title),
        Column("state", _("状态"), value=lambda row: str(ObjectionState(row.state).label), html=state_tag),
        Column("received_at", _("收到时间"), sort="received_at"),
        Column("due_on", _("答复期限"), sort="due_on", html=limit),
        Column("answered_at", _("答复时间")),
    )
    filters = (
        Search(fields=("number", "publication__working_title")),
        Choice("state", _("状态"), choices=ObjectionState.choices),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.objections_visible_to(actor)


class ObjectionPage(DetailPage):
    """One objection; its words are opened by a button."""

    ability = OBJECTIONS
    template_name = "disclosure/objection.html"

    def get_object(self) -> Objection:
        return queries.objection(self.actor, self.kwargs["objection"])  # type: ignore[attr-defined]

    def page_title(self) -> str:
        return str(self.object)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def facts(self, obj: Objection) -> Sequence[tuple[Any, Any]]:
        rows = (
            (_("状态"), state_tag(obj)),
            (_("公示内容"), obj.publication.working_title),
            (_("所指版本"), obj.version),
            (_("收到时间"), obj.received_at),
            (_("答复期限"), limit(obj)),
            (_("答复时间"), obj.answered_at),
            (_("答复内容"), queries.answer_of(obj)),
        )
        return [row for row in rows if row[1]]

    def actions(self, obj: Objection) -> Sequence[Mapping[str, Any]]:
        row = obj.publication
        found: list[Mapping[str, Any]] = [
            {"text": _("查看提出人和内容"), "post": reverse("disclosure:objection", args=[obj.pk])}
        ]
        if obj.state == ObjectionState.RECEIVED:
            found.append({"text": _("答复"), "href": reverse("disclosure:answer", args=[obj.pk])})
        if obj.state == ObjectionState.UPHELD:
            table = (
                ((State.PUBLISHED,), gate.PREPARE, "correct", _("更正公示")),
                (STANDING, gate.SIGN, "withdraw", _("撤下公示")),
            )
            found += [
                {"text": text, "href": reverse(f"disclosure:{name}", args=[row.pk])}
                for states, ability, name, text in table
                if row.state in states and self.actor.may(ability, row.agency)
            ]
        found.append(
            {"text": _("公示内容"), "href": reverse("disclosure:publication", args=[row.pk]), "kind": "quiet"}
        )
        return found

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open its words; the reading is noted."""
        self.object = self.get_object()
        told = queries.objection_text(self.object)
        record.note_sensitive_read(
            self.actor,
            subject=f"objection:{self.object.pk}",
            fields=["name", "contact", "text"],
            purpose=now("办理公示异议"),
        )
        return self.page(
            object=self.object, facts=self.facts(self.object), actions=self.actions(self.object), told=told
        )


class Answer(FormPage):
    """Answer an objection."""

    ability = OBJECTIONS
    title = _("答复异议")
    form_class = forms.AnswerForm
    submit = _("答复")
    done = _("已答复。异议成立的，请接着更正或撤下公示。")

    @cached_property
    def row(self) -> Objection:
        """The objection."""
        return queries.objection(self.actor, self.kwargs["objection"])  # type: ignore[attr-defined]

    def admit(self) -> None:
        _found = self.row

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])), (str(self.row), self.done_url(None)))

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.row.rev}

    def act(self, data: Mapping[str, Any]) -> Objection:
        return services.answer(self.actor, self.row.pk, **data)

    def done_url(self, result: Any) -> str:
        return reverse("disclosure:objection", args=[self.row.pk])
