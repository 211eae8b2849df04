"""The registry of event types: what an event of a type and version carries.

An app declares its types in ``events.py``; ``data`` may leave the house, ``private`` is encrypted and may not.
CloudEvents 1.0 is the outer form (:func:`cloud_event`).
"""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict


class Data(BaseModel):
    """Base of every event's data: frozen, closed, whole numbers and text only (canonical JSON has no floats)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Nothing(Data):
    """For types that carry nothing on one side."""


@dataclass(frozen=True)
class EventType:
    """``name`` is ``app.past_tense``; ``title`` is what a reader sees (Chinese)."""

    name: str
    version: int
    title: str
    data: type[Data]
    private: type[Data] | None = None


TYPES: dict[tuple[str, int], EventType] = {}
LATEST: dict[str, EventType] = {}


def event_type(
    name: str, title: str, data: type[Data] = Nothing, private: type[Data] | None = None, *, version: int = 1
) -> EventType:
    """Register a type. Declaring the same name and version twice is a bug and raises ``ValueError``."""
    declared = EventType(name, version, title, data, private)
    if TYPES.get((name, version), declared) != declared:
        raise ValueError(f"event type {name} v{version} is declared twice")
    TYPES[name, version] = declared
    if name not in LATEST or LATEST[name].version < version:
        LATEST[name] = declared
    return declared


def schema(name: str, version: int) -> dict[str, object]:
    """JSON Schema of the type's public data."""
    return TYPES[name, version].data.model_json_schema()


def cloud_event(envelope: dict[str, object], origin: str) -> dict[str, object]:
    """CloudEvents 1.0 (JSON form) of a canonical event; the private part stays behind, its hash goes along."""
    return {
        "specversion": "1.0",
        "id": envelope["id"],
        "source": f"/{origin}/{envelope['agency']}".replace("//", "/"),
        "type": f"cn.xiezhi.{envelope['type']}.v{envelope['version']}",
        "subject": envelope["subject"],
        "time": envelope["recorded_at"],
        "datacontenttype": "application/json",
        "data": envelope["data"],
        "stream": envelope["stream"],
        "privatehash": envelope.get("private_hash") or "",
    }
