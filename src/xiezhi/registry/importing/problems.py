"""What may be wrong with a file or a cell, by code; :mod:`.messages` words it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class FileRefused(ValueError):
    """The whole file can't be taken; nothing was changed. ``code`` is a key of ``messages.FILE``."""

    def __init__(self, code: str, **params: object):
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params


class CellRefused(ValueError):
    """A cell can't be read as its field. ``code`` is a key of ``messages.CELL``."""

    def __init__(self, code: str, **params: object):
        super().__init__(f"{code} {params}")
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is rejected: ``column`` is the file's header (empty: the row as a whole)."""

    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The form in which it is stored with the staged row."""
        return {"column": self.column, "code": self.code, "params": dict(self.params)}
