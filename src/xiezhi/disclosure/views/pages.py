"""One publication in the console: what is shown beside its source, what the scan found, and what may be done."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi.core.errors import NotFound
from xiezhi.disclosure import channels, forms, gate, queries, scanning, services, terms
from xiezhi.disclosure.codes import STANDING, UNSIGNED, Action, DeliveryState, Ground, Kind, State
from xiezhi.disclosure.models import READ, Delivery, Publication
from xiezhi.inspection.life import actor_names
from xiezhi.web.pages import Crumb, DetailPage, FormPage

from . import shown
from .work import limit, state_tag

CRUMB: Crumb = (_("公示工作台"), "disclosure:publications")
SOURCES = {
    Kind.ITEM: "inspection:item",
    Kind.PLAN: "inspection:plan",
    Kind.DRAW: "inspection:draw",
    Kind.RESULT: "inspection:task",
}
# States → abilities, one of which is enough → page → words.
OFFERED: tuple[tuple[tuple[State, ...], tuple[str, ...], str, Any, str], ...] = (
    ((State.DUE,), (gate.PREPARE,), "prepare", _("拟定"), ""),
    (UNSIGNED, (gate.SIGN,), "sign", _("核对并签发"), ""),
    (UNSIGNED, (gate.SIGN,), "return", _("退回"), "quiet"),
    ((State.PUBLISHED,), gate.CORRECT, "correct", _("更正"), "quiet"),
    (STANDING, (gate.SIGN,), "withdraw", _("撤下"), "danger"),
)


class PublicationPage(DetailPage):
    """One publication."""

    ability = READ
    template_name = "disclosure/publication.html"

    def get_object(self) -> Publication:
        return queries.get(self.actor, self.kwargs["publication"])  # type: ignore[attr-defined]

    def page_title(self) -> str:
        return str(self.object.working_title)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def facts(self, obj: Publication) -> Sequence[tuple[Any, Any]]:
        rows = [
            (_("状态"), state_tag(obj)),
            (_("种类"), obj.get_kind_display()),
            (_("公示期限"), limit(obj)),
            (_("来源变化"), obj.get_source_change_display()),
            (_("退回理由"), obj.return_reason if gate.sees_content(self.actor, obj) else ""),
            (_("公示时间"), obj.published_at),
            (_("公示期满"), obj.expires_on or (_("未设期限") if obj.published_at else "")),
            (_("撤下事由"), Ground(obj.withdraw_ground).label if obj.withdraw_ground else ""),
            (_("撤下说明"), obj.withdraw_text),
        ]
        return [row for row in rows if row[1]]

    def actions(self, obj: Publication) -> Sequence[Mapping[str, Any]]:
        found = [
            {"text": text, "href": reverse(f"disclosure:{name}", args=[obj.pk]), "kind": kind}
            for states, abilities, name, text, kind in OFFERED
            if obj.state in states and any(self.actor.may(one, obj.agency) for one in abilities)
        ]
        found.append({"text": _("查看来源"), "href": source_of(obj), "kind": "quiet"})
        if obj.published_at:
            found.append({"text": _("查看公示页"), "href": reverse("published", args=[obj.pk]), "kind": "quiet"})
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        row = self.object
        version = queries.version_for(self.actor, row)
        places = scanning.scan(row, version) if version is not None and gate.sees_content(self.actor, row) else []
        steps, reservations = terms.explained(row)
        return super().context(
            version=version,
            waits=version is not None and version.number == row.pending,
            fields=shown.fields(version, places),
            findings=shown.findings(places),
            hidden=bool(row.pending) and not gate.sees_content(self.actor, row),
            steps=steps,
            reservations=reservations,
            deliveries=self._deliveries(row),
            versions=self._versions(row),
            **more,
        )

    def _deliveries(self, row: Publication) -> list[dict[str, Any]]:
        mine = self.actor.may(gate.PREPARE, row.agency)
        return [
            {
                "channel": channels.CHANNELS[one.channel],
                "action": Action(one.action).label,
                "version": one.version,
                "state": DeliveryState(one.state).label,
                "error": one.error if one.state == DeliveryState.WAITING else "",
                "tries": one.tries,
                "at": one.delivered_at,
                "receipt": one.receipt,
                "report": reverse("disclosure:report", args=[row.pk, one.pk])
                if mine and one.state == DeliveryState.MANUAL
                else "",
            }
            for one in sorted(queries.deliveries(self.actor, row), key=_order)
        ]

    def _versions(self, row: Publication) -> list[dict[str, Any]]:
        found = list(row.versions.exclude(signed_event=None))
        names = actor_names([one for v in found for one in (v.prepared_by, v.signed_by)])
        return [
            {
                "number": one.number,
                "signed_at": one.signed_at,
                "prepared_by": names.get(one.prepared_by, one.prepared_by),
                "signed_by": names.get(one.signed_by, one.signed_by),
                "reason": one.reason,
                "waiver": one.waiver,
                "digest": one.digest,
            }
            for one in found
        ]


def _order(one: Delivery) -> tuple[float, int]:
    """Newest first; of those of one act in the order of the table of channels."""
    return -one.created_at.timestamp(), list(channels.CHANNELS).index(one.channel)


def source_of(row: Publication) -> str:
    """The console's page of what it was made from."""
    return reverse(SOURCES[Kind(row.kind)], args=[row.subject])


