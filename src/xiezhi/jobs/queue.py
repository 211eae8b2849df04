"""The table of jobs as a queue: order, claim, finish, give back, cancel, take from the dead.

A worker owns a job while ``(state=running, worker, attempts)`` are what it claimed; every later write of the
worker asks for them, so one that was thought dead can't write over its successor.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound, Refusal

from . import queries
from .models import Job, State, Worker
from .registry import JOBS, Produced

FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
#: a worker whose last sign of life is older has died; it signals every tenth of this
STALE = timedelta(seconds=60)


def enqueue(
    actor: Actor, name: str, /, *, run_after: datetime | None = None, once: str = "", **args: canonical.Json
) -> Job:
    """Order a job in the caller's transaction: where that rolls back, nothing was ordered.

    args       JSON without floats; ids only, never personal data (whoever may see jobs sees them)
    run_after  not before this time
    once       while a job with this key waits or runs, that job is answered and nothing is added
    Raises ``LookupError`` for an undeclared name, ``TypeError``/``NotCanonical`` for arguments that don't fit.
    """
    kind = JOBS.get(name)
    if kind is None:
        raise LookupError(f"no job {name!r} is declared; its app declares it in jobs.py")
    kind.check(args)
    canonical.encode(args)
    now = clock.now()
    job = Job(
        name=name,
        title=str(kind.title),
        queue=kind.queue,
        args=args,
        actor=actor.id,
        actor_kind=actor.kind,
        agency=actor.agency,
        district=actor.district,
        abilities=sorted([a.name, a.path] for a in actor.abilities),
        once=once,
        run_after=run_after or now,
        created_at=now,
    )
    return _insert_once(job) if once else _insert(job)


def _insert(job: Job) -> Job:
    job.save(force_insert=True)
    return job


def _insert_once(job: Job) -> Job:
    alive = Job.objects.filter(once=job.once, state__in=[State.QUEUED, State.RUNNING])
    while True:
        found = alive.first()
        if found is not None:
            return found
        try:
            with transaction.atomic():
                return _insert(job)
        except IntegrityError:
            # Another order came in between; it is found now, unless it has ended meanwhile.
            continue


def cancel(actor: Actor, job_id: uuid.UUID) -> Job:
    """Ask that a job end: a waiting one ends now, a running one at its next checkpoint, an ended one stays.

    For the one who ordered it, or with ability ``jobs.cancel`` over its agency. Raises ``NotFound``, ``Denied``.
    """
    with transaction.atomic():
        job = queries.visible_to(actor).select_for_update().filter(pk=job_id).first()
        if job is None:
            raise NotFound(f"job {job_id}")
        if job.actor != actor.id and not actor.may("jobs.cancel", job.agency):
            raise Denied("jobs.cancel", job.agency)
        if job.state == State.QUEUED:
            job.state, job.ended_at, job.cancel_requested = State.CANCELLED, clock.now(), True
        elif job.state == State.RUNNING:
            job.cancel_requested = True
        job.save(update_fields=["state", "ended_at", "cancel_requested"])
    return job


def due(queues: Sequence[str] | None, *, delayed: bool = False) -> "QuerySet[Job]":
    """Jobs that could begin now, oldest first; ``delayed`` also those whose time has not come."""
    found = Job.objects.filter(state=State.QUEUED, name__in=list(JOBS))
    if queues is not None:
        found = found.filter(queue__in=queues)
    return (found if delayed else found.filter(run_after__lte=clock.now())).order_by("run_after", "id")


def claim(worker: str, queues: Sequence[str] | None = None, *, delayed: bool = False) -> Job | None:
    """Take the oldest job that is due, or None. Two workers never get the same one."""
    waiting = due(queues, delayed=delayed)
    # A plain look first: an idle worker must not take SQLite's write lock twice a second.
    if not waiting.exists():
        return None
    with transaction.atomic():
        skip = connection.features.has_select_for_update_skip_locked
        job = waiting.select_for_update(skip_locked=skip).first()
        if job is None:
            return None
        job.state, job.worker, job.attempts = State.RUNNING, worker, job.attempts + 1
        job.started_at, job.ended_at, job.error, job.error_id = clock.now(), None, "", ""
        job.save(update_fields=["state", "worker", "attempts", "started_at", "ended_at", "error", "error_id"])
    return job


def owned(job: Job) -> "QuerySet[Job]":
    """The job's row as long as this claim holds."""
    return Job.objects.filter(pk=job.pk, state=State.RUNNING, worker=job.worker, attempts=job.attempts)


def finish(job: Job, result: dict[str, Any] | Produced | None) -> bool:
    """Done. False: the claim had been lost, and the result was dropped."""
    columns: dict[str, Any] = {"result": result}
    if isinstance(result, Produced):
        columns = {
            "result": result.data,
            "result_blob": result.blob,
            "result_name": result.name,
            "result_type": result.media_type,
        }
    canonical.encode(columns["result"])
    return _end(job, State.DONE, **columns)


def cancelled(job: Job) -> bool:
    """It stopped where it was asked to."""
    return _end(job, State.CANCELLED)


def fail(job: Job, error: str, error_id: str = "", refusal: Refusal | None = None) -> bool:
    """It failed for good; ``error`` is for people. A refusal also tells its rule and what to do next."""
    cited: dict[str, str] = {}
    if refusal is not None:
        remedy = _(refusal.remedy) % refusal.params if refusal.remedy else ""
        cited = {"rule_id": refusal.rule_id, "article": refusal.article, "remedy": remedy}
    return _end(job, State.FAILED, error=error, error_id=error_id, **cited)


def _end(job: Job, state: State, **columns: Any) -> bool:
    return owned(job).update(state=state, ended_at=clock.now(), worker="", **columns) == 1


def retry_or_fail(job: Job, retries: int, error: str, error_id: str = "") -> bool:
    """Try again later, or end it where the attempts are used up."""
    if job.attempts > retries:
        return fail(job, error, error_id)
    later = clock.now() + backoff(job.attempts)
    columns = {"run_after": later, "error": error, "error_id": error_id}
    return owned(job).update(state=State.QUEUED, worker="", **columns) == 1


def backoff(attempts: int) -> timedelta:
    """How long to wait after the ``attempts``-th failure: 5 s, 20 s, 80 s … at most an hour."""
    return min(LONGEST_DELAY, FIRST_DELAY * 4 ** min(attempts - 1, 10))


def give_back(job: Job) -> bool:
    """The worker ends and the job stopped at a checkpoint: another goes on with it, no attempt is counted."""
    return owned(job).update(state=State.QUEUED, worker="", attempts=job.attempts - 1) == 1


def beat(worker: str) -> None:
    """Sign of life of a worker."""
    now = clock.now()
    if not Worker.objects.filter(pk=worker).update(beat_at=now):
        Worker.objects.get_or_create(pk=worker, defaults={"started_at": now, "beat_at": now})


def take_from_the_dead() -> int:
    """Requeue or fail the running jobs whose worker has died; answers how many."""
    alive = Worker.objects.filter(beat_at__gte=clock.now() - STALE)
    lost = Job.objects.filter(~Q(worker__in=alive.values("id")), state=State.RUNNING)
    taken = 0
    for job in lost:
        if job.cancel_requested:
            taken += cancelled(job)
        else:
            kind = JOBS.get(job.name)
            taken += retry_or_fail(job, kind.retries if kind else 0, _("执行任务的进程中断。"))
    Worker.objects.filter(beat_at__lt=clock.now() - 10 * STALE).delete()
    return taken
