"""The acts of publication, in the order of its life. Each takes the Actor first; see the submodules.

``sourcing``     note_due, note_change: answers to events of lower apps
``signing``      prepare, send_back, sign
``changes``      correct, withdraw, expire
``deliveries``   note_delivered, report_by_hand
``objections``   object_to, answer
"""

from .changes import correct, expire, withdraw
from .deliveries import note_delivered, report_by_hand
from .objections import answer, object_to
from .signing import prepare, send_back, sign
from .sourcing import note_change, note_due

__all__ = [
    "answer",
    "correct",
    "expire",
    "note_change",
    "note_delivered",
    "note_due",
    "object_to",
    "prepare",
    "report_by_hand",
    "send_back",
    "sign",
    "withdraw",
]
