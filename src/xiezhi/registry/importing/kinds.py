"""What a file can be a list of: a table, one line a kind. How rows are written is in ``chunks``."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from . import permit_fields, project_fields
from .fields import ENTITY_FIELDS, Field, Value, differences_of, entity_kind
from .problems import Problem

Finish = Callable[[dict[str, Value]], Iterator[Problem]]
Differences = Callable[[Mapping[str, Value], Mapping[str, Value | None]], dict[str, list[Value | None]]]


@dataclass(frozen=True)
class Kind:
    """``title`` is what users read.

    key          the columns that say which object a row is of: two rows of a file with the same are one too many
    shown        the columns that a preview shows as name and as code
    finish       brings a row's columns together once all are read, and says what is wrong with them together
    differences  what a row would change
    """

    name: str
    title: Any
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    shown: tuple[str, str]
    finish: Finish
    differences: Differences

    def field(self, name: str) -> Field | None:
        """The field of that name."""
        return next((field for field in self.fields if field.name == name), None)

    def title_of(self, column: str) -> str:
        """What users read for a column of a row."""
        field = next((field for field in self.fields if column in field.columns), None)
        return str(field.title if field else _OTHERS.get(column, column))

    def key_of(self, values: Mapping[str, Value]) -> str:
        """The row's object, as the source names it; empty where the row does not say."""
        parts = [str(values.get(column, "")) for column in self.key]
        return " ".join(parts) if all(parts) else ""


_OTHERS = {"capital_currency": _("币种"), "kind": _("主体类别")}


def _finish_entity(values: dict[str, Value]) -> Iterator[Problem]:
    if kind := entity_kind(str(values.get("code", "")), str(values.get("entity_type", ""))):
        values["kind"] = kind
    yield from ()


def _entity_differences(
    values: Mapping[str, Value], current: Mapping[str, Value | None]
) -> dict[str, list[Value | None]]:
    return differences_of(values, current, but=("code",))


ENTITY = Kind(
    "entity", _("市场主体"), ENTITY_FIELDS, ("code",), ("name", "code"), _finish_entity, _entity_differences
)
PROJECT = Kind(
    "project", _("工程项目"), project_fields.PROJECT_FIELDS, ("number",), ("name", "number"),
    project_fields.finish, project_fields.differences,
)  # fmt: skip
PERMIT = Kind(
    "permit", _("许可"), permit_fields.PERMIT_FIELDS, ("kind", "number"), ("number", "code"),
    permit_fields.finish, permit_fields.differences,
)  # fmt: skip
KINDS = {kind.name: kind for kind in (ENTITY, PROJECT, PERMIT)}
