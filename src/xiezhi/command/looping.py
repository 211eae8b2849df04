"""A part that does a bounded piece of work again and again until SIGTERM."""

import signal
import threading
from collections.abc import Callable

import structlog
from django.db import close_old_connections

log = structlog.get_logger(__name__)


def loop(name: str, work: Callable[[], int], *, idle: float) -> None:
    """Call ``work`` until told to stop; after a round that found nothing (or failed) wait ``idle`` seconds."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        close_old_connections()
        try:
            found = work()
        except Exception:
            log.exception("round_failed", part=name)
            found = 0
        if not found:
            stopping.wait(idle)
