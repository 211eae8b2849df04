"""The one clock. Services never ask for the time: ``record.act`` asks once an act and hands it on.

Times are aware and in UTC; they are shown as Asia/Shanghai. Tests and the demo fix it with :func:`fixed`.
"""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from xiezhi.core.calendar import SHANGHAI

_fixed: ContextVar[datetime | None] = ContextVar("fixed_clock", default=None)


def now() -> datetime:
    """The time, aware, UTC."""
    return _fixed.get() or datetime.now(UTC)


def today() -> date:
    """The day it is in Shanghai; inside of an act ask for ``day(at())``."""
    return day(now())


def day(moment: datetime) -> date:
    """The calendar day of Shanghai on which an aware instant lies."""
    if moment.tzinfo is None:
        raise ValueError("only an aware time has its day")
    return moment.astimezone(SHANGHAI).date()


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Let the clock stand at ``at`` (aware) inside the block, in this thread or task."""
    if at.tzinfo is None:
        raise ValueError("the clock takes aware times only")
    token = _fixed.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _fixed.reset(token)


def new_id() -> uuid.UUID:
    """A fresh UUID version 7 (RFC 9562): 48 bits of milliseconds, then randomness."""
    stamp = int(now().timestamp() * 1000) & ((1 << 48) - 1)
    value = (stamp << 80) | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)
