"""The tree of agencies."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.errors import Denied, NotFound
from xiezhi.people import queries, services
from xiezhi.people.models import Agency
from xiezhi.web.components import tag
from xiezhi.web.forms import Form, RevForm
from xiezhi.web.pages import ConsoleView, DetailPage, FormPage

from .inputs import PressPage, day_field, unit_choices

KINDS = ((Agency.AGENCY, _("机构")), (Agency.DIVISION, _("科室")))


def agency_of(view: ConsoleView) -> Agency:
    """The agency that the address names."""
    row = queries.agencies(view.actor).filter(pk=view.kwargs["key"]).select_related("parent").first()
    if row is None:
        raise NotFound(str(view.kwargs["key"]))
    return row


def admit(view: ConsoleView) -> None:
    """The view's ability must be held at this agency."""
    path = agency_of(view).path
    if not view.actor.may(view.ability, path):
        raise Denied(view.ability, path)


def address(agency: Agency) -> str:
    """Its page."""
    return reverse("console:agency", args=[agency.pk])


class Tree(ConsoleView):
    """All agencies and divisions, as a tree."""

    ability = "people.read"
    title = _("机构")
    template_name = "console/people/agencies.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [(row, row.path.count("/") - 1) for row in queries.agencies(self.actor)]
        actions = []
        if self.actor.paths("people.manage_agencies"):
            actions.append({"text": _("设立机构或科室"), "href": reverse("console:agency-new")})
        return self.page(rows=rows, actions=actions, today=clock.today())


class Detail(DetailPage):
    """One agency."""

    ability = "people.read"

    def get_object(self) -> Agency:
        self.row = agency_of(self)
        return self.row

    def page_title(self) -> str:
        return self.row.name

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        above = [(_("机构"), reverse("console:agencies"))]
        return [*above, (self.row.parent.name, address(self.row.parent))] if self.row.parent else above

    def facts(self, obj: Agency) -> Sequence[tuple[Any, Any]]:
        letter = queries.letter_in_force(self.actor, obj.path, clock.today())
        return (
            (_("简称"), obj.short),
            (_("类别"), dict(KINDS).get(obj.kind, obj.kind)),
            (_("路径"), obj.path),
            (_("行政区划"), obj.district),
            (_("动态口令"), _("要求全体人员使用") if obj.demands_totp else _("未作要求")),
            (_("依委托执法"), f"{letter.number}（{letter.principal.name}）" if letter else ""),
            (_("撤销日期"), tag("quiet", obj.dissolved_on.isoformat()) if obj.dissolved_on else None),
        )

    def actions(self, obj: Agency) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        if self.actor.may("people.manage_agencies", obj.path) and obj.dissolved_on is None:
            found.append({"text": _("更名"), "href": reverse("console:agency-rename", args=[obj.pk])})
            found.append(
                {"text": _("撤销"), "href": reverse("console:agency-dissolve", args=[obj.pk]), "kind": "quiet"}
            )
        if self.actor.may("people.manage_accounts", obj.path):
            text = _("不再要求动态口令") if obj.demands_totp else _("要求使用动态口令")
            found.append({"text": text, "post": reverse("console:agency-totp", args=[obj.pk]), "kind": "quiet"})
        return found


class CreateForm(Form):
    parent = django_forms.ChoiceField(label=_("上级机构"))
    kind = django_forms.ChoiceField(label=_("类别"), choices=KINDS)
    name = django_forms.CharField(label=_("名称"), max_length=100)
    short = django_forms.CharField(label=_("简称"), max_length=30)
    code = django_forms.CharField(
        label=_("代码"), max_length=20, help_text=_("小写字母、数字和连字符，在同级中唯一，设立后不可更改。")
    )
    district = django_forms.CharField(
        label=_("行政区划代码"), max_length=6, help_text=_("六位数字（GB/T 2260）。")
    )

    def __init__(self, *args: Any, parents: Sequence[tuple[str, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = parents  # type: ignore[attr-defined]


class Create(FormPage):
    """Set up an agency or division."""

    ability = "people.manage_agencies"
    title = _("设立机构或科室")
    form_class = CreateForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"parents": unit_choices(self.actor, self.ability, everywhere=True)}

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("机构"), reverse("console:agencies"))]

    def act(self, data: Mapping[str, Any]) -> Agency:
        return services.create_agency(self.actor, **data)

    def done_url(self, result: Agency) -> str:
        return address(result)


class RenameForm(RevForm):
    name = django_forms.CharField(label=_("名称"), max_length=100)
    short = django_forms.CharField(label=_("简称"), max_length=30)


class _OfAgency(FormPage):
    ability = "people.manage_agencies"

    def admit(self) -> None:
        admit(self)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        row = agency_of(self)
        return [(_("机构"), reverse("console:agencies")), (row.name, address(row))]

    def done_url(self, result: Agency) -> str:
        return address(result)


class Rename(_OfAgency):
    """Another name."""

    title = _("更名")
    form_class = RenameForm

    def initial(self) -> Mapping[str, Any]:
        row = agency_of(self)
        return {"name": row.name, "short": row.short, "rev": row.rev}

    def stored(self) -> Mapping[str, Any]:
        return self.initial()

    def act(self, data: Mapping[str, Any]) -> Agency:
        return services.rename_agency(self.actor, agency=agency_of(self).path, **data)


class DissolveForm(RevForm):
    on = day_field(_("撤销日期"))


class Dissolve(_OfAgency):
    """Dissolve it."""

    title = _("撤销机构")
    form_class = DissolveForm
    submit = _("撤销")

    def initial(self) -> Mapping[str, Any]:
        return {"on": clock.today(), "rev": agency_of(self).rev}

    def act(self, data: Mapping[str, Any]) -> Agency:
        return services.dissolve_agency(self.actor, agency=agency_of(self).path, **data)


class Totp(PressPage):
    """Demand the authenticator, or no longer."""

    ability = "people.manage_accounts"
    done = _("已保存。")

    def admit(self) -> None:
        admit(self)

    def act(self) -> str:
        row = agency_of(self)
        services.demand_agency_totp(self.actor, agency=row.path, demanded=not row.demands_totp)
        return address(row)
