"""Checklists (检查表): versions of what is looked at for an item."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.inspection import checking, gate
from xiezhi.inspection.gate import scope_of
from xiezhi.inspection.models import Checklist, InspectionItem
from xiezhi.record.acts import act, emit


@act("inspection.checklist_published")
def publish_checklist(actor: Actor, *, item: uuid.UUID, sections: Sequence[Mapping[str, Any]]) -> Checklist:
    """Publish the next version of an item's checklist; results that were filed keep theirs.

    sections   see :class:`models.Checklist`
    :raises Invalid: ``sections``, a text for each fault
    """
    row = InspectionItem.objects.select_for_update().filter(pk=item).first()
    if row is None:
        raise NotFound(f"item {item}")
    gate.allowed(actor, row.agency, gate.PLAN)
    read = checking.sections(sections)
    newest = row.checklists.order_by("-version").first()
    made = Checklist(
        item=row,
        version=newest.version + 1 if newest else 1,
        sections=read,
        agency=row.agency,
        district=row.district,
    )
    made.stream = f"checklist:{made.id}"
    made.save(force_insert=True)
    emit(
        **scope_of(made, "checklist"),
        data={"checklist": str(made.id), "item": row.code, "version": made.version, "sections": read},
    )
    made.refresh_from_db()
    return made
