"""A named supervisor: starts the parts, restarts what dies, ends all of them on SIGTERM or Ctrl-C.

web         granian, WSGI
worker      background jobs
sequencer   seals the record
relay       hands sealed events to those who follow them

On the first start of a demonstration its data come before the last three: its record is sealed on a clock of its own.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

GRACE = 20.0  # seconds a part has to end in order before it is killed
BACKOFF = (0.5, 1, 2, 5, 10, 30)  # seconds before the n-th restart in a row
HEALTHY = 60.0  # a part that lived this long has its count of restarts forgotten


@dataclass
class Part:
    """One child process and how often it had to be restarted in a row.

    once    it ends by itself, and is not started again whatever came of it
    after   it is started only when that part (one that runs once) has ended
    """

    name: str
    command: Sequence[str]
    once: bool = False
    after: "Part | None" = None
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarts: int = 0
    due: float = field(default=0.0)
    ended: bool = False


def parts(host: str, port: int, workers: int) -> list[Part]:
    """The four parts of one office."""
    this = [sys.executable, "-m", "xiezhi.command.main"]
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    web += ["--workers", str(workers), "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers"]
    web += ["--log-level", "warning", "xiezhi.command.wsgi:application"]
    return [
        Part("web", web),
        Part("worker", [*this, "worker"]),
        Part("sequencer", [*this, "sequencer"]),
        Part("relay", [*this, "relay"]),
    ]


def seeding() -> Part:
    """Writes what the demonstration's house did, and ends."""
    command = [sys.executable, "-m", "xiezhi.command.main", "demo_data", "--inspections"]
    return Part("demo data", command, once=True)


def first(part: Part, others: list[Part], *, meanwhile: str) -> list[Part]:
    """``part`` runs before ``others``; only the one named ``meanwhile`` does not wait for it."""
    for other in others:
        other.after = None if other.name == meanwhile else part
    return [part, *others]


class Supervisor:
    """Runs until told to stop; :meth:`run` answers the exit code."""

    def __init__(self, wanted: list[Part], environment: Mapping[str, str] | None = None):
        self.parts = wanted
        self.environment = {**os.environ, **(environment or {}), "PYTHONUNBUFFERED": "1"}
        self.stopping = threading.Event()

    def run(self) -> int:
        """Start everything and watch; ends when a signal came or :meth:`stop` was called."""
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopping.set())
        while not self.stopping.is_set():
            for part in self.parts:
                self._watch(part)
            self.stopping.wait(0.2)
        return self._end()

    def stop(self) -> None:
        """Ask for the end; safe from any thread."""
        self.stopping.set()

    def _watch(self, part: Part) -> None:
        now = time.monotonic()
        if part.ended or (part.after is not None and not part.after.ended):
            return
        if part.process is not None and part.process.poll() is None:
            if part.restarts and now - part.started > HEALTHY:
                part.restarts = 0
            return
        if part.process is not None and part.once:
            part.ended = True
            if part.process.returncode:
                self._say(part, f"ended with {part.process.returncode}; the rest goes on without it")
            return
        if part.process is not None:
            self._say(part, f"ended with {part.process.returncode}; restarting")
            part.due = now + BACKOFF[min(part.restarts, len(BACKOFF) - 1)]
            part.restarts += 1
            part.process = None
        if now >= part.due:
            # A group of its own: Ctrl-C reaches us alone, and we end the parts in order.
            part.process = subprocess.Popen(part.command, env=self.environment, start_new_session=True)
            part.started = now

    def _end(self) -> int:
        running = [p for p in self.parts if p.process is not None and p.process.poll() is None]
        for part in running:
            part.process.terminate()  # type: ignore[union-attr]
        deadline = time.monotonic() + GRACE
        for part in running:
            try:
                part.process.wait(max(0.1, deadline - time.monotonic()))  # type: ignore[union-attr]
            except subprocess.TimeoutExpired:
                self._say(part, f"did not end within {GRACE:.0f} s; killed")
                os.killpg(part.process.pid, signal.SIGKILL)  # type: ignore[union-attr]
        return 0

    @staticmethod
    def _say(part: Part, text: str) -> None:
        print(f"xiezhi: {part.name} {text}", file=sys.stderr, flush=True)
