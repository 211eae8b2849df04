"""Coverage cycles: which objects of a roster no earlier draw of the same cycle has reached."""

from xiezhi.record import queries as record

from . import gate
from .codes import WITH_RESULT, Standing
from .models import Draw, DrawnTarget, RosterEntry

REACHED = (Standing.DRAWN, Standing.CALLED)


def still_to_cover(draw: Draw) -> list[str]:
    """Codes not yet drawn in this cycle, where the plan covers; excluded ones do not count."""
    strata = [stratum["stratum"] for stratum in draw.plan if stratum["coverage"]]
    if not draw.cycle or not strata:
        return []
    done = reached(draw)
    rows = RosterEntry.objects.filter(roster_id=draw.roster_id, stratum__in=strata)
    rows = rows.exclude(exclusions__draw=draw).order_by("code")
    return [code for code in rows.values_list("code", flat=True) if code not in done]


def reached(draw: Draw) -> set[str]:
    """Codes that earlier draws of the same agency, item and cycle have drawn and kept."""
    earlier = Draw.objects.filter(
        agency=draw.agency,
        district=draw.district,
        cycle__name=draw.cycle["name"],
        roster__item__code=draw.roster.item.code,
        state__in=WITH_RESULT,
    ).exclude(pk=draw.pk)
    found: set[str] = set()
    for one in earlier:
        kept = DrawnTarget.objects.filter(draw=one, standing__in=REACHED).values_list("opaque", flat=True)
        by_id = drawn_names(one)
        found.update(by_id[opaque] for opaque in kept if opaque in by_id)
    return found


def drawn_names(draw: Draw) -> dict[str, str]:
    """Opaque id → code of the drawn and the reserves, from the private part of the draw's event."""
    for event in gate.events_of(draw, "inspection.targets_drawn"):
        part = record.private_part(event.id)
        if part is not None:
            return dict(part["names"])
    return {}


def teams(draw: Draw) -> list[tuple[str, list[str], list[str]]]:
    """Of an officers' draw: opaque id of the object, those of its officers and of its reserves in order."""
    for event in gate.events_of(draw, "inspection.targets_drawn"):
        part = record.private_part(event.id)
        if part is not None:
            return [(target, officers, reserves) for target, officers, reserves in part["teams"]]
    return []


def team_of(draw: Draw, opaque: str) -> tuple[list[str], list[str]]:
    """Ids of the officers sent to the object, and of its reserves in order."""
    for event in gate.events_of(draw, "inspection.targets_drawn"):
        part = record.private_part(event.id)
        if part is not None:
            codes = dict(part["officers"])
            for target, officers, reserves in part["teams"]:
                if target == opaque:
                    return [codes[one] for one in officers], [codes[one] for one in reserves]
    return [], []
