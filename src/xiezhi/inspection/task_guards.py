"""What may not be done with officers' draws and tasks, and why."""

from datetime import date, timedelta

from django.utils.translation import gettext_noop as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Refusal, Verdict
from xiezhi.people.approval_kinds import DRAW_CHANGE, TASK_CHANGE
from xiezhi.people.flow import APPROVED
from xiezhi.people.models import Approval
from xiezhi.record import queries as record

from . import dispatch, drawn_rows, queries, trigger_guards
from .codes import WITH_RESULT, State, TaskState
from .dispatch import SENT
from .guards import ALLOWED
from .item_guards import LISTED
from .models import Draw, Task, TaskOfficer
from .task_ends import AHEAD

TWO_OFFICERS = "《行政处罚法》第四十二条"
_DR_1_CHANGES = _("《dr/1 抽取规则》第3.5节")


def not_dispatched(parent: Draw) -> Verdict:
    """Officers are drawn once for an object: one is left without. A void officers' draw does not count."""
    other = parent.dispatches.exclude(state=State.VOID).order_by("-pk").first()
    if other is None or dispatch.without_officers(parent):
        return ALLOWED
    return Refusal(
        "xz-dispatch-once",
        "",
        _("抽取 %(draw)s 的检查人员已由 %(other)s 抽取。"),
        _("要重新抽取，请先写明理由作废 %(other)s，再另立新号、另定随机源。"),
        {"draw": parent.draw_id, "other": other.draw_id},
    )


def objects_stand(draw: Draw) -> Verdict:
    """Of an officers' draw: its objects are still to be visited, and the draw that found them counts."""
    parent = draw.parent
    if parent is None:
        return ALLOWED
    if parent.state == State.PUBLISHED and set(dispatch.roster_of(draw)) <= set(dispatch.objects(parent)):
        return ALLOWED
    return Refusal(
        "xz-dispatch-objects",
        "",
        _(
            "人员抽取 %(draw)s 拟定之后，抽取 %(parent)s 的抽中对象有移出，或者该抽取已作废、已公开名称，不能再作出承诺。"
        ),
        _("请弃用这次拟定；抽取 %(parent)s 仍有效的，再就现有对象另行拟定抽取检查人员。"),
        {"draw": draw.draw_id, "parent": parent.draw_id},
    )


def rows_as_drawn(parent: Draw) -> Verdict:
    """The stored result is the one that its event tells of; draws from before the event told it are let through."""
    told = (record.envelope(parent.result_event) or {}).get("data", {}).get("targets")
    if not told or told == drawn_rows.stored(parent.pk):
        return ALLOWED
    return Refusal(
        "xz-dispatch-rows",
        "",
        _("抽取 %(draw)s 已存的抽中对象与全过程记录不符，不能据以抽取检查人员。"),
        _("请系统管理员运行 xiezhi record replay，查明被改动的内容后再办理。"),
        {"draw": parent.draw_id},
    )


def stands(task: Task) -> Verdict:
    """What it rests on counts: both draws, with the object still to be visited; or the approved trigger."""
    if task.trigger is not None:
        return trigger_guards.approved(task.trigger)
    void = State.VOID in (task.draw.state, task.dispatch.state)
    if not void and task.opaque in dispatch.objects(task.draw):
        return ALLOWED
    return Refusal(
        "xz-task-stands",
        "",
        _("任务 %(task)s 的抽取已作废，或者对象已移出，不能向检查人员开启。"),
        _("请就递补的对象或另行作出的抽取办理。"),
        {"task": str(task)},
    )


def day_before(task: Task, today: date, notice: timedelta) -> Verdict:
    """Names are open to those who go from the day before the window on, not earlier."""
    first = task.window_from - notice
    if today >= first:
        return ALLOWED
    return Refusal(
        "xz-task-day-before",
        "",
        _("任务 %(task)s 的名称要到 %(day)s 才向检查人员开启。"),
        _("请在检查期间开始的前一日再办理。"),
        {"task": str(task), "day": first.isoformat()},
    )


def within_plan(task: Task, first: date, last: date) -> Verdict:
    """A new window of a drawn task stays in the period of the plan that its draw rests on, as the draw's own had to."""
    line = None if task.draw is None else task.draw.line
    if line is None or line.plan.begins <= first <= last <= line.plan.ends:
        return ALLOWED
    return Refusal(
        "xz-task-planned",
        LISTED,
        _("任务 %(task)s 依据计划“%(plan)s”，不能改期到该计划的起止日期 %(begins)s 至 %(ends)s 之外。"),
        _("请另选计划期间之内的日期；期间之内查不了的，申请取消该任务，再按以后公布的计划另行抽取。"),
        {
            "task": str(task),
            "plan": line.plan.title,
            "begins": line.plan.begins.isoformat(),
            "ends": line.plan.ends.isoformat(),
        },
    )


TWO = 2


def in_state(task: Task, states: tuple[TaskState, ...], what: str) -> Verdict:
    """The task stands in one of ``states``, where ``what`` may be done."""
    if task.state in states:
        return ALLOWED
    return Refusal(
        "xz-task-order",
        "",
        _("任务 %(task)s 当前为“%(state)s”，不能%(what)s。"),
        _("请依次办理：开启、检查、登记结果、复核；已办结的任务不能再改，更正须另行登记。"),
        {"task": str(task), "state": TaskState(task.state).label, "what": what},
    )


