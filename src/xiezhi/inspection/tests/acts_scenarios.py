"""A valid call of every act, for the walk over all services."""

from datetime import date, timedelta

from xiezhi import clock
from xiezhi.inspection import services
from xiezhi.inspection.codes import Duty
from xiezhi.inspection.models import DrawnTarget
from xiezhi.inspection.tests import approvals, cases, changing, leveled, planned, sending, triggered, visited
from xiezhi.people import services as people
from xiezhi.people.queries import actor_of
from xiezhi.people.tests import house
from xiezhi.record import sequencer

DOCUMENT = "示监函〔2026〕3号"


def _long_ago():
    """Early enough for every step and the whole window to lie behind the real clock."""
    return clock.now().replace(microsecond=0) - timedelta(days=40)


def _item():
    return (
        services.publish_item,
        (cases.LI,),
        {
            "code": "ZJ-002",
            "title": "示例事项",
            "basis": "《建筑法》第七条",
            "target_kind": "entity",
            "valid_from": date(2026, 1, 1),
            "agency": cases.AGENCY,
            "district": cases.DISTRICT,
        },
    )


def _roster():
    return (
        services.freeze_roster,
        (cases.LI,),
        {
            "item": cases.item(),
            "title": "示例名录",
            "agency": cases.AGENCY,
            "district": cases.DISTRICT,
            "targets": cases.targets(7),
            "selection": {},
        },
    )


def _ask_task_change():
    task = visited.released()
    accounts = changing.desk(task)
    given = {"rev": task.rev, "reason": "工程已竣工。"} | changing.CANCEL
    return services.ask_task_change, (actor_of(accounts["asks"]), task.pk), given


def _carry_out_task_change():
    task = visited.released()
    accounts = changing.desk(task)
    with sending.day(task.window_from - timedelta(days=1)):
        approval = changing.asked(task, accounts, **changing.CANCEL)
        people.agree(actor_of(accounts["signs"]), approval=approval.id, text="同意。", rev=approval.rev)
    return services.carry_out_task_change, (cases.ITSELF,), {"task": task.pk, "approval": approval.pk}


def _call_reserve():
    task = visited.released()
    leader = task.officers.get(duty=Duty.LEADER).officer
    people.revoke_certificate(
        sending.SETUP, certificate=leader.certificates.get().id, on=task.window_from, reason="示例"
    )
    return services.call_reserve, (cases.ITSELF,), {"task": task.pk, "officer": leader.pk}


def _discard():
    draw = cases.prepared(_long_ago())
    return services.discard_draw, (cases.LI, draw.id), {"rev": draw.rev, "explanation": "数量填错"}


def _prepare():
    listed = cases.roster(12)
    now = clock.now()
    return (
        services.prepare_draw,
        (cases.LI,),
        {
            "roster": listed,
            "plan_line": cases.plan_line(listed.item, (now + timedelta(days=2)).year),
            "title": "示例抽查",
            "window_from": (now + timedelta(days=2)).date(),
            "window_to": (now + timedelta(days=2)).date(),
            "plan": [cases.stratum()],
            "sources": [cases.source(now + timedelta(hours=8))],
        },
    )


def _exclude():
    draw = cases.prepared(clock.now())
    given = {"code": cases.targets(1)[0].code, "reason": "FREQ_CAP", "document": DOCUMENT, "rev": draw.rev}
    return services.exclude_target, (cases.LI, draw.id), given


def _readmit():
    _, args, kwargs = _exclude()
    made = services.exclude_target(*args, **kwargs)
    return services.readmit_target, args, {"exclusion": made.id, "rev": kwargs["rev"] + 1}


def _commit():
    draw = cases.prepared(clock.now())
    return services.commit_draw, (cases.LI, draw.id), {"rev": draw.rev}


def _void():
    draw = cases.drawn(_long_ago())
    given = {"reason": "程序有误", "explanation": "示例说明", "document": DOCUMENT, "rev": draw.rev}
    return services.void_draw, (cases.LI, draw.id), given


def _enter():
    start = _long_ago()
    draw = cases.committed(start)
    out = start + timedelta(hours=12)
    given = {"label": cases.label(out), "value": cases.value(out), "published_at": out}
    return services.enter_source, (cases.LI, draw.id), given | {"rev": draw.rev}


def _confirm():
    start = _long_ago()
    draw, out = cases.entered(start), start + timedelta(hours=12)
    given = {"label": cases.label(out), "value": cases.value(out), "rev": draw.rev}
    return services.confirm_source, (cases.WITNESS, draw.id), given


def _run():
    draw = cases.confirmed(_long_ago())
    return services.run_draw, (cases.WANG, draw.id), {"rev": draw.rev}


def _replace():
    draw = cases.drawn(_long_ago())
    out = DrawnTarget.objects.filter(draw=draw, standing="drawn").first()
    given = {"opaque": out.opaque, "reason": "CLOSED", "document": DOCUMENT, "rev": draw.rev}
    return services.replace_drawn, (cases.LI, draw.id), given


