"""Event types of drawn inspections. ``data`` holds opaque ids only; codes and salts stand in ``private``."""

from xiezhi.record.types import Data, event_type


class ItemPublished(Data):
    item: str
    code: str
    version: int
    title: str
    basis: str
    field: str = "other"
    origin: str = "local"
    unverified: bool = False


class PlanDrafted(Data):
    """``lines``: what is planned, as the draft has it."""

    plan: str
    kind: str
    year: int
    title: str
    lines: list[dict[str, object]]


class PlanSubmitted(Data):
    plan: str
    approval: str


class PlanApproved(Data):
    plan: str
    approval: str


class PlanPublished(Data):
    plan: str
    kind: str
    year: int
    title: str
    document: str
    lines: list[dict[str, object]]


class PlanEnded(Data):
    plan: str
    reason: str


class TriggerAsked(Data):
    """The target's code stands in the private part: a complaint's target is nobody's business yet."""

    trigger: str
    ground: str
    reference: str
    items: list[str]
    window: tuple[str, str]
    approval: str


class TriggerPrivate(Data):
    code: str
    name: str
    reason: str


class TriggerApproved(Data):
    trigger: str
    approval: str


class TriggerEnded(Data):
    trigger: str
    reason: str


class RosterFrozen(Data):
    """``merged`` names strata that were too small to hide in and were put together."""

    roster: str
    item: str
    size: int
    strata: list[tuple[str, int]]
    merged: list[str]
    frozen_at: str


class RosterDigest(Data):
    """SHA-256 over the canonical list of [code, name, grade, stratum, weight], sorted by code.

    left_out, why    codes that fit and were left out by hand; absent where there were none
    """

    digest: str
    left_out: list[str] | None = None
    why: str | None = None


class DrawPrepared(Data):
    """``rules`` is the announced plan: strata, sources, cycle, window.

    plan, line     ids of the published plan and of its line that it rests on; none in events from before
    deviations     where it departs from the line, in words
    together       codes of the items looked at in the same visit (综合查一次)
    Whom it left out by itself stands in the private part, and how many of them with the commitment's exclusions: a
    number told before would show, once somebody is left out by hand, whether he was among them.
    """

    draw: str
    draw_id: str
    roster: str
    rules: dict[str, object]
    plan: str | None = None
    line: str | None = None
    deviations: list[str] = []
    together: list[str] = []


class DrawPreparedNames(Data):
    """(code, reason) of those whom the draw left out by itself."""

    excluded: list[tuple[str, str]]


class TaskMade(Data):
    """``object``: opaque id in the draw of objects; ``officers`` is false where nobody could be sent (无可随机).

    ``trigger``: of a triggered inspection; then there is neither draw nor object.
    """

    task: str
    draw: str | None
    dispatch: str | None
    object: str | None
    officers: bool
    trigger: str | None = None


class TaskTeam(Data):
    """Of a triggered one: ids of the officers named, the leader first."""

    officers: list[str]


class TaskReleased(Data):
    task: str
    officers: int


class TaskNames(Data):
    """``officers``: ids in the order of the team, reserves after it."""

    code: str
    name: str
    officers: list[str]
    reserves: list[str]


class ChecklistPublished(Data):
    checklist: str
    item: str
    version: int
    sections: list[dict[str, object]]


class ResultFiled(Data):
    """``findings``: how many; what was found stands in the private part, for the object is not public yet."""

    task: str
    result: str
    visited_on: str
    outcome: str
    findings: int
    checklists: list[str]


class ResultPrivate(Data):
    """``answers``: checklist → code of the check → answer."""

    answers: dict[str, dict[str, str]]
    findings: list[dict[str, str]]
    notes: str


class TaskChangeAsked(Data):
    """``window``: the new first and last day, where the task is postponed.

    ``ground``, ``document``: reason code and number on which the object leaves, where the task is cancelled.
    ``why``: of a reassignment, ``codes.Why``.
    """

    task: str
    approval: str
    change: str
    window: tuple[str, str] | None
    ground: str | None = None
    document: str | None = None
    why: str | None = None


