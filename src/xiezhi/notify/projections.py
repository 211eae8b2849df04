"""What events determine of a message: where it stands, and since when."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from xiezhi.record.projections import project

from .models import Message, State


def _message(data: Mapping[str, Any]) -> str:
    return str(data["message"])


def _ended(state: State) -> Any:
    return lambda e: {"state": state.value, "ended_at": datetime.fromisoformat(e["recorded_at"])}


project(
    "notify.ordered",
    Message,
    key=_message,
    set=lambda e: {
        "state": (State.QUEUED if e["data"]["sendable"] else State.UNSENT).value,
        "ended_at": None,
    },
)
project("notify.sent", Message, key=_message, set=_ended(State.SENT))
project("notify.failed", Message, key=_message, set=_ended(State.FAILED))
project("notify.requeued", Message, key=_message, set=lambda e: {"state": State.QUEUED.value, "ended_at": None})