class PublicationForm(FormPage):
    """A form on one publication, for those who may do it."""

    template_name = "disclosure/form.html"
    marked: ClassVar[bool] = False
    abilities: ClassVar[tuple[str, ...]] = ()  # any one is enough; none: the page's own

    @cached_property
    def row(self) -> Publication:
        """The publication."""
        return queries.get(self.actor, self.kwargs["publication"])  # type: ignore[attr-defined]

    def admit(self) -> None:
        gate.demand_any(self.actor, self.row.agency, self.abilities or (self.ability,))

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])), (self.row.working_title, self.done_url(None)))

    def done_url(self, result: Any) -> str:
        return reverse("disclosure:publication", args=[self.row.pk])

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.row.rev}

    def context(self, **more: Any) -> dict[str, Any]:
        version = queries.version_for(self.actor, self.row) if self.marked else None
        places = scanning.scan(self.row, version) if version else []
        return super().context(
            row=self.row,
            source=source_of(self.row),
            fields=shown.fields(version, places),
            findings=shown.findings(places),
            **more,
        )


class Prepare(PublicationForm):
    """Make what is to be shown."""

    ability = gate.PREPARE
    title = _("拟定公示")
    form_class = forms.PrepareForm
    submit = _("按来源拟定")
    done = _("已拟定，等待另一人核对签发。")

    def act(self, data: Mapping[str, Any]) -> Publication:
        return services.prepare(self.actor, self.row.pk, **data)


class Sign(PublicationForm):
    """Compare and sign."""

    ability = gate.SIGN
    title = _("核对并签发公示")
    form_class = forms.SignForm
    submit = _("签发公示")
    done = _("已签发并公示。各渠道的送达情况见下。")
    marked = True

    def act(self, data: Mapping[str, Any]) -> Publication:
        return services.sign(self.actor, self.row.pk, rev=data["rev"], waiver=data["waiver"])


class Return(PublicationForm):
    """Send it back."""

    ability = gate.SIGN
    title = _("退回公示")
    form_class = forms.ReturnForm
    submit = _("退回")
    done = _("已退回，由拟定人重新拟定。")
    marked = True

    def act(self, data: Mapping[str, Any]) -> Publication:
        return services.send_back(self.actor, self.row.pk, **data)


class Correct(PublicationForm):
    """Prepare a new version."""

    ability = READ
    abilities = gate.CORRECT
    title = _("更正公示")
    form_class = forms.CorrectForm
    submit = _("按现在的来源拟定更正")
    done = _("更正已拟定，签发之前原内容继续公示。")
    marked = True

    def act(self, data: Mapping[str, Any]) -> Publication:
        return services.correct(self.actor, self.row.pk, **data)


class Withdraw(PublicationForm):
    """Take it down."""

    ability = gate.SIGN
    title = _("撤下公示")
    form_class = forms.WithdrawForm
    submit = _("撤下")
    done = _("已撤下，各渠道正在通知。")

    def act(self, data: Mapping[str, Any]) -> Publication:
        return services.withdraw(self.actor, self.row.pk, **data)


class Report(PublicationForm):
    """A receipt of a channel that is reported to by hand."""

    ability = gate.PREPARE
    title = _("登记报送回执")
    form_class = forms.ReceiptForm
    submit = _("登记")
    done = _("回执已登记。")

    def admit(self) -> None:
        super().admit()
        if not queries.deliveries(self.actor, self.row).filter(pk=self.kwargs["delivery"]).exists():  # type: ignore[attr-defined]
            raise NotFound("delivery")

    def initial(self) -> Mapping[str, Any]:
        return {}

    def act(self, data: Mapping[str, Any]) -> Any:
        return services.report_by_hand(self.actor, self.kwargs["delivery"], **data)  # type: ignore[attr-defined]
