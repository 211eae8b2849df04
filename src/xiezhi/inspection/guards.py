"""What may not be done in a draw, and why: each guard answers :class:`Allowed` or a :class:`Refusal`.

They are plain functions on a draw, a time and what was typed; ``services`` calls :func:`demand` with their answer.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from fractions import Fraction

from django.utils.translation import gettext_noop as _

from xiezhi import clock
from xiezhi.core.errors import Allowed, Refusal, Refused, Verdict
from xiezhi.people.approval_kinds import DRAW_CHANGE
from xiezhi.people.flow import APPROVED
from xiezhi.people.models import Approval

from . import announced as announced_by
from .codes import Level, State
from .models import Draw, SourceValue
from .rivals import Source

ALLOWED = Allowed()
_CHOOSE = _("请另选以后一期，并把期号写进随机源名称。")
_PLAN_ANEW = _("请弃用这次拟定，另行拟定一次抽取，另选以后一期。")
_WINDOW = _("请把检查开始日期改到随机源公布的次日或以后。")
_PLAN_WINDOW = _("请弃用这次拟定，另行拟定一次抽取，检查从随机源公布的次日或以后开始。")
_FEWER = _("请把抽取数量改为 1 至可抽的对象数之间，或改用比例；权重为 0 的对象不能按权重抽取。")
_PLAN_FEWER = _("请撤回多余的排除，或弃用这次拟定，改好数量后另行拟定。")
_DR_1_CHANCES = _("《dr/1 抽取规则》第3.1节")
_VOID = _("请核对有无键错；没有键错的，须作废本次抽取，另立新号，公告以后的一期。")


def demand(*verdicts: Verdict) -> None:
    """Raise :class:`Refused` with the first refusal."""
    for verdict in verdicts:
        if isinstance(verdict, Refusal):
            raise Refused(verdict)


def in_state(draw: Draw, states: tuple[State, ...], what: str) -> Verdict:
    """The draw stands in one of ``states``, where ``what`` may be done."""
    if draw.state in states:
        return ALLOWED
    return _refusal(
        "xz-draw-order",
        _("抽取 %(draw)s 当前为“%(state)s”，不能%(what)s。"),
        _("请按页面列出的步骤依次办理；已经承诺的内容不能再改，只能作废后另立新号。"),
        {"draw": draw.draw_id, "state": State(draw.state).label, "what": what},
    )


def sources_later_than(draw: Draw, moment: datetime) -> Verdict:
    """Every announced source lies after the commitment that is about to be made."""
    early = [
        source["label"]
        for source in (*announced_by.public(draw), *announced_by.outside(draw))
        if announced_by.due(source) <= moment
    ]
    if not early:
        return ALLOWED
    return _refusal(
        "xz-draw-source-later",
        _("随机源“%(labels)s”的公布时间不晚于承诺时间，结果可能已被知晓，不能用于本次抽取。"),
        _later_source(draw),
        {"labels": "、".join(early)},
    )


def window_after_sources(draw: Draw) -> Verdict:
    """Visits begin on the day after the last source is due, at the earliest, by the calendar of Shanghai.

    Until the source is out nobody is drawn; and names are sealed until the day before the visits.
    """
    due = clock.day(max(map(announced_by.due, draw.sources)))
    # A quick draw is run on the day itself, and its visits may begin at once.
    if draw.window_from > due or (draw.level == Level.QUICK and draw.window_from == due):
        return ALLOWED
    return _refusal(
        "xz-draw-window",
        _("检查从 %(first)s 开始，不晚于随机源公布的 %(due)s（北京时间），那时尚未抽取，或者刚抽出就会公开名称。"),
        _WINDOW if draw.state is None else _PLAN_WINDOW,
        {"first": draw.window_from.isoformat(), "due": due.isoformat()},
    )


def drawable(draw: Draw, there: Mapping[str, tuple[int, int]]) -> Verdict:
    """Somebody is drawn, and of no stratum more than it holds.

    there   stratum → objects that are not excluded, and how many of them can be drawn (with weights: those above 0)
    """
    anybody = False
    for stratum in draw.plan:
        size, can = there.get(stratum["stratum"], (0, 0))
        wanted = Fraction(*stratum["ratio"]) * size if stratum["ratio"] else Fraction(stratum["n"])
        anybody = anybody or wanted > 0 or (stratum["coverage"] and size > 0)
        if wanted > can:
            return _refusal(
                "xz-draw-size",
                _("“%(stratum)s”层要抽 %(wanted)s 个，可抽的对象只有 %(there)s 个。"),
                _FEWER if draw.state is None else _PLAN_FEWER,
                {"stratum": stratum["stratum"], "wanted": str(wanted), "there": can},
                _DR_1_CHANCES,
            )
    if anybody:
        return ALLOWED
    return _refusal(
        "xz-draw-size",
        _("按这个方案一个对象也抽不出。"),
        _FEWER if draw.state is None else _PLAN_FEWER,
        {},
        _DR_1_CHANCES,
    )


def sources_of_its_own(draw: Draw, mine: Sequence[Source], rivals: Sequence[Source]) -> Verdict:
    """No other draw of the agency announced one of these sources."""
    for source in mine:
        for rival in rivals:
            if not source.announces(rival):
                continue
            return _refusal(
                "xz-draw-new-source",
                _(
                    "随机源“%(label)s”与抽取 %(rival)s 公告的“%(other)s”名称相同或公布时间相同。"
                    "本机构的一期随机源只能用于一次抽取，承诺之后作废的抽取也算。"
                ),
                _later_source(draw),
                {"label": source.label, "rival": rival.draw_id, "other": rival.label},
                _("《dr/1 抽取规则》第4节"),
            )
    return ALLOWED


def values_of_its_own(mine: Sequence[Source], rivals: Sequence[Source]) -> Verdict:
    """No other draw of the agency had such a value within 30 days: it would be the same issue by another name."""
    for source in mine:
        for rival in rivals:
            if not source.shows(rival):
                continue
            return _refusal(
                "xz-draw-new-value",
                _(
                    "随机源“%(label)s”的值与抽取 %(rival)s 的“%(other)s”相同，公布时间相距不超过 30 天，"
                    "无法证明不是同一期。本机构的一期随机源只能用于一次抽取。"
                ),
                _VOID,
                {"label": source.label, "rival": rival.draw_id, "other": rival.label},
                _("《dr/1 抽取规则》第4节"),
            )
    return ALLOWED


def published_after(draw: Draw, announced: Mapping[str, str], published_at: datetime, now: datetime) -> Verdict:
    """The value came out after the commitment and the announced time, and not in the future."""
    label = announced["label"]
    if draw.committed_at is not None and published_at <= draw.committed_at:
        return _refusal(
            "xz-draw-source-later",
            _("随机源“%(label)s”的公布时间不晚于承诺时间，结果可能已被知晓，不予采用。"),
            _("请核对公布时间；确实早于承诺的，须作废本次抽取，另立新号、另定随机源。"),
            {"label": label},
        )
    if published_at < datetime.fromisoformat(announced["not_before"]):
        return _refusal(
            "xz-draw-source-announced",
            _("随机源“%(label)s”的公布时间早于事先公告的时间。"),
            _("请核对所录入的是否为事先公告的那一期。"),
            {"label": label},
        )
    if published_at > now:
        return _refusal(
            "xz-draw-source-future",
            _("随机源“%(label)s”的公布时间在将来。"),
            _("请在随机源公布之后再录入。"),
            {"label": label},
        )
    return ALLOWED


def sealed_before(draw: Draw, sealed_at: datetime | None, published_at: datetime) -> Verdict:
    """The commitment lay in the sealed record before the source came out."""
    if sealed_at is not None and sealed_at < published_at:
        return ALLOWED
    return _refusal(
        "xz-draw-sealed-first",
        _("抽取 %(draw)s 的承诺在随机源公布之前尚未封存入全过程记录，无法证明承诺在先。"),
        _("请检查封存服务是否正常；本次抽取须作废，另立新号、另定随机源。"),
        {"draw": draw.draw_id},
    )


def second_person(value: SourceValue, person: str) -> Verdict:
    """Who confirms is not who typed."""
    if value.entered_by != person:
        return ALLOWED
    return _refusal(
        "xz-draw-two-people",
        _("录入与复核须为两人，您是“%(label)s”的录入人，不能自行复核。"),
        _("请由另一名有权限的人员登录后重新键入并复核。"),
        {"label": value.label},
    )


def typed_alike(value: SourceValue, typed: str) -> Verdict:
    """The second person's typing equals the first's."""
    if value.value == typed:
        return ALLOWED
    return _refusal(
        "xz-draw-typed-alike",
        _("两人键入的“%(label)s”不一致，未予确认。"),
        _("请对照公布页面逐字核对；录入有误的，由录入人重新录入后再复核。"),
        {"label": value.label},
    )


def window_closed(draw: Draw, today: date) -> Verdict:
    """Names are opened once the window of visits is over (or, later, after each visit)."""
    if today > draw.window_to:
        return ALLOWED
    return _refusal(
        "xz-draw-names-sealed",
        _("检查时间段到 %(until)s 才结束，此前公开名称会使对象事先知晓检查。"),
        _("请在检查时间段结束次日及以后公开名称。"),
        {"until": draw.window_to.isoformat()},
    )


def same_roster(draw: Draw, root: bytes, rules_hash: bytes) -> Verdict:
    """What is stored still gives the committed root and rules."""
    if draw.root == root.hex() and draw.rules_hash == rules_hash.hex():
        return ALLOWED
    return _refusal(
        "xz-draw-roster-changed",
        _("库中名录或规则与承诺的摘要不一致，数据可能被改动，抽取中止。"),
        _("请立即报告管理员核查数据库，并作废本次抽取。"),
        {},
    )


def sealed_events(draw: Draw, waiting: int) -> Verdict:
    """Everything that the bundle proves is in the sealed record."""
    if not waiting:
        return ALLOWED
    return _refusal(
        "xz-draw-not-sealed",
        _("抽取 %(draw)s 的记录尚未封存（通常需要两秒），暂不能生成数据包。"),
        _("请稍候再试；持续不成功的，请管理员检查封存服务。"),
        {"draw": draw.draw_id},
    )


def needs_no_approval(draw: Draw, route: object | None) -> Verdict:
    """The agency's matrix does not name the replacement: ``route`` is the one in force, if any."""
    if route is None:
        return ALLOWED
    return _refusal(
        "xz-draw-change-approval",
        _("按现行审批流程，抽取 %(draw)s 移出抽中对象须经审批，不能直接办理。"),
        _("请提交审批；批准后由系统移出并由下一备选递补。"),
        {"draw": draw.draw_id},
    )


def approved_for(draw: Draw, subject: str, approval: Approval | None) -> Verdict:
    """The approval has its last signature and is of a replacement of exactly this object."""
    found = approval is not None and (approval.kind, approval.subject) == (DRAW_CHANGE, subject)
    if found and approval is not None and approval.state == APPROVED:
        return ALLOWED
    return _refusal(
        "xz-draw-change-approved",
        _("抽取 %(draw)s 移出该抽中对象没有已批准的审批，不能办理。"),
        _("请就该对象提交审批；最后一步批准后由系统自动移出。"),
        {"draw": draw.draw_id},
    )


def _later_source(draw: Draw) -> str:
    """How this draw comes to a later source, at its preparation, before and after its commitment."""
    return {None: _CHOOSE, State.PREPARED: _PLAN_ANEW}.get(draw.state, _VOID)


def _refusal(rule: str, message: str, remedy: str, params: Mapping[str, object], article: str = "") -> Refusal:
    return Refusal(rule_id=rule, article=article, message=message, remedy=remedy, params=params)
