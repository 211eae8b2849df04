"""One row through the mapping: what it states, its marks, problems and hash; and what it would change."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xiezhi.core import canonical

from .fields import FIELDS, Value, entity_kind, read_issued_code, says_nothing
from .mapping import Columns
from .problems import CellRefused, Problem

_UNSTORABLE = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row as the house understands it.

    number    line in the file, from 1
    values    the columns it states; what the file leaves empty is absent and changes nothing
    marks     codes of ``messages.MARK``
    problems  empty: the row can be taken
    digest    SHA-256 (hex) of the canonical JSON of ``values``
    cells     the row as it stands in the file
    """

    number: int
    values: dict[str, Value]
    marks: tuple[str, ...]
    problems: tuple[Problem, ...]
    digest: str
    cells: tuple[str, ...]


def row_digest(values: Mapping[str, Value]) -> str:
    """SHA-256 (hex) of the canonical JSON: same statement, same hash, whatever the order of columns."""
    return hashlib.sha256(canonical.encode(dict(values))).hexdigest()


class RowMapper:
    """Maps the rows of one file, and knows which codes it has met."""

    def __init__(self, headers: Sequence[str], columns: Columns, *, lenient: bool = False):
        """``lenient``: the source is the registering authority, whose wrong check characters are only marked."""
        self.headers = tuple(headers)
        self._readers = [
            (place, header, FIELDS[columns[header]]) for place, header in enumerate(headers) if header in columns
        ]
        self._lenient = lenient
        self._lines: dict[str, int] = {}

    def map(self, number: int, cells: Sequence[str]) -> MappedRow:
        """The row's values and everything that is wrong with it, cell by cell."""
        values: dict[str, Value] = {}
        marks: list[str] = []
        problems: list[Problem] = []
        if len(cells) > len(self.headers):
            problems.append(Problem("", "extra-cells", {"count": len(cells) - len(self.headers)}))
        for place, header, field in self._readers:
            cell = cells[place]
            if says_nothing(cell):
                if field.required:
                    problems.append(Problem(header, "required"))
                continue
            try:
                read = read_issued_code(cell) if self._lenient and field.name == "code" else field.read(cell)
                _storable(read.values)
            except CellRefused as refused:
                problems.append(Problem(header, refused.code, refused.params))
                continue
            values.update(read.values)
            marks.extend(read.marks)
        problems.extend(self._repeated(number, values.get("code")))
        if not problems:
            kind = entity_kind(str(values["code"]), str(values.get("entity_type", "")))
            if kind:
                values["kind"] = kind
        digest = row_digest(values) if not problems else ""
        return MappedRow(number, values, tuple(marks), tuple(problems), digest, tuple(cells))

    def _repeated(self, number: int, code: Value | None) -> Iterable[Problem]:
        if code is None:
            return ()
        first = self._lines.setdefault(str(code), number)
        return () if first == number else (Problem("", "duplicate", {"line": first}),)


def differences(values: Mapping[str, Value], current: Mapping[str, Value | None]) -> dict[str, list[Value | None]]:
    """``{column: [before, after]}`` for every stated column that differs from what is stored."""
    return {
        column: [current.get(column), value]
        for column, value in values.items()
        if column != "code" and current.get(column) != value
    }


def _storable(values: Mapping[str, Value]) -> None:
    for value in values.values():
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise CellRefused("bad-character")
