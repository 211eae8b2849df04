"""A roster is looked at before it is frozen, and read afterwards."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.errors import Invalid
from xiezhi.inspection import gate, queries, roster_forms, services
from xiezhi.inspection.models import READ, RosterEntry, TargetRoster
from xiezhi.inspection.targets import SMALLEST_STRATUM, from_registry, merge_small, stratum_of
from xiezhi.web.components import tag
from xiezhi.web.lists import Column, ListPage, Search
from xiezhi.web.pages import Crumb

from .setting_up import AgencyPage, crumb, find_roster

LISTED = 200


class NewRoster(AgencyPage):
    """Freeze a roster from the registry; "预览名录" shows first who would be in it."""

    template_name = "inspection/roster_form.html"

    title = _("固定检查对象名录")
    form_class = roster_forms.RosterForm
    submit = _("固定名录")
    done = _("名录已固定。")

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("rosters"),)

    def form_kwargs(self) -> dict[str, Any]:
        return {
            **super().form_kwargs(),
            "items": queries.items_in_force(self.actor, clock.today()),
            "districts": queries.districts_of_projects(self.actor),
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # What was ticked in the preview joins what was typed: it shows there, and is taken back there.
        typed = request.POST.copy()
        typed["without"] = "\n".join([*typed.get("without", "").split(), *typed.getlist("leave")])
        request.POST = typed  # type: ignore[assignment]
        return self._looked(typed) if "look" in typed else super().post(request, *args, **kwargs)

    def _looked(self, typed: Any) -> HttpResponse:
        form = self.form_class(typed, **self.form_kwargs())
        if not form.is_valid():
            return self.page(form=form, status=422)
        chosen = roster_forms.selection_of(form.cleaned_data)
        try:
            found = list(from_registry(self.actor, chosen, form.cleaned_data["grades"]))
        except Invalid as error:
            for name, texts in error.fields.items():
                form.add_error(name, [str(text) for text in texts])
            return self.page(form=form, status=422)
        strata, merged = merge_small([stratum_of(one, form.cleaned_data["strata"]) for one in found])
        return self.page(
            form=form,
            found=found[:LISTED],
            size=len(found),
            few=len(found) < SMALLEST_STRATUM,
            strata=sorted(Counter(strata).items()),
            merged=merged,
        )

    def act(self, data: Mapping[str, Any]) -> TargetRoster:
        chosen = roster_forms.selection_of(data)
        return services.freeze_roster(
            self.actor,
            item=data["item"],
            title=data["title"],
            **self.owner(data),
            targets=from_registry(self.actor, chosen, data["grades"]),
            selection=chosen.as_shown(),
            strata=data["strata"],
            weights=data["weights"],
        )

    def done_url(self, result: TargetRoster) -> str:
        return reverse("inspection:roster", args=[result.pk])


class Roster(ListPage):
    """A roster's entries."""

    ability = READ
    order = ("code", "pk")
    columns = (
        Column("code", _("代码"), sort="code"),
        Column("name", _("名称")),
        Column("stratum", _("层"), sort="stratum"),
        Column("grade", _("等级"), html=lambda row: tag("plain", row.grade) if row.grade else "—"),
        Column("weight", _("权重"), number=True),
    )
    filters = (Search(fields=("code", "name")),)

    @cached_property
    def roster(self) -> TargetRoster:
        """The roster, if it is his to see."""
        return find_roster(self)

    def admit(self) -> None:
        # Also before a view of the list is saved.
        _ = self.roster

    def page_title(self) -> str:
        return self.roster.title

    @property
    def intro(self) -> Any:  # type: ignore[override]
        """Who was left out of it by hand, and why."""
        left_out = self.roster.selection.get("left_out", ())
        told = {"size": len(left_out), "codes": "、".join(left_out), "why": self.roster.selection.get("why", "")}
        return _("不列入 %(size)s 个：%(codes)s。理由：%(why)s") % told if left_out else ""

    def breadcrumbs(self) -> Sequence[Crumb]:
        return (crumb("rosters"),)

    @classmethod
    def rows(cls, actor: Any, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return RosterEntry.objects.filter(roster__in=queries.rosters_visible_to(actor).filter(pk=kwargs["roster"]))

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(gate.PLAN, self.roster.agency):
            return ()
        return ({"text": _("以此名录发起抽取"), "href": reverse("inspection:new_draw", args=[self.roster.pk])},)
