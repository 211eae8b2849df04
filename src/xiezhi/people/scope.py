"""The read gate: rows that have an owner carry their scope, and every query begins with ``visible_to(actor)``."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.core.actor import Actor


def account_id(actor: Actor) -> uuid.UUID | None:
    """The id of the account behind an actor; None for keys, components and the public, who have none."""
    if actor.kind not in {"officer", "party"}:
        return None
    try:
        return uuid.UUID(actor.id)
    except ValueError:
        return None


def reach(actor: Actor, ability: str) -> Q:
    """Rows of any :class:`Scoped` model in the subtrees where the actor holds the ability, and streams granted to him."""
    allowed = Q(pk__in=[])
    for path in actor.paths(ability):
        if path == "/":
            return Q()
        allowed |= Q(agency__startswith=path)
    # Imported late: the models of this very app are Scoped too.
    from .models.rights import Grant

    now = clock.now()
    granted = Grant.objects.filter(actor=actor.id, begins__lte=now).filter(Q(ends=None) | Q(ends__gt=now))
    return allowed | (Q(stream__in=granted.values("stream")) & ~Q(stream=""))


class ScopedQuerySet(models.QuerySet[Any]):
    """Rows of a :class:`Scoped` model."""

    def visible_to(self, actor: Actor) -> "ScopedQuerySet":
        """Rows in the reach of the actor by the model's ``read_ability``."""
        return self.filter(reach(actor, self.model.read_ability))


class Scoped(models.Model):
    """Base of every row that has an owner.

    district     GB/T 2260, six digits; NOT NULL and part of unique constraints of what would be sharded
    agency       path of the owning agency
    sensitivity  0 public, 1 internal, 2 personal, 3 sealed off: a label that no rule reads yet; who sees a row is
                 decided by ``read_ability`` alone
    stream       the case or visit it belongs to; empty where it has none
    """

    read_ability: ClassVar[str]

    district = models.CharField(max_length=6)
    agency = models.CharField(max_length=200)
    sensitivity = models.PositiveSmallIntegerField(default=1)
    stream = models.CharField(max_length=120, default="", blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
