"""What work there is: declared jobs, schedules and loops. No models here, so any module may import it."""

import inspect
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from xiezhi import clock

DAY = timedelta(days=1)
#: names that ``enqueue`` keeps for itself
RESERVED = frozenset({"run_after", "once"})


@dataclass(frozen=True)
class Produced:
    """What a job may return: a file in ``blobs`` beside its data. ``name`` is what a download is called."""

    blob: str
    name: str
    media_type: str = "application/octet-stream"
    data: dict[str, Any] = field(default_factory=dict)


JobFunction: TypeAlias = "Callable[..., dict[str, Any] | Produced | None]"


@dataclass(frozen=True)
class JobKind:
    """A declared job. ``retries`` is the number of further attempts after a failure or a crash of its worker."""

    name: str
    run: JobFunction
    title: str
    queue: str
    retries: int

    def check(self, args: dict[str, Any]) -> None:
        """``TypeError`` unless the function can be called with these arguments."""
        inspect.signature(self.run).bind(None, **args)


@dataclass(frozen=True)
class Schedule:
    """Work at set times: every so often, or daily at a clock time of Asia/Shanghai."""

    name: str
    every: timedelta | None = None
    daily: tuple[int, int] | None = None

    def slot(self, now: datetime) -> datetime:
        """The latest time (UTC) at or before ``now`` at which the work is due."""
        if self.daily is None:
            seconds = int((self.every or DAY).total_seconds())
            return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)
        local = now.astimezone(clock.SHANGHAI)
        at = local.replace(hour=self.daily[0], minute=self.daily[1], second=0, microsecond=0)
        return (at if at <= local else at - DAY).astimezone(UTC)


@dataclass(frozen=True)
class Budget:
    """How long a loop may work before it gives the thread back, and whether the process is ending."""

    ends: float
    stop: threading.Event

    @classmethod
    def of(cls, seconds: float, stop: threading.Event | None = None) -> "Budget":
        """A budget that begins now."""
        return cls(time.monotonic() + seconds, stop or threading.Event())

    def spent(self) -> bool:
        """Time to return?"""
        return self.stop.is_set() or time.monotonic() >= self.ends


@dataclass(frozen=True)
class Loop:
    """Work in batches, called again and again by one worker at a time; answers how many things it did."""

    name: str
    run: Callable[[Budget], int]
    interval: float


JOBS: dict[str, JobKind] = {}
SCHEDULES: dict[str, Schedule] = {}
LOOPS: dict[str, Loop] = {}


def job(
    name: str, *, title: str, queue: str = "default", retries: int = 3
) -> Callable[[JobFunction], JobFunction]:
    """Declare a job: ``run(ctx, **args)`` with keyword arguments of JSON.

    A crash, a lost worker or an unforeseen error lets it run again from the start (or from what it put by with
    ``ctx.save``), so it must bear being repeated; ``retries=0`` says that it does not. What it returns (a dict of
    JSON, :class:`Produced` or None) is kept as the job's result. ``title`` is what a user reads.
    """

    def mark(run: JobFunction) -> JobFunction:
        if name in JOBS and JOBS[name].run is not run:
            raise ValueError(f"job {name} is declared twice")
        if RESERVED & set(inspect.signature(run).parameters):
            raise ValueError(f"job {name}: {sorted(RESERVED)} are enqueue's own arguments")
        JOBS[name] = JobKind(name, run, title, queue, retries)
        return run

    return mark


def periodic(
    name: str,
    *,
    title: str,
    every: timedelta | None = None,
    daily: str | None = None,
    queue: str = "default",
    retries: int = 3,
) -> Callable[[JobFunction], JobFunction]:
    """Declare a job that the clock orders: ``every`` ≥ 1 s, or ``daily="hh:mm"`` (Shanghai); it has no arguments.

    Each slot is ordered once, however many workers run; of slots missed while none ran, the latest is made up.
    """
    if (every is None) == (daily is None):
        raise ValueError(f"schedule {name}: either every or daily")
    if every is not None and every < timedelta(seconds=1):
        raise ValueError(f"schedule {name}: shorter than a second; use a loop")

    def mark(run: JobFunction) -> JobFunction:
        job(name, title=title, queue=queue, retries=retries)(run)
        hour, _, minute = (daily or "0:0").partition(":")
        SCHEDULES[name] = Schedule(name, every, (int(hour), int(minute)) if daily else None)
        return run

    return mark


def loop(name: str, *, interval: float) -> Callable[[Callable[[Budget], int]], Callable[[Budget], int]]:
    """Declare a loop: called every ``interval`` seconds, and at once again while it answers more than 0."""

    def mark(run: Callable[[Budget], int]) -> Callable[[Budget], int]:
        if name in LOOPS and LOOPS[name].run is not run:
            raise ValueError(f"loop {name} is declared twice")
        LOOPS[name] = Loop(name, run, interval)
        return run

    return mark
