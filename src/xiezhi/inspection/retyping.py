"""What an earlier draw on the same roster said, as the form for a new one takes it."""

import uuid
from collections.abc import Sequence
from typing import Any

from xiezhi.core.actor import Actor

from . import queries
from .models import Draw, TargetRoster


def find(actor: Actor, roster: TargetRoster, key: str) -> Draw | None:
    """The draw on ``roster`` that ``key`` names, if there is one that the actor may see."""
    try:
        return queries.visible_to(actor).filter(roster=roster, pk=uuid.UUID(key)).first()
    except ValueError:
        return None


def as_typed(draw: Draw, strata: Sequence[str]) -> dict[str, Any]:
    """Initial values of :class:`forms.DrawForm` for these strata; the source is left out: the next has its own."""
    plan = {stratum["stratum"]: stratum for stratum in draw.plan}
    found: dict[str, Any] = {
        "line": str(draw.line_id or ""),
        "title": draw.title,
        "window_from": draw.window_from,
        "window_to": draw.window_to,
        "profile": draw.profile,
        "level": draw.level,
    }
    for name in ("name", "draws", "number") if draw.cycle else ():
        found[f"cycle_{name}"] = draw.cycle[name]
    for number, name in enumerate(strata):
        stratum = plan.get(name)
        if stratum is not None:
            ratio = stratum["ratio"]
            found[f"share_{number}"] = f"{ratio[0]}/{ratio[1]}" if ratio else str(stratum["n"])
            for field in ("method", "reserves", "coverage"):
                found[f"{field}_{number}"] = stratum[field]
    return found
