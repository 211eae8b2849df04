"""The worker: threads that take jobs, one that turns the loops and schedules, one that signals life.

``run_worker(stop)`` works until ``stop`` is set; ``run_until_idle()`` does what there is, in the caller's thread,
for tests and the demo.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import DatabaseError, IntegrityError, close_old_connections, connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.errors import Denied, NotFound, Refused, Stale, XiezhiError
from xiezhi.core.trail import trail

from . import actors, queue
from .context import Cancelled, Interrupted, JobContext, JobFailed, Lost
from .models import Job, LoopLease, ScheduleRun, Worker
from .registry import JOBS, LOOPS, SCHEDULES, Budget, JobKind, Loop, Schedule

log = logging.getLogger("xiezhi.jobs")

POLL = 0.5
LOOP_BUDGET = 5.0
LEASE = timedelta(seconds=30)
KEEP_SLOTS = timedelta(days=400)
PLAIN = {
    Denied: _lazy("没有执行此任务所需的权限：账号已停用，或者权限已经收回。"),
    NotFound: _lazy("任务所需的数据已不存在，或者不可见。"),
    Stale: _lazy("数据已被他人修改，请核对后重新提交。"),
}


def run_worker(
    stop: threading.Event, *, queues: Sequence[str] | None = None, threads: int = 1, loops: bool = True
) -> None:
    """Work until ``stop`` is set; returns when the jobs in hand have reached a checkpoint or their end.

    queues   only these; None: all
    threads  how many jobs at a time
    loops    also turn the loops, schedules and the search for jobs of dead workers
    """
    name = f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    queue.beat(name)
    ended = threading.Event()
    beats = _start("beat", lambda: _beat_until(ended, name))
    parts = [_start(f"job-{n}", lambda: _turn(stop, lambda: _one(name, queues, stop))) for n in range(threads)]
    if loops:
        parts.append(_start("loops", lambda: _loops_until(stop, name)))
    for part in parts:
        part.join()
    ended.set()
    beats.join()
    LoopLease.objects.filter(worker=name).delete()
    Worker.objects.filter(pk=name).delete()


def run_until_idle(*, queues: Sequence[str] | None = None, delayed: bool = False, loops: bool = True) -> int:
    """Run jobs and loops in this thread until nothing is left to do; answers how many jobs were run.

    ``delayed`` also runs those whose time has not come (retries). Schedules are left alone.
    """
    name = f"inline:{uuid.uuid4().hex[:8]}"
    never, ran = threading.Event(), 0
    while True:
        turned = sum(each.run(Budget.of(LOOP_BUDGET)) for each in LOOPS.values()) if loops else 0
        queue.beat(name)
        job = queue.claim(name, queues, delayed=delayed)
        if job is not None:
            run_job(job, never)
            ran += 1
        elif not turned:
            break
    Worker.objects.filter(pk=name).delete()
    return ran


def run_job(job: Job, stop: threading.Event) -> None:
    """Run a claimed job to its end, and write down how it ended."""
    kind = JOBS[job.name]
    try:
        context = JobContext(job, actors.of(job), stop, may_repeat=kind.retries > 0)
        result = kind.run(context, **job.args)
        context.flush()
        queue.finish(job, result)
    except Cancelled:
        queue.cancelled(job)
    except Interrupted:
        queue.give_back(job)
    except Lost:
        log.warning("job %s (%s) was taken over by another worker", job.id, job.name)
    except (JobFailed, XiezhiError) as error:
        # The domain's own "no": the same input gets the same answer, so it is not tried again.
        queue.fail(job, said(error), refusal=error.refusal if isinstance(error, Refused) else None)
    except Exception as error:  # noqa: BLE001 - whatever a job raises must be written down, not end the worker
        _unforeseen(job, kind, error)


def _unforeseen(job: Job, kind: JobKind, error: Exception) -> None:
    error_id = uuid.uuid4().hex[:12]
    log.error("job %s (%s) attempt %s, error %s: %s", job.id, job.name, job.attempts, error_id, trail(error))
    text = _("任务执行出错，错误编号 %(id)s。请重试；仍不成功时，把编号告诉系统管理员。") % {"id": error_id}
    queue.retry_or_fail(job, kind.retries, text, error_id)


def said(error: Exception) -> str:
    """The domain's "no" in words for people; some errors carry only what a program needs."""
    for kind, text in PLAIN.items():
        if isinstance(error, kind):
            return str(text)
    return str(error)