def _ask():
    approvals.house()
    _service, (_actor, draw), given = _replace()
    return services.ask_replacement, (approvals.actor(approvals.HANDLER), draw), given | {"text": "示例理由"}


def _carry_out():
    target, approval = approvals.approved(_long_ago())
    return services.carry_out_replacement, (cases.ITSELF,), {"target": target.id, "approval": approval.id}


def _publish():
    draw = cases.drawn(_long_ago())
    sequencer.seal_all()
    return services.publish_bundle, (cases.LI, draw.id), {"rev": draw.rev}


def _republish():
    draw = cases.published(_long_ago())
    with clock.fixed(draw.published_at + timedelta(days=20)):
        services.open_names(cases.LI, draw.id, rev=draw.rev)
    sequencer.seal_all()
    draw.refresh_from_db()
    return services.republish_bundle, (cases.ITSELF, draw.id), {"change": draw.opened_event}


def _open():
    draw = cases.published(_long_ago())
    return services.open_names, (cases.LI, draw.id), {"rev": draw.rev}


def _hand_out():
    draw = cases.published(_long_ago())
    given = {"code": cases.targets(1)[0].code, "document": "2026-03-20 申请", "rev": draw.rev}
    return services.hand_out_entry, (cases.LI, draw.id), given


HEAD = {"title": "示例计划", "agency": planned.AGENCY, "district": planned.DISTRICT}


def _adopt():
    given = {"codes": ["GJ-02"], "valid_from": date(2026, 1, 1), "inspectors": "示例支队"}
    return services.adopt_items, (cases.LI,), given | {"agency": cases.AGENCY, "district": cases.DISTRICT}


def _load():
    row = {"code": "BD-01", "title": "示例", "basis": "《示例条例》第一条", "target_kind": "project"}
    given = {"rows": [row | {"valid_from": date(2026, 1, 1)}]}
    return services.load_items, (cases.LI,), given | {"agency": cases.AGENCY, "district": cases.DISTRICT}


def _draft():
    planned.build()
    given = {"kind": "yearly", "year": 2026, "lines": [planned.line()]}
    return services.draft_plan, (planned.organiser(),), HEAD | given


def _change():
    planned.build()
    plan = planned.drafted()
    given = {"title": "示例计划", "lines": [planned.line("GJ-12")], "rev": plan.rev}
    return services.change_plan, (planned.organiser(), plan.id), given


def _submit():
    planned.build()
    plan = planned.drafted()
    return services.submit_plan, (planned.organiser(), plan.id), {"rev": plan.rev, "text": "请审批。"}


def _publish_plan():
    planned.build()
    plan = planned.approved()
    return services.publish_plan, (house.actor("zhi"), plan.id), {"rev": plan.rev, "document": DOCUMENT}


def _end_plan():
    planned.build()
    plan = planned.drafted()
    return services.end_plan, (planned.organiser(), plan.id), {"rev": plan.rev, "reason": "不再需要。"}


def _tomorrow():
    day = clock.today() + timedelta(days=1)
    return {"window_from": day, "window_to": day}


def _ask_trigger():
    planned.build()
    given = {
        "ground": "alarm",
        "reference": "预警1号",
        "reason": "扬尘超标。",
        "items": [planned.item().id],
        "code": planned.firm().code,
        **_tomorrow(),
        "agency": planned.AGENCY,
        "district": planned.DISTRICT,
    }
    return services.ask_trigger, (planned.organiser(),), given


def _end_trigger():
    planned.build()
    row = planned.asked(**_tomorrow())
    return services.end_trigger, (planned.organiser(), row.id), {"rev": row.rev, "reason": "不再需要。"}


def _send_for_trigger():
    planned.build()
    trigger = triggered.approved(**_tomorrow())
    leader, member = (one.officer_id for one in triggered.officers(2))
    given = {"rev": trigger.rev, "leader": leader, "members": [member]}
    return services.send_for_trigger, (house.actor("zhi"), trigger.id), given


def _signed(approval):
    """Both agree; what follows from it waits for the relay."""
    for username in ("zhou", "zhi"):
        approval = people.agree(house.actor(username), approval=approval.id, text="同意。", rev=approval.rev)


def _plan_approved():
    planned.build()
    plan = planned.submitted()
    _signed(plan.approval)
    return services.plan_approved, (house.SETUP,), {"plan": plan.id, "approval": plan.approval_id}


def _trigger_approved():
    planned.build()
    row = planned.asked(**_tomorrow())
    _signed(row.approval)
    return services.trigger_approved, (house.SETUP,), {"trigger": row.id, "approval": row.approval_id}


def _prepare_dispatch():
    sending.officers(4)
    parent = cases.published(clock.now().replace(microsecond=0))
    return services.prepare_dispatch, (cases.LI,), {"draw": parent.id, "sources": [_source()]}