class TaskChangePrivate(Data):
    """``officer``: who is to be replaced; null where the change is another.

    ``relation``, ``entity``: the tie on which he stands back, and the code of the firm.
    """

    reason: str
    officer: str | None
    relation: str | None = None
    entity: str | None = None


class TaskOfficerReplaced(Data):
    """``approval`` is null where a certificate lapsed; who it is stands in the private part. ``why``: ``codes.Why``."""

    task: str
    approval: str | None
    why: str | None = None


class TaskOfficerNames(Data):
    out: str
    into: str


class TaskPostponed(Data):
    task: str
    approval: str
    window_from: str
    window_to: str


class TaskCancelled(Data):
    """``ground`` says why; ``approval`` is null where no change of the task was asked for."""

    task: str
    approval: str | None
    ground: str = ""


class ResultReleased(Data):
    """``filed``: the event of the filing that was found in order."""

    task: str
    result: str
    outcome: str
    filed: str = ""


class ResultReturned(Data):
    task: str
    result: str
    reason: str


class TargetExcluded(Data):
    draw: str
    reason: str
    document: str


class Code(Data):
    code: str


class TargetReadmitted(Data):
    draw: str


class DrawCommitted(Data):
    """``files``: SHA-256 (hex) of the bundle files that the commitment fixes.

    ``fairness``: of an officers' draw, the figures of ``fairness.of_table``.
    """

    draw: str
    draw_id: str
    profile: str
    root: str
    rules_hash: str
    objects: int
    committed_at: str
    files: dict[str, str]
    fairness: dict[str, int] = {}


class CommitmentSecret(Data):
    """``secret`` (hex) makes the salts; ``to_cover`` are codes not yet inspected in the cycle.

    ``table``: who may be sent where, by code of the object and the officer, in millionths.
    """

    secret: str
    to_cover: list[str]
    table: list[tuple[str, str, int]] = []


class SourceEntered(Data):
    draw: str
    source: str
    label: str
    value: str
    published_at: str


class SourceConfirmed(Data):
    """``complete``: every announced source has been confirmed."""

    draw: str
    source: str
    label: str
    complete: bool


class OwnNumberMade(Data):
    """``sources``: the draw's, with the commitment of the system's own number."""

    draw: str
    sources: list[dict[str, str]]


class OwnNumber(Data):
    """``value``: secret and nonce, as the release tells them."""

    value: str


class Revealed(Data):
    """``label``, ``value``, ``published_at`` as in sources.json; ``by`` is who entered it, or committed the draw."""

    draw: str
    source: str
    label: str
    value: str
    published_at: str
    by: str


class TargetsDrawn(Data):
    """``loads``: of an officers' draw, the fewest and the most objects that an officer got.

    ``targets``: SHA-256 over the rows of the drawn and the reserves (``drawn_rows.digest``); opaque ids are public.
    """

    draw: str
    draw_id: str
    seed: str
    drawn_at: str
    drawn: int
    strata: list[tuple[str, int]]
    files: dict[str, str]
    loads: tuple[int, int] | None = None
    targets: str = ""


class DrawnNames(Data):
    """[opaque id, code] of everyone drawn or in reserve; ``officers`` likewise, and who is sent.

    ``teams``: opaque id of the object, those of its officers, those of its reserves in order.
    """

    names: list[tuple[str, str]]
    officers: list[tuple[str, str]] = []
    teams: list[tuple[str, list[str], list[str]]] = []


class DrawnTargetReplaced(Data):
    """``removed`` and ``called`` are rows of the drawn targets; ``called`` is null where no reserve is left.

    ``also``: the row of the same object in the other stream, where it was drawn in both.
    """

    draw: str
    at: str
    stratum: str
    stream: str
    out: str
    into: str | None
    reason: str
    document: str
    removed: str
    called: str | None
    also: str | None = None
    files: dict[str, str]


class ReplacementAsked(Data):
    """``target`` is the row of the object that is to leave; ``approval`` decides."""

    draw: str
    approval: str
    target: str
    out: str
    reason: str
    document: str