def _one(name: str, queues: Sequence[str] | None, stop: threading.Event) -> bool:
    job = queue.claim(name, queues)
    if job is not None:
        run_job(job, stop)
    return job is not None


def order_scheduled() -> int:
    """Order what the clock asks for; answers how many jobs were ordered."""
    return sum(_order_slot(schedule) for schedule in SCHEDULES.values())


def _order_slot(schedule: Schedule) -> bool:
    slot = schedule.slot(clock.now())
    runs = ScheduleRun.objects.filter(name=schedule.name)
    if runs.filter(slot__gte=slot).exists():
        return False
    # A daily task first heard of at noon is not made up for this morning.
    known = schedule.daily is None or runs.exists()
    try:
        with transaction.atomic():
            run = ScheduleRun.objects.create(name=schedule.name, slot=slot)
            if known:
                run.job = queue.enqueue(system("schedule"), schedule.name)
                run.save(update_fields=["job"])
    except IntegrityError:
        return False  # another worker saw to this slot
    runs.filter(slot__lt=slot - KEEP_SLOTS).delete()
    return known


def lease(loop: Loop, worker: str) -> bool:
    """May this worker turn the loop? Renewed when a third is used up, so that an idle loop seldom writes."""
    now = clock.now()
    mine = LoopLease.objects.filter(name=loop.name)
    held = mine.first()
    if held is None:
        try:
            with transaction.atomic():
                LoopLease.objects.create(name=loop.name, worker=worker, until=now + LEASE)
        except IntegrityError:
            return False
        return True
    if held.worker == worker and held.until - now > LEASE * 2 / 3:
        return True
    if held.worker != worker and held.until > now:
        return False
    return mine.filter(worker=held.worker, until=held.until).update(worker=worker, until=now + LEASE) == 1


def _loops_until(stop: threading.Event, name: str) -> None:
    next_at: dict[str, float] = {}

    def turn() -> bool:
        if _every(next_at, "·schedules", POLL):
            order_scheduled()
        if _every(next_at, "·lost", queue.STALE.total_seconds() / 4):
            queue.take_from_the_dead()
        for loop in LOOPS.values():
            ready = not stop.is_set() and _every(next_at, loop.name, loop.interval) and lease(loop, name)
            if ready and _turn_loop(loop, stop):
                next_at.pop(loop.name)
        return any(loop.name not in next_at for loop in LOOPS.values())

    _turn(stop, turn, pause=0.1)


def _turn_loop(loop: Loop, stop: threading.Event) -> int:
    """One failing loop must not keep the others from turning."""
    try:
        return loop.run(Budget.of(LOOP_BUDGET, stop))
    except Exception as error:  # noqa: BLE001 - see above
        log.error("loop %s: %s", loop.name, trail(error))
        close_old_connections()
        return 0


def _every(next_at: dict[str, float], key: str, seconds: float) -> bool:
    now = time.monotonic()
    if next_at.get(key, 0.0) > now:
        return False
    next_at[key] = now + seconds
    return True


def _beat_until(ended: threading.Event, name: str) -> None:
    def turn() -> bool:
        queue.beat(name)
        return False

    _turn(ended, turn, pause=queue.STALE.total_seconds() / 10)


def _turn(stop: threading.Event, step: Callable[[], bool], pause: float = POLL) -> None:
    """Call ``step`` until told to stop, pausing when it had nothing to do; a lost database is waited for."""
    wait = pause
    while not stop.is_set():
        close_old_connections()
        try:
            busy, wait = step(), pause
        except DatabaseError as error:
            log.error("worker: %s", trail(error))
            busy, wait = False, min(30.0, max(1.0, wait * 2))
        if not busy:
            stop.wait(wait)


def _start(name: str, run: Callable[[], None]) -> threading.Thread:
    def body() -> None:
        try:
            run()
        except Exception as error:  # noqa: BLE001 - Python would write its message to stderr
            log.error("%s ended: %s", name, trail(error))
        finally:
            connections.close_all()

    thread = threading.Thread(target=body, name=f"xiezhi-{name}")
    thread.start()
    return thread
