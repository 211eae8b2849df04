"""Values are entered in the order that was announced, and none is passed over (docs/dr-1.md §4)."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_noop as _

from xiezhi.core.errors import Refusal, Verdict

from .guards import ALLOWED
from .rivals import Source

NOT_SHOWN, UNUSABLE = _("随机源未公布"), _("随机源不能采用")
WITHOUT_VALUE = (NOT_SHOWN, UNUSABLE)
_ARTICLE = _("《dr/1 抽取规则》第4节")


def in_its_turn(mine: Sequence[Source], rivals: Sequence[Source], now: datetime) -> Verdict:
    """No other committed draw of the agency waits for a source that was due before the last of ``mine``."""
    if not mine:
        return ALLOWED
    last = max(source.turn for source in mine)
    due = [rival for rival in rivals if rival.waits and rival.since <= now and rival.turn < last]
    if not due:
        return ALLOWED
    first = min(due, key=lambda rival: rival.turn)
    return Refusal(
        "xz-draw-in-turn",
        _ARTICLE,
        _("抽取 %(rival)s 的随机源“%(label)s”公告在先，公布时间已到，值尚未录入。各次抽取须按公告的先后办理。"),
        _("请先录入抽取 %(rival)s 的随机源的值；该随机源未公布的，请作废该次抽取，作废事由填“随机源未公布”。"),
        {"rival": first.draw_id, "label": first.label},
    )


def value_before_void(mine: Sequence[Source], reason: str, now: datetime) -> Verdict:
    """A committed draw whose source is due is void only with its value beside it, or on a ground that tells why not."""
    due = [source for source in mine if source.waits and source.since <= now]
    if not due or reason.strip() in WITHOUT_VALUE:
        return ALLOWED
    return Refusal(
        "xz-draw-void-value",
        _ARTICLE,
        _("随机源“%(label)s”的公布时间已到，值尚未录入，不能作废：无法证明不是看了结果才作废。"),
        _(
            "请先录入公布的值，再行作废。未公布的，作废事由填“随机源未公布”；"
            "已公布但系统不予录入的，填“随机源不能采用”，并在说明中写明公布的值。事由会一并公布。"
        ),
        {"label": due[0].label},
    )
