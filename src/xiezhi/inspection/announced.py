"""A draw's announced sources by what they are: public ones, those of outside witnesses, the system's own number."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.core.draw import levels
from xiezhi.web.lists.columns import display

from .codes import Level
from .fixed_words import OWN_LABEL
from .models import Draw, SourceValue

UNMADE = "0" * 64  # stands for the commitment of the system's own number until the draw is committed
MEANING = {
    Level.ROUTINE: gettext_lazy("采用事先公告的公开随机源，由两人录入、复核。"),
    Level.JOINT: gettext_lazy("公开随机源之外，另有外部见证人事先交出承诺、在随机源公布之前揭示。"),
    Level.CONTESTED: gettext_lazy(
        "公开随机源之外，另有公证人和其他外部见证人事先交出承诺、在随机源公布之前揭示。"
    ),
    Level.QUICK: gettext_lazy(
        "本次抽取采用系统自身随机数，仅能证明该数先固定、后使用，不能证明系统事先不知道该数。"
        "只用于紧急的专项检查。"
    ),
}


def public(draw: Draw) -> list[dict[str, str]]:
    """Sources that anybody can look up: a lottery's issue, a beacon's round."""
    return [source for source in draw.sources if is_public(source)]


def outside(draw: Draw) -> list[dict[str, str]]:
    """Witnesses and notaries; ``commitment`` is what they handed over."""
    return [source for source in draw.sources if source["encoding"] in levels.OUTSIDE]


def is_public(source: Mapping[str, str]) -> bool:
    """Whether the source is a public one."""
    return source["encoding"] in levels.PUBLIC


def due(source: Mapping[str, str]) -> datetime:
    """When a public source is due; from when on a witness reveals."""
    return datetime.fromisoformat(source["not_before"])


def reveals_end(draw: Draw) -> datetime:
    """When reveals must be in: the first public source is due."""
    return min(map(due, public(draw)))


def own_source(moment: str, commitment: str = UNMADE) -> dict[str, str]:
    """The system's own number as it is stored; it is made when the draw is committed."""
    return {
        "label": OWN_LABEL,
        "describes": _("系统在承诺时生成，承诺封存后由另一人启用"),
        "not_before": moment,
        "encoding": levels.SYSTEM,
        "commitment": commitment,
    }


def unrevealed(draw: Draw) -> list[str]:
    """Labels of the witnesses who have not revealed."""
    done = set(SourceValue.objects.filter(draw=draw).exclude(value="").values_list("label", flat=True))
    return [source["label"] for source in outside(draw) if source["label"] not in done]


def shown_level(draw: Draw) -> Any:
    """The level and what it means, in words."""
    level = Level(draw.level)
    return _("%(level)s：%(meaning)s") % {"level": level.label, "meaning": MEANING[level]}


def witnessed(draw: Draw, now: datetime) -> str:
    """How many witnesses revealed, for the steps of the draw; empty where there are none."""
    there = len(outside(draw))
    if not there:
        return ""
    left = len(unrevealed(draw))
    shown = {"there": there, "done": there - left, "left": left}
    if left and now < reveals_end(draw) and not draw.drawn_at:
        since = display(min(map(due, outside(draw))))
        text = _("外部见证人 %(there)s 名，已揭示 %(done)s 名；自 %(since)s 起、在随机源公布之前揭示。")
        return text % {**shown, "since": since}
    if not left:
        return _("外部见证人 %(there)s 名，已揭示 %(done)s 名。") % shown
    return _("外部见证人 %(there)s 名，已揭示 %(done)s 名，未揭示 %(left)s 名（如实记录，不计入种子）。") % shown
