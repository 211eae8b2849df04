"""What the door asks of a database."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.db.models.expressions import RawSQL

from .models import Entry


@dataclass(frozen=True, slots=True)
class Scope:
    """One kind and what of it may be seen: the public part, and all that belongs below one of ``paths``."""

    kind: str
    paths: tuple[str, ...]

    @property
    def everything(self) -> bool:
        """Is nothing of the kind hidden?"""
        return "/" in self.paths


class Engine(Protocol):
    """Each method works in the caller's transaction."""

    def write(self, entries: Sequence[Entry]) -> None:
        """Add entries that it does not hold."""

    def erase(self, entries: Sequence[Entry]) -> None:
        """Take out entries, given as they were written."""

    def clear(self) -> None:
        """Take out everything."""

    def find(self, asked: Sequence[str], scopes: Sequence[Scope], before: int | None, limit: int) -> list[int]:
        """Ids of entries that hold every run asked for and lie in one of the scopes, greatest first."""

    def matching(self, asked: Sequence[str], scopes: Sequence[Scope]) -> RawSQL:
        """A subquery of the ids of all entries that :meth:`find` would answer, in no order."""
