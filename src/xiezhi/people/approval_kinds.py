"""What an approval can be asked for: codes and their Chinese titles. Upper apps declare theirs on import."""

from django.utils.translation import gettext_noop as _

APPROVAL_KINDS: dict[str, str] = {}


def approval_kind(code: str, title: str) -> str:
    """Declare a kind of act that passes through approval; declaring it again with another title is a bug."""
    if APPROVAL_KINDS.setdefault(code, title) != title:
        raise ValueError(f"approval kind {code} is declared twice")
    return code


PLAN = approval_kind("inspection.plan", _("年度抽查计划"))
DRAW_CHANGE = approval_kind("inspection.draw_change", _("抽取后更换对象或人员"))
INSPECTION = approval_kind("inspection.visit", _("行政检查"))
TASK_CHANGE = approval_kind("inspection.task_change", _("检查任务改派、改期、取消"))
CASE_OPENING = approval_kind("casework.opening", _("立案"))
PENALTY = approval_kind("casework.penalty", _("行政处罚决定"))
CASE_CLOSURE = approval_kind("casework.closure", _("结案"))
