"""Reading draws: ``visible_to`` first; what the public sees comes from the ``public_…`` functions alone."""

import uuid

from django.db.models import QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied

from . import cycles, gate, reckoning
from .codes import PUBLIC, State
from .models import Draw, DrawBundle, DrawnTarget, InspectionItem, TargetRoster


def visible_to(actor: Actor) -> QuerySet[Draw]:
    """Draws of the agencies in which the actor may read inspections."""
    return Draw.objects.visible_to(actor).select_related("roster__item")


def rosters_visible_to(actor: Actor) -> QuerySet[TargetRoster]:
    """Target rosters, likewise. Entries (names, grades) are read through them."""
    return TargetRoster.objects.visible_to(actor).select_related("item")


def items() -> QuerySet[InspectionItem]:
    """The item list; a reference table, open to everyone."""
    return InspectionItem.objects.all()


def public_draws() -> QuerySet[Draw]:
    """Draws that anyone may see: from the commitment on. Names only where they were opened."""
    return Draw.objects.filter(state__in=PUBLIC).select_related("roster__item")


def public_targets(draw: Draw) -> QuerySet[DrawnTarget]:
    """Drawn objects and reserves by opaque id; none before the result is published."""
    rows = DrawnTarget.objects.filter(draw=draw)
    if draw.state in (State.PUBLISHED, State.OPENED) or (draw.state == State.VOID and draw.drawn_at):
        return rows
    return rows.none()


def latest_bundle(draw: Draw) -> DrawBundle | None:
    """The bundle that was published last."""
    return DrawBundle.objects.filter(draw=draw).select_related("file").first()


def sealed_names(actor: Actor, draw: Draw) -> dict[str, tuple[str, str]]:
    """Opaque id → (code, name) of the drawn and the reserves, before they are opened.

    Only with the ability ``inspection.read_names``; the caller notes the reading
    (``record.services.note_sensitive_read``).
    """
    if not actor.may(gate.READ_NAMES, draw.agency):
        raise Denied(gate.READ_NAMES, draw.agency)
    by_id = cycles.drawn_names(draw)
    names = reckoning.code_names(draw, sorted(set(by_id.values())))
    return {opaque: (code, names[code]) for opaque, code in by_id.items()}


def bundle(bundle_id: uuid.UUID) -> DrawBundle | None:
    """A published bundle by its id, also one that a later replaced."""
    return DrawBundle.objects.select_related("draw", "file").filter(pk=bundle_id).first()
