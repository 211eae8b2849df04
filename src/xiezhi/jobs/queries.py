"""Reading jobs: one's own, and those of agencies where one holds ``jobs.read``."""

import uuid

from django.db.models import Count, Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound

from .models import Job, State


def visible_to(actor: Actor) -> "QuerySet[Job]":
    """Jobs the actor may see."""
    seen = Q(actor=actor.id) if actor.kind != "public" else Q(pk__in=[])
    for path in actor.paths("jobs.read"):
        if path == "/":
            return Job.objects.all()
        seen |= Q(agency__startswith=path)
    return Job.objects.filter(seen)


def job(actor: Actor, job_id: uuid.UUID) -> Job:
    """One job; ``NotFound`` where the actor may not see it."""
    found = visible_to(actor).filter(pk=job_id).first()
    if found is None:
        raise NotFound(f"job {job_id}")
    return found


def counts() -> dict[str, int]:
    """How many jobs stand in each state (for metrics; says nothing about anyone)."""
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("id")))
    return {state: found.get(state, 0) for state in State.values}
