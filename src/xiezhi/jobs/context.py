"""What a running job is given: its actor, its progress, its checkpoints."""

import threading
import time

from xiezhi.core import canonical
from xiezhi.core.actor import Actor

from . import queue
from .models import Job

#: seconds between two writes of progress, and between two looks whether to stop
THROTTLE = 0.5


class Stop(BaseException):
    """Raised at a checkpoint to end a job; not an ``Exception``, so that a job's own handlers let it pass."""


class Cancelled(Stop):
    """Someone asked for it."""


class Interrupted(Stop):
    """The worker is ending; the job will be begun again elsewhere."""


class Lost(Stop):
    """The worker was thought dead and the job given to another."""


class JobFailed(Exception):
    """A job says that it can't be done, in words for people; it is not tried again."""


class JobContext:
    """The running job, seen from inside.

    id      the job's id, e.g. to name files or to be the cause of its acts' events
    actor   who ordered it, with the rights he has now
    saved   what an earlier run put by with :meth:`save`; empty at the first
    """

    def __init__(self, job: Job, actor: Actor, stop: threading.Event, *, may_repeat: bool):
        self.id = job.id
        self.actor = actor
        self.saved: dict[str, canonical.Json] = dict(job.saved)
        self._job = job
        self._stop = stop
        self._may_repeat = may_repeat
        self._written = self._looked = float("-inf")
        self._pending: dict[str, object] = {}

    def progress(self, done: int, total: int | None = None, text: str = "") -> None:
        """Say how far it is; written at most twice a second. Call it between transactions, not inside one."""
        self._pending = {"done": done, "total": total, "text": text[:200]}
        if time.monotonic() - self._written >= THROTTLE:
            self.flush()

    def flush(self) -> None:
        """Write progress that is still held back."""
        if self._pending:
            self._written = time.monotonic()
            self._write(**self._pending)
            self._pending = {}

    def save(self, **values: canonical.Json) -> None:
        """Put by where to go on from, should the job be begun again; replaces what was put by before."""
        canonical.encode(values)
        self.saved = dict(values)
        self._write(saved=self.saved)

    def check_cancelled(self) -> None:
        """A checkpoint: the job may end here. Cheap to call often.

        Ends the job (by an exception that only the worker catches) when it was cancelled, when the worker is
        ending and the job may be repeated, or when it was given to another worker.
        """
        if self._stop.is_set() and self._may_repeat:
            raise Interrupted
        if time.monotonic() - self._looked < THROTTLE:
            return
        self._looked = time.monotonic()
        wanted = queue.owned(self._job).values_list("cancel_requested", flat=True).first()
        if wanted is None:
            raise Lost
        if wanted:
            raise Cancelled

    def _write(self, **columns: object) -> None:
        if not queue.owned(self._job).update(**columns):
            raise Lost