class DrawVoided(Data):
    draw: str
    draw_id: str
    voided_at: str
    reason: str
    explanation: str
    document: str
    files: dict[str, str]


class NamesOpened(Data):
    draw: str
    opened_at: str
    opened: int
    files: dict[str, str]


class EntryHandedOut(Data):
    """``document``: the target's request."""

    draw: str
    document: str


class BundlePublished(Data):
    """``stage``: the state of the draw that the bundle shows; ``log_size`` and ``vkey``: of its checkpoint."""

    draw: str
    bundle: str
    sha256: str
    size: int
    stage: str
    state: str
    published_at: str
    log_size: int
    vkey: str


event_type("inspection.item_published", "发布抽查事项", ItemPublished)
event_type("inspection.plan_drafted", "起草检查计划", PlanDrafted)
event_type("inspection.plan_changed", "修改检查计划", PlanDrafted)
event_type("inspection.plan_submitted", "检查计划报批", PlanSubmitted)
event_type("inspection.plan_approved", "检查计划获批", PlanApproved)
event_type("inspection.plan_published", "公布检查计划", PlanPublished)
event_type("inspection.plan_ended", "终止检查计划", PlanEnded)
event_type("inspection.trigger_asked", "申请触发式检查", TriggerAsked, TriggerPrivate)
event_type("inspection.trigger_approved", "触发式检查获批", TriggerApproved)
event_type("inspection.trigger_ended", "终止触发式检查", TriggerEnded)
event_type("inspection.roster_frozen", "固定检查对象名录", RosterFrozen, RosterDigest)
event_type("inspection.draw_prepared", "拟定抽取", DrawPrepared, DrawPreparedNames)
event_type("inspection.task_made", "生成检查任务", TaskMade, TaskTeam)
event_type("inspection.task_released", "向检查人员开启任务", TaskReleased, TaskNames)
event_type("inspection.checklist_published", "发布检查表", ChecklistPublished)
event_type("inspection.task_change_asked", "申请变更检查任务", TaskChangeAsked, TaskChangePrivate)
event_type("inspection.task_officer_replaced", "检查人员由候补接替", TaskOfficerReplaced, TaskOfficerNames)
event_type("inspection.task_postponed", "检查任务改期", TaskPostponed)
event_type("inspection.task_cancelled", "取消检查任务", TaskCancelled)
event_type("inspection.result_filed", "登记检查结果", ResultFiled, ResultPrivate)
event_type("inspection.result_released", "复核检查结果", ResultReleased)
event_type("inspection.result_returned", "退回检查结果", ResultReturned)
event_type("inspection.target_excluded", "抽取前排除检查对象", TargetExcluded, Code)
event_type("inspection.target_readmitted", "撤回抽取前的排除", TargetReadmitted, Code)
event_type("inspection.draw_committed", "固定名录与规则（抽取承诺）", DrawCommitted, CommitmentSecret)
event_type("inspection.source_entered", "录入随机源", SourceEntered)
event_type("inspection.source_confirmed", "复核随机源", SourceConfirmed)
event_type("inspection.own_number_made", "生成系统随机数并固定", OwnNumberMade, OwnNumber)
event_type("inspection.witness_revealed", "见证人揭示", Revealed)
event_type("inspection.own_number_released", "启用系统随机数", Revealed)
event_type("inspection.targets_drawn", "抽取检查对象", TargetsDrawn, DrawnNames)
event_type("inspection.drawn_target_replaced", "抽中后移出与递补", DrawnTargetReplaced)
event_type("inspection.replacement_asked", "申请移出抽中对象", ReplacementAsked)
event_type("inspection.draw_voided", "抽取作废", DrawVoided)
event_type("inspection.names_opened", "公开抽中对象名称", NamesOpened)
event_type("inspection.bundle_published", "公布抽取数据包", BundlePublished)
event_type("inspection.entry_handed_out", "向对象提供其名录条目", EntryHandedOut, Code)