def was_sent(task: Task, actor: Actor) -> Verdict:
    """Who files was sent there himself."""
    if queries.is_sent(actor, task):
        return ALLOWED
    return Refusal(
        "xz-task-own",
        TWO_OFFICERS,
        _("检查结果由到场的执法人员登记，您不在任务 %(task)s 的检查人员之中。"),
        _("请由该任务的组长或组员登记；需要更换人员的，请先办理改派。"),
        {"task": str(task)},
    )


def within_window(task: Task, day: date, today: date) -> Verdict:
    """The visit took place in the announced window, and not in the future."""
    if task.window_from <= day <= task.window_to and day <= today:
        return ALLOWED
    return Refusal(
        "xz-task-window",
        "",
        _("检查日期 %(day)s 不在任务 %(task)s 的检查期间（%(first)s 至 %(last)s）之内，或者还没有到。"),
        _("请核对日期；确需在期间之外检查的，请先申请改期并获批。"),
        {
            "day": day.isoformat(),
            "task": str(task),
            "first": task.window_from.isoformat(),
            "last": task.window_to.isoformat(),
        },
    )


def two_certified(task: Task, day: date) -> Verdict:
    """At least two of those sent held a certificate for the item on the day of the visit."""
    sent = list(task.officers.filter(duty__in=SENT).values_list("officer", flat=True))
    if len(dispatch.certified(task, sent, day)) >= TWO:
        return ALLOWED
    return Refusal(
        "xz-task-two-certified",
        TWO_OFFICERS,
        _("%(day)s 持有效执法证件的检查人员不足两人，该次检查不能作为执法检查登记。"),
        _("请核对证件有效期；证件已失效的，由候补人员接替并在期间内另行检查。"),
        {"day": day.isoformat()},
    )


def second_person(task: Task, actor: Actor) -> Verdict:
    """Who reviews neither went there nor filed the result."""
    if not queries.is_sent(actor, task) and task.result.filed_by != actor.id:
        return ALLOWED
    return Refusal(
        "xz-task-second-person",
        "",
        _("您是任务 %(task)s 的检查人员或结果登记人，不能自行复核。"),
        _("请由未参加本次检查的负责人复核。"),
        {"task": str(task)},
    )


def _not_drawn(task: Task) -> Refusal:
    return Refusal(
        "xz-task-triggered",
        "",
        _("任务 %(task)s 是触发式检查，没有抽取，也就没有候补和备选，不能这样变更。"),
        _("换人的，请负责人在该触发式检查页面重新指派；不再检查的，请在该页面终止。"),
        {"task": str(task)},
    )


def has_reserve(task: Task, next_one: TaskOfficer | None) -> Verdict:
    """Somebody in reserve can still go."""
    if task.draw is None:
        return _not_drawn(task)
    if next_one is not None:
        return ALLOWED
    return Refusal(
        "xz-task-reserve",
        TWO_OFFICERS,
        _("任务 %(task)s 已没有可接替的候补：候补用完，或者都请假、证件失效、须回避。"),
        _(
            "请申请改期，等有人可派；不能等的，以“回避后无人可派”申请取消，对象移出，递补的对象另行抽取检查人员；"
            "别的持证人员可以去的，先申报须回避的关系，再作废 %(dispatch)s，另立新号、另定随机源重新抽取检查人员。"
        ),
        {"task": str(task), "dispatch": task.dispatch.draw_id if task.dispatch else ""},
    )


def change_approved(task: Task, approval: Approval | None) -> Verdict:
    """The approval has its last signature and is of a change of exactly this task."""
    ours = approval is not None and approval.kind in (TASK_CHANGE, DRAW_CHANGE)  # as ``cancelling`` chose
    if ours and (approval.subject, approval.state) == (f"task:{task.pk}", APPROVED):  # type: ignore[union-attr]
        return ALLOWED
    return Refusal(
        "xz-task-change-approved",
        "",
        _("任务 %(task)s 的变更没有已批准的审批，不能办理。"),
        _("请就该任务提交审批；最后一步批准后由系统自动办理。"),
        {"task": str(task)},
    )


def can_be_cancelled(task: Task) -> Verdict:
    """A task of a draw that counts; one that was never visited also once the names are open."""
    if task.draw is None:
        return _not_drawn(task)
    opened = task.draw.state == State.OPENED
    if task.draw.state in WITH_RESULT[:-1] or (opened and task.state != TaskState.RETURNED):
        return ALLOWED
    return Refusal(
        "xz-task-object-leaves",
        _DR_1_CHANGES,
        _("抽取 %(draw)s 已作废，或者名称已公开而任务 %(task)s 已登记过结果，不能取消。"),
        _(
            "已到场的，请检查人员据实登记结果（包括已完工、停工或关停，无法联系）；确须另行检查的，申请触发式检查。"
        ),
        {"draw": task.draw.draw_id, "task": str(task)},
    )


def no_visit_ahead(draw: Draw) -> Verdict:
    """No task of the draw is still to be visited in a window that was moved."""
    ahead = draw.tasks.filter(state__in=AHEAD, window_to__gt=draw.window_to)
    late = ahead.order_by("-window_to").first()
    if late is None:
        return ALLOWED
    return Refusal(
        "xz-task-ahead",
        "",
        _("任务 %(task)s 已改期到 %(last)s，检查之前不能公开名称。"),
        _("请在该任务办结或取消之后公开。"),
        {"task": str(late), "last": late.window_to.isoformat()},
    )
