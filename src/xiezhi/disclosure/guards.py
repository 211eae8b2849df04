"""What may not be published, and why: each guard answers ``Allowed`` or a ``Refusal``."""

from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Allowed, Refusal, Refused, Verdict
from xiezhi.core.masking import RULES

from . import scanning
from .codes import ObjectionState, State
from .models import Objection, Publication, PublicationVersion
from .sources import Source

ALLOWED = Allowed()


def demand(*verdicts: Verdict) -> None:
    """Raise :class:`Refused` with the first refusal."""
    for verdict in verdicts:
        if isinstance(verdict, Refusal):
            raise Refused(verdict)


def in_state(row: Publication, states: Sequence[State], what: str) -> Verdict:
    """It stands in one of ``states``, where ``what`` may be done."""
    if row.state in states:
        return ALLOWED
    return Refusal(
        "xz-disclosure-order",
        "",
        _("“%(title)s”当前为“%(state)s”，不能%(what)s。"),
        _("请依次办理：拟定、签发；已公示的只能更正或撤下。"),
        {"title": str(row), "state": State(row.state).label, "what": what},
    )


def stands(source: Source | None) -> Verdict:
    """The source is there and may be shown: a visit is over, a draw counts, a plan holds.

    So no name is public before its visit: a result exists only of an object that was visited.
    """
    why = gettext("来源已不存在") if source is None else source.void
    if not why:
        return ALLOWED
    return Refusal(
        "xz-disclosure-source",
        "",
        _("来源不能公示：%(why)s。"),
        _("请核对来源；不再公示的，待公示事项会自动撤销，已公示的请撤下。"),
        {"why": why},
    )


def second_person(version: PublicationVersion, actor: Actor) -> Verdict:
    """Who signs did not prepare it."""
    if version.prepared_by not in {actor.id, actor.person}:
        return ALLOWED
    return Refusal(
        "xz-disclosure-second-person",
        "",
        _("公示内容由您拟定，不能自己签发。"),
        _("请由另一名有“签发、撤下公示”权限的人员核对来源和脱敏后签发。"),
    )


def same_as_source(version: PublicationVersion, title: str, fields: Sequence[object]) -> Verdict:
    """What was prepared is still what the source says."""
    if version.title == title and list(version.fields) == list(fields):
        return ALLOWED
    return Refusal(
        "xz-disclosure-same",
        "",
        _("拟定之后来源有了变化，待签发的内容与来源不一致。"),
        _("请退回，由拟定人按现在的来源重新拟定。"),
    )


def nothing_barred(places: Sequence[scanning.Place]) -> Verdict:
    """The scan found nothing that must not be shown."""
    found = scanning.bars(list(places))
    if not found:
        return ALLOWED
    label, first = found[0]
    rule = RULES[first.code]
    return Refusal(
        "xz-disclosure-scan",
        rule.article,
        _("“%(label)s”第 %(start)s 至 %(end)s 字%(says)s，不得公示（共 %(count)s 处）。"),
        rule.remedy,
        {
            "label": label,
            "start": first.start + 1,
            "end": first.end,
            "says": gettext(rule.says),
            "count": len(found),
        },
    )


def warnings_answered(places: Sequence[scanning.Place], waiver: str) -> Verdict:
    """Where the scan only hints, somebody says why it may pass."""
    if not places or waiver.strip():
        return ALLOWED
    return Refusal(
        "xz-disclosure-waiver",
        "",
        _("扫描有 %(count)s 处提示没有说明理由。"),
        _("请逐处核对，并在“提示处理理由”中写明为什么可以公示。"),
        {"count": len(places)},
    )


def open_objection(row: Objection) -> Verdict:
    """It was not answered yet."""
    if row.state == ObjectionState.RECEIVED:
        return ALLOWED
    return Refusal(
        "xz-disclosure-objection",
        "",
        _("异议 %(number)s 已经答复。"),
        _("请查看已有的答复；对方有新的理由的，可以另行提出。"),
        {"number": row.number},
    )
