"""Which column of the file feeds which field: proposed from the header names, checked, and kept for next time."""

from collections.abc import Mapping, Sequence

from .header import normal
from .kinds import ENTITY, Kind
from .problems import FileRefused

Columns = Mapping[str, str]
"""From the file's header to the field's name; headers left out are not taken over."""


def propose(headers: Sequence[str], kind: Kind = ENTITY) -> dict[str, str]:
    """The mapping that the header names suggest; of two columns for one field, the first is taken."""
    named = {normal(header): field.name for field in kind.fields for header in field.headers}
    found: dict[str, str] = {}
    for header in headers:
        name = named.get(normal(header))
        if name is not None and name not in found.values():
            found[header] = name
    return found


def missing(columns: Columns, kind: Kind = ENTITY) -> list[str]:
    """Titles of required fields that no column feeds."""
    return [field.title for field in kind.fields if field.required and field.name not in columns.values()]


def check(columns: Columns, headers: Sequence[str], kind: Kind = ENTITY) -> dict[str, str]:
    """``columns`` in the order of the file; ``FileRefused`` if it names what is not there, or twice."""
    titles = {field.name: field.title for field in kind.fields}
    for header, name in columns.items():
        if header not in headers:
            raise FileRefused("mapping-header", name=header)
        if name not in titles:
            raise FileRefused("mapping-field", name=name)
    fed = list(columns.values())
    for name in fed:
        if fed.count(name) > 1:
            raise FileRefused("mapping-twice", name=titles[name])
    if lacking := missing(columns, kind):
        raise FileRefused("mapping-missing", names="、".join(lacking))
    return {header: columns[header] for header in headers if header in columns}
