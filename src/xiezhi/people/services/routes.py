"""The approval matrix: which act passes through whom. Routes are never edited; a new version closes the old."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.people import flow
from xiezhi.people.aggregate import agency_at, demand, need
from xiezhi.people.approval_kinds import APPROVAL_KINDS
from xiezhi.people.models import Agency, ApprovalRoute, Role
from xiezhi.record.acts import act, emit


@act("people.route_adopted", "people.route_closed")
def adopt_route(
    actor: Actor,
    *,
    kind: str,
    agency: str,
    steps: Sequence[Mapping[str, Any] | flow.Step],
    source: str,
    valid_from: date,
) -> ApprovalRoute:
    """Let acts of ``kind`` in the subtree of ``agency`` pass through ``steps`` from day ``valid_from``.

    steps    in order, after the applicant: ``flow.Step`` or its stored form; several roles in one step countersign
    source   where this order is written down (document and date)
    The version in force before ends the day before; approvals that run keep theirs.
    """
    need(actor, "people.manage_routes", agency)
    demand(source=source)
    if kind not in APPROVAL_KINDS:
        raise Invalid({"kind": [_("没有这种审批事项：%(kind)s。") % {"kind": kind}]})
    if agency != "/":
        agency_at(agency)
    else:
        # One after the other here too: the second then finds the first's route, open.
        list(Agency.objects.select_for_update().filter(parent=None).order_by("pk"))
    path = _steps(steps)
    earlier = ApprovalRoute.objects.select_for_update().filter(kind=kind, agency=agency)
    for route in earlier.filter(valid_to=None):
        if route.valid_from >= valid_from:
            raise Invalid(
                {"valid_from": [_("须晚于现行版本的启用日期 %(day)s。") % {"day": route.valid_from.isoformat()}]}
            )
        closing = {"route": route.id, "valid_to": valid_from - timedelta(days=1)}
        emit(
            "people.route_closed",
            stream=_stream(kind, agency),
            subject=f"route:{route.id}",
            data=closing,
            agency=agency,
        )
    version = (earlier.aggregate(Max("version"))["version__max"] or 0) + 1
    try:
        with transaction.atomic():
            route = ApprovalRoute.objects.create(
                kind=kind,
                agency=agency,
                version=version,
                steps=[step.as_json() for step in path],
                source=source,
                valid_from=valid_from,
            )
    except IntegrityError:
        # Before the first agency there is no row to wait at: another adopted one at the same moment.
        raise Invalid({"kind": [_("另一人刚刚启用了这一事项的流程。请重新打开页面，核对后再提交。")]}) from None
    emit(
        "people.route_adopted",
        stream=_stream(kind, agency),
        subject=f"route:{route.id}",
        data={
            "route": route.id,
            "kind": kind,
            "agency": agency,
            "version": version,
            "steps": route.steps,
            "source": source,
            "valid_from": valid_from,
        },
        agency=agency,
    )
    return route


def _stream(kind: str, agency: str) -> str:
    return f"route:{kind}:{agency}"[:120]


def _steps(given: Sequence[Mapping[str, Any] | flow.Step]) -> tuple[flow.Step, ...]:
    stored = [step.as_json() if isinstance(step, flow.Step) else step for step in given]
    try:
        path = flow.steps_from(stored)
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid({"steps": [_("每一步须有名称和至少一个角色，同一步内角色不得重复。")]}) from error
    named = {role for step in path for role in step.roles}
    known = {role.code: role for role in Role.objects.filter(code__in=named)}
    if unknown := sorted(named - set(known)):
        raise Invalid({"steps": [_("没有这些角色：%(roles)s。") % {"roles": "、".join(unknown)}]})
    if blind := [role.name for role in known.values() if "approval.read" not in role.abilities]:
        raise Invalid({"steps": [_("这些角色不能查看审批：%(roles)s。") % {"roles": "、".join(blind)}]})
    return path
