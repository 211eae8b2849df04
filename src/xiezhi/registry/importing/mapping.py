"""Which column of the file feeds which field: proposed from the header names, checked, and kept for next time."""

from collections.abc import Mapping, Sequence

from .fields import ENTITY_FIELDS, FIELDS
from .header import normal
from .problems import FileRefused

Columns = Mapping[str, str]
"""From the file's header to the field's name; headers left out are not taken over."""

_BY_HEADER = {normal(header): field.name for field in ENTITY_FIELDS for header in field.headers}


def propose(headers: Sequence[str]) -> dict[str, str]:
    """The mapping that the header names suggest; of two columns for one field, the first is taken."""
    found: dict[str, str] = {}
    for header in headers:
        name = _BY_HEADER.get(normal(header))
        if name is not None and name not in found.values():
            found[header] = name
    return found


def missing(columns: Columns) -> list[str]:
    """Titles of required fields that no column feeds."""
    return [field.title for field in ENTITY_FIELDS if field.required and field.name not in columns.values()]


def check(columns: Columns, headers: Sequence[str]) -> dict[str, str]:
    """``columns`` in the order of the file; ``FileRefused`` if it names what is not there, or twice."""
    for header, name in columns.items():
        if header not in headers:
            raise FileRefused("mapping-header", name=header)
        if name not in FIELDS:
            raise FileRefused("mapping-field", name=name)
    fed = list(columns.values())
    for name in fed:
        if fed.count(name) > 1:
            raise FileRefused("mapping-twice", name=FIELDS[name].title)
    if lacking := missing(columns):
        raise FileRefused("mapping-missing", names="、".join(lacking))
    return {header: columns[header] for header in headers if header in columns}