def _source():
    return cases.source(clock.now() + timedelta(hours=13), label="示例信标二")


def _make_tasks():
    sending.officers(4)
    row = sending.dispatched(cases.published(), relayed=False)
    return services.make_tasks, (house.SETUP,), {"dispatch": row.id}


def _release_task():
    sending.officers(4)
    row = sending.dispatched(cases.published())
    return services.release_task, (house.SETUP, row.dispatched_tasks.first().id), {}


_PACKAGE = "xiezhi.inspection.services"


def _checklist():
    return services.publish_checklist, (cases.LI,), {"item": cases.item().id, "sections": visited.SECTIONS}


def _file():
    task = visited.released()
    given = {"rev": task.rev, "visited_on": task.window_from, "outcome": "clean", "answers": {}}
    return services.file_result, (actor_of(visited.sent(task)), task.pk), given


def _release_result():
    task = _filed()
    return services.release_result, (visited.REVIEWER, task.pk), {"rev": task.rev}


def _return_result():
    task = _filed()
    return services.return_result, (visited.REVIEWER, task.pk), {"rev": task.rev, "reason": "请补正。"}


def _filed():
    task = visited.released()
    visited.filed(task)
    task.refresh_from_db()
    return task


def _reveal():
    start = clock.now().replace(microsecond=0) - timedelta(hours=10)
    draw, values = leveled.witnessed(start)
    given = {"label": leveled.DISCIPLINE, "value": values[leveled.DISCIPLINE], "rev": draw.rev}
    return services.reveal_witness, (cases.WITNESS, draw.id), given


def _release_number():
    draw = leveled.quick(clock.now().replace(microsecond=0) - timedelta(hours=1))
    return services.release_number, (cases.WANG, draw.id), {"rev": draw.rev}


SCENARIOS = {
    f"{_PACKAGE}.dispatches.prepare_dispatch": _prepare_dispatch,
    f"{_PACKAGE}.dispatches.make_tasks": _make_tasks,
    f"{_PACKAGE}.dispatches.release_task": _release_task,
    f"{_PACKAGE}.items.publish_item": _item,
    f"{_PACKAGE}.items.adopt_items": _adopt,
    f"{_PACKAGE}.items.load_items": _load,
    f"{_PACKAGE}.plans.draft_plan": _draft,
    f"{_PACKAGE}.plans.change_plan": _change,
    f"{_PACKAGE}.plans.submit_plan": _submit,
    f"{_PACKAGE}.plans.publish_plan": _publish_plan,
    f"{_PACKAGE}.plans.end_plan": _end_plan,
    f"{_PACKAGE}.checklists.publish_checklist": _checklist,
    f"{_PACKAGE}.visits.file_result": _file,
    f"{_PACKAGE}.visits.release_result": _release_result,
    f"{_PACKAGE}.visits.return_result": _return_result,
    f"{_PACKAGE}.task_changes.ask_task_change": _ask_task_change,
    f"{_PACKAGE}.task_changes.carry_out_task_change": _carry_out_task_change,
    f"{_PACKAGE}.task_changes.call_reserve": _call_reserve,
    f"{_PACKAGE}.triggers.ask_trigger": _ask_trigger,
    f"{_PACKAGE}.triggers.send_for_trigger": _send_for_trigger,
    f"{_PACKAGE}.triggers.end_trigger": _end_trigger,
    f"{_PACKAGE}.approvals.plan_approved": _plan_approved,
    f"{_PACKAGE}.approvals.trigger_approved": _trigger_approved,
    f"{_PACKAGE}.rosters.freeze_roster": _roster,
    f"{_PACKAGE}.draws.prepare_draw": _prepare,
    f"{_PACKAGE}.draws.discard_draw": _discard,
    f"{_PACKAGE}.exclusions.exclude_target": _exclude,
    f"{_PACKAGE}.exclusions.readmit_target": _readmit,
    f"{_PACKAGE}.draws.commit_draw": _commit,
    f"{_PACKAGE}.draws.void_draw": _void,
    f"{_PACKAGE}.sources.enter_source": _enter,
    f"{_PACKAGE}.sources.confirm_source": _confirm,
    f"{_PACKAGE}.reveals.reveal_witness": _reveal,
    f"{_PACKAGE}.reveals.release_number": _release_number,
    f"{_PACKAGE}.results.run_draw": _run,
    f"{_PACKAGE}.replacements.replace_drawn": _replace,
    f"{_PACKAGE}.replacements.ask_replacement": _ask,
    f"{_PACKAGE}.replacements.carry_out_replacement": _carry_out,
    f"{_PACKAGE}.publishing.publish_bundle": _publish,
    f"{_PACKAGE}.publishing.republish_bundle": _republish,
    f"{_PACKAGE}.publishing.open_names": _open,
    f"{_PACKAGE}.requests.hand_out_entry": _hand_out,
}
