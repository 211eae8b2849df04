"""One public source serves one draw: what the agency's other draws announced, and what came out.

Who could announce one source for two draws would keep the one that pleases and void the other (docs/dr-1.md §4).
Labels and values are compared by their letters and digits alone, and values come in the order that was announced:
who could pass one over would read it, void its draw, and keep the other's.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from unicodedata import normalize

from . import announced, numbering
from .codes import State
from .models import Draw

NEAR = timedelta(days=30)


@dataclass(frozen=True)
class Source:
    """A source of a draw; ``value`` is empty and ``until`` equals ``since`` before it was entered (UTC).

    waits   its draw is committed and not void, and its value was not entered yet
    """

    draw_id: str
    label: str
    since: datetime
    until: datetime
    value: str = ""
    waits: bool = False

    @property
    def turn(self) -> tuple[datetime, list[int]]:
        """Sorts as the values are entered: by announced time, then by the numbers in the draw's number."""
        return self.since, [int(number) for number in re.findall(r"[0-9]+", self.draw_id)]

    def announces(self, other: "Source") -> bool:
        """The same label, or the same moment under whatever label: one lottery has many names."""
        return squeezed(self.label) == squeezed(other.label) or self.since == other.since

    def shows(self, other: "Source") -> bool:
        """The same value within 30 days; a year's short values come again without anyone's doing."""
        near = self.since - NEAR <= other.until and other.since <= self.until + NEAR
        return bool(self.value and other.value) and near and squeezed(self.value) == squeezed(other.value)


def squeezed(text: str) -> str:
    """Letters and digits of ``text`` in one width and one case."""
    return "".join(char for char in normalize("NFKC", normalize("NFKC", text).casefold()) if char.isalnum())


def own(draw: Draw, typed: Mapping[str, tuple[str, datetime]] | None = None) -> list[Source]:
    """The draw's public sources with values: those stored, or ``typed`` (label → value and time) in their stead."""
    known = {one.label: (one.value, one.published_at) for one in draw.values.all()} | dict(typed or {})
    found = []
    for source in announced.public(draw):
        since = datetime.fromisoformat(source["not_before"])
        value, until = known.get(source["label"], ("", None))
        waits = not value and draw.committed_at is not None and draw.state != State.VOID
        found.append(Source(draw.draw_id, source["label"], since, until or since, value, waits))
    return found


def in_turn(draw: Draw) -> list[Source]:
    """Sources of the agency's other draws, of whatever item: an item's code is free to choose.

    Locks the agency's numbers until the transaction ends: of two acts at once the second sees the first's source.
    A draw that was voided before its commitment never waited for its source: that is free again.
    """
    numbering.wait_turn(draw.agency, draw.district)
    others = Draw.objects.filter(agency=draw.agency, district=draw.district)
    others = others.exclude(pk=draw.pk).exclude(state=State.VOID, committed_at=None)
    return [source for other in others.prefetch_related("values") for source in own(other)]
