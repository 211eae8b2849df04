"""What belongs to an entity together with those that were merged into it.

A merge moves nothing: codes, names, roles and permits stay with the record that has them, and are read together.
"""

import uuid
from dataclasses import dataclass

from xiezhi.core.actor import Actor

from . import queries
from .models import Entity, EntityCode, EntityName, EntityPerson, Participant


def family(actor: Actor, entity: Entity) -> list[uuid.UUID]:
    """Ids of ``entity`` and of all that went into it, directly or through another, as far as the actor may see."""
    found, latest = [entity.pk], [entity.pk]
    while latest:
        latest = list(Entity.objects.filter(merged_into__in=latest).values_list("pk", flat=True))
        found += latest
    seen = set(queries.entities_visible_to(actor).filter(pk__in=found).values_list("pk", flat=True))
    return [pk for pk in found if pk in seen]


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
    ids = family(actor, entity)
    roles = Participant.objects.filter(entity__in=ids, project__in=queries.projects_visible_to(actor))
    return Follows(
        EntityCode.objects.filter(entity__in=ids).count(),
        # The name that it bears becomes a former one for whoever looks for it.
        EntityName.objects.filter(entity__in=ids).count() + len(ids),
        roles.count(),
        queries.permits_visible_to(actor).filter(entity__in=ids).count(),
        EntityPerson.objects.filter(entity__in=ids).count(),
    )
