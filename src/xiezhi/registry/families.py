"""What belongs to an entity together with those that were merged into it.

A merge moves nothing: codes, names, roles and permits stay with the record that has them, and are read together.
"""

import uuid
from dataclasses import dataclass

from xiezhi.core.actor import Actor

from . import queries
from .models import Entity, EntityCode, EntityName, EntityPerson, Participant


def family(entity: Entity) -> list[uuid.UUID]:
    """Ids of ``entity`` and of all that went into it, directly or through another."""
    found, latest = [entity.pk], [entity.pk]
    while latest:
        latest = list(Entity.objects.filter(merged_into__in=latest).values_list("pk", flat=True))
        found += latest
    return found


@dataclass(frozen=True)
class Follows:
    """How much would be read with the other entity after a merge; only what the actor may see."""

    codes: int
    names: int
    participations: int
    permits: int
    persons: int


def follows(actor: Actor, entity: Entity) -> Follows:
    """What goes with ``entity``."""
    ids = family(entity)
    roles = Participant.objects.filter(entity__in=ids, project__in=queries.projects_visible_to(actor))
    return Follows(
        EntityCode.objects.filter(entity__in=ids).count(),
        # The name that it bears becomes a former one for whoever looks for it.
        EntityName.objects.filter(entity__in=ids).count() + len(ids),
        roles.count(),
        queries.permits_visible_to(actor).filter(entity__in=ids).count(),
        EntityPerson.objects.filter(entity__in=ids).count(),
    )
