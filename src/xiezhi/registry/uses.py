"""What upper apps name by the id of an object of the registry without a foreign key; undo of an import asks here."""

import uuid
from collections.abc import Collection

from django.db.models import Model

_USERS: list[tuple[type[Model], str, object]] = []


def named_by(model: type[Model], field: str, title: object) -> None:
    """Declare that ``field`` of ``model`` holds ids of entities or projects; ``title`` is what a reader is told."""
    _USERS.append((model, field, title))


def of(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Those of ``ids`` that are named, each with the title of what names it."""
    found: dict[uuid.UUID, str] = {}
    for model, field, title in _USERS:
        rows = model._base_manager.filter(**{f"{field}__in": ids})
        found |= dict.fromkeys(rows.values_list(field, flat=True).distinct(), str(title))
    return found
