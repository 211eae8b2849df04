"""The list of documents, and how one begins."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.documents import forms, gate, queries, services
from xiezhi.documents.codes import Sealing, State
from xiezhi.documents.models import READ, Document, Template
from xiezhi.people import queries as people
from xiezhi.web import navigation
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.pages import ConsoleView, Crumb, FormPage

KINDS = {State.SIGNED: "good", State.ISSUED: "good", State.VOID: "bad"}


def address(document: Document) -> str:
    """The document's own page."""
    return reverse("documents:document", args=[document.pk])


def crumb(name: str, title: Any) -> Crumb:
    """A crumb of one of the lists."""
    return title, reverse(f"documents:{name}")


def state_tag(document: Document) -> Any:
    """Its state as a tag."""
    state = State(document.state)
    return tag(KINDS.get(state, "plain"), state.label)


def type_choices() -> list[tuple[str, str]]:
    """(code, title) of every type that there is."""
    return list(dict(Template.objects.order_by("code", "version").values_list("code", "title")).items())


class Documents(ListPage):
    """Documents that one may read."""

    ability = READ
    title = _("文书")
    intro = _("文书从起草到制发都在这里办理；文号在签发时编定，作废的文号保留在登记簿中。")
    empty = _("还没有文书。")
    order = ("-created_at", "-pk")
    columns = (
        Column("title", _("事由"), link=address),
        Column("type", _("文书种类"), value=lambda row: row.template.title),
        Column("number", _("文号"), sort="number"),
        Column("state", _("状态"), value=lambda row: str(State(row.state).label), html=state_tag),
        Column("sealing", _("用印"), value=lambda row: str(Sealing(row.sealing).label)),
        Column("created_at", _("起草时间"), sort="created_at"),
        Column("signed_at", _("签发时间"), sort="signed_at"),
    )
    filters = (
        Search(label=_("文号或事由"), fields=("number", "title")),
        Choice("type", _("文书种类"), field="template__code", choices=type_choices),
        Choice("state", _("状态"), choices=State.choices),
        Choice("sealing", _("用印"), choices=Sealing.choices),
        DateRange("signed_at", _("签发日期")),
    )

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not navigation.holds(self.actor, gate.DRAFT):
            return ()
        return ({"text": _("起草文书"), "href": reverse("documents:new")},)


class Types(ConsoleView):
    """What may be begun."""

    ability = gate.DRAFT
    title = _("起草文书")
    template_name = "documents/types.html"

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("documents", _("文书")),)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        day = gate.day_of(clock.now())
        found: dict[Any, Template] = {}
        for path in self.actor.paths(gate.DRAFT):
            found |= {row.pk: row for row in queries.types(path, day)}
        return self.page(types=sorted(found.values(), key=lambda row: row.title))


class NewDocument(FormPage):
    """Begin one with the version in force."""

    ability = gate.DRAFT
    form_class = forms.NewDocumentForm
    submit = _("保存草稿")
    done = _("草稿已保存。")
    template_name = "documents/edit.html"

    @cached_property
    def type(self) -> Template:
        """The template."""
        return queries.template(self.actor, self.kwargs["template"])  # type: ignore[attr-defined]

    def admit(self) -> None:
        # Whoever may not begin one of this type is told before the form.
        _ = self.type

    def page_title(self) -> str:
        return self.type.title

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("documents", _("文书")), crumb("new", _("起草文书")))

    def form_kwargs(self) -> dict[str, Any]:
        units = [
            (unit.path, unit.name)
            for path in self.actor.paths(gate.DRAFT)
            for unit in people.agencies(self.actor, under=path).filter(dissolved_on=None)
            if unit.path.startswith(self.type.agency)
        ]
        return {"contract": self.type.contract, "agencies": units}

    def initial(self) -> Mapping[str, Any]:
        return {"agency": self.actor.agency}

    def act(self, data: Mapping[str, Any]) -> Document:
        return services.draft_document(
            self.actor, template=self.type, agency=data["agency"], title=data["title"], values=data["values"]
        )

    def done_url(self, result: Document) -> str:
        return address(result)
