"""One row through the mapping: what it states, its marks, problems and hash; and what it would change."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from xiezhi.core import canonical

from .fields import Field, Value, read_issued_code, says_nothing
from .kinds import ENTITY, Kind
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

    def __init__(self, headers: Sequence[str], columns: Columns, *, kind: Kind = ENTITY, lenient: bool = False):
        """``lenient``: the source is the registering authority, whose wrong check characters are only marked."""
        self.headers = tuple(headers)
        self._kind = kind
        fields: dict[str, Field] = {field.name: field for field in kind.fields}
        self._readers = [
            (place, header, fields[columns[header]]) for place, header in enumerate(headers) if header in columns
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
        odd = _UNSTORABLE.search("".join(cells)) is not None
        for place, header, field in self._readers:
            cell = cells[place]
            if says_nothing(cell):
                if field.required:
                    problems.append(Problem(header, "required"))
                continue
            try:
                read = read_issued_code(cell) if self._lenient and field.name == "code" else field.read(cell)
                if odd:
                    _storable(read.values)
            except CellRefused as refused:
                problems.append(Problem(header, refused.code, refused.params))
                continue
            values.update(read.values)
            marks.extend(read.marks)
        problems.extend(self._repeated(number, self._kind.key_of(values)))
        if not problems:
            problems.extend(self._kind.finish(values))
        digest = row_digest(values) if not problems else ""
        return MappedRow(number, values, tuple(marks), tuple(problems), digest, tuple(cells))

    def _repeated(self, number: int, key: str) -> Iterable[Problem]:
        if not key:
            return ()
        first = self._lines.setdefault(key, number)
        code = "duplicate" if self._kind is ENTITY else "duplicate-number"
        return () if first == number else (Problem("", code, {"line": first}),)


def _storable(values: Mapping[str, Value]) -> None:
    for value in values.values():
        if isinstance(value, str) and _UNSTORABLE.search(value):
            raise CellRefused("bad-character")
