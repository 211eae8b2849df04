"""What the seed decided: streams, strata, teams."""

from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from xiezhi.core.draw.officers import Team

from .commitment import Commitment
from .sources import Source


@dataclass(frozen=True, slots=True)
class Drawn:
    """One stream of one stratum. ``drawn`` and ``reserves`` are (id, ticket) in ticket order.

    expected   the sum of the stream's chances
    threshold  equal chance with a whole number: the last drawn ticket (all up to it are drawn); else None
    """

    stream: str
    label: str
    method: str
    expected: Fraction
    threshold: bytes | None
    drawn: tuple[tuple[str, bytes], ...]
    reserves: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class StratumResult:
    """Streams of one stratum in the order coverage, open; ``drawn`` their union, sorted by the ids' bytes."""

    stratum: str
    objects: int
    streams: tuple[Drawn, ...]

    @property
    def drawn(self) -> list[str]:
        """An object in both streams counts once."""
        return sorted({one for stream in self.streams for one, _ in stream.drawn})


@dataclass(frozen=True, slots=True)
class Result:
    """What the seed decided; ``teams`` maps a drawn id to its officers where the rules have officers."""

    commitment: Commitment
    sources: tuple[Source, ...]
    seed: bytes
    drawn_at: datetime
    strata: tuple[StratumResult, ...]
    teams: tuple[Team, ...] = field(default=())

    @property
    def drawn(self) -> list[str]:
        """All drawn ids, stratum by stratum as announced."""
        return [one for stratum in self.strata for one in stratum.drawn]
