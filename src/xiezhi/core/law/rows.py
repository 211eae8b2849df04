"""Reading a row of a table of law: every fault names the row and the field."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias, TypeVar

Row: TypeAlias = Mapping[str, object]
T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
#: so many decimal digits come through a binary fraction unchanged
EXACT_DIGITS = 15


class BadRow(ValueError):
    """A row of a data file is not of its form. ``row`` is its id, ``field`` the field at fault."""

    def __init__(self, row: str, field: str, problem: str):
        super().__init__(f"{row}: {field}: {problem}")
        self.row = row
        self.field = field


class Reader:
    """Takes the fields of one row by name and kind; :meth:`done` tells of fields nobody asked for."""

    def __init__(self, name: str, row: object):
        if not isinstance(row, dict):
            raise BadRow(name, "row", "is not an object")
        self.name = name
        self._row: Row = row
        self._seen: set[str] = set()

    def fail(self, field: str, problem: str) -> BadRow:
        """The error to raise for ``field``."""
        return BadRow(self.name, field, problem)

    def maybe(self, field: str, kind: type[T]) -> T | None:
        """The field's value if it is of ``kind``, ``None`` if it is null."""
        if field not in self._row:
            raise self.fail(field, "is missing")
        self._seen.add(field)
        value = self._row[field]
        if value is None:
            return None
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise self.fail(field, f"is not {kind.__name__}")
        return value

    def take(self, field: str, kind: type[T]) -> T:
        """The field's value, which may not be null."""
        value = self.maybe(field, kind)
        if value is None:
            raise self.fail(field, "is null")
        return value

    def text(self, field: str) -> str:
        """Text that is not empty."""
        value = self.take(field, str)
        if not value.strip():
            raise self.fail(field, "is empty")
        return value

    def optional_text(self, field: str) -> str:
        """Text; null reads as empty."""
        return self.maybe(field, str) or ""

    def has(self, field: str) -> bool:
        """Does the row have this field at all?"""
        return field in self._row

    def given_text(self, field: str) -> str:
        """Text of a field that rows may leave out; absent and null read as empty."""
        return self.optional_text(field) if self.has(field) else ""

    def one_of(self, field: str, kind: type[E]) -> E:
        """A member of the enumeration ``kind``."""
        value = self.text(field)
        try:
            return kind(value)
        except ValueError as error:
            raise self.fail(field, f"{value!r} is none of {', '.join(kind)}") from error

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self.take(field, list)
        if not all(isinstance(value, str) and value.strip() for value in values):
            raise self.fail(field, "is not a list of texts")
        return tuple(values)

    def day(self, field: str) -> date | None:
        """A date as YYYY-MM-DD, or null."""
        value = self.maybe(field, str)
        try:
            return None if value is None else date.fromisoformat(value)
        except ValueError as error:
            raise self.fail(field, "is no date") from error

    def number(self, field: str) -> Decimal | None:
        """A number, exactly as it was written, or null. JSON's own fractions are binary: 15 digits survive."""
        value = self.maybe(field, object)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self.fail(field, "is no number")
        found = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not found.is_finite() or (isinstance(value, float) and len(found.as_tuple().digits) > EXACT_DIGITS):
            raise self.fail(field, f"is no number of at most {EXACT_DIGITS} digits")
        return found

    def readers(self, field: str) -> tuple["Reader", ...]:
        """A list of objects, each to be read in turn."""
        items = self.take(field, list)
        return tuple(Reader(f"{self.name}.{field}[{place}]", item) for place, item in enumerate(items))

    def reader(self, field: str) -> "Reader | None":
        """An object to be read in turn, or null."""
        value = self.maybe(field, object)
        return None if value is None else Reader(f"{self.name}.{field}", value)

    def done(self) -> None:
        """Raise if the row has fields that were not read."""
        left = sorted(set(self._row) - self._seen)
        if left:
            raise self.fail(left[0], "is not a field of this table")
