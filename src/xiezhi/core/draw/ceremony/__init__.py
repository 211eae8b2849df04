"""The draw in two acts: :func:`commit` before the seed, :func:`draw` after it. Times come in as arguments.

A commitment is public at once: it holds opaque ids only. Keep each object's (code, salt) apart;
:func:`opened` makes them public after the visit.
"""

from .commitment import Commitment, chances, commit, opened
from .drawing import draw
from .groups import Group
from .result import Drawn, Result, StratumResult
from .sources import Source, check_reveal, source_values

__all__ = [
    "Commitment",
    "Drawn",
    "Group",
    "Result",
    "Source",
    "StratumResult",
    "chances",
    "check_reveal",
    "commit",
    "draw",
    "opened",
    "source_values",
]
