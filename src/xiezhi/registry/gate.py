"""What every service of the registry does first: demand the ability, lock the row, check its ``rev``."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound, Refusal, Refused, Stale
from xiezhi.record.acts import at

from .importing.rows import row_digest
from .models import CodeKind, Entity, SourceRecord

EDIT = "registry.edit"
IMPORT = "registry.import"
TYPED = "录入"

M = TypeVar("M", bound=models.Model)


def demand(actor: Actor, ability: str, agency: str) -> None:
    """``Denied`` unless the actor holds ``ability`` for rows of ``agency``."""
    if not actor.may(ability, agency):
        raise Denied(ability, agency)


def locked(model: type[M], pk: uuid.UUID, actor: Actor, ability: str, rev: int | None = None) -> M:
    """The row, locked for the act. ``NotFound`` where the actor may not even see it, ``Denied``, ``Stale``."""
    row = model._default_manager.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound(f"{model.__name__} {pk}")
    scope: Any = row
    if not actor.may(ability, scope.agency):
        if actor.may(scope.read_ability, scope.agency):
            raise Denied(ability, scope.agency)
        raise NotFound(f"{model.__name__} {pk}")
    if rev is not None and rev != scope.rev:
        raise Stale(rev, scope.rev)
    return row


def not_merged(entity: Entity) -> None:
    """``Refused`` where the entity went into another: what is to be changed is the other one."""
    if entity.merged_into_id:
        raise Refused(
            Refusal(
                "xz-registry-merged",
                "",
                _("“%(name)s”已并入其他主体，不能再修改。"),
                _("请到合并后的主体上操作。"),
                {"name": entity.name},
            )
        )


def rewrite(row: Any, columns: Mapping[str, Any]) -> None:
    """Write ``columns`` of an entity or project, with its next ``rev`` and the act's time."""
    for column, value in columns.items():
        setattr(row, column, value)
    row.rev += 1
    row.updated_at = at()
    row.save(update_fields=[*columns, "rev", "updated_at"])


def changes(row: models.Model, given: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """``{column: (before, after)}`` of what ``given`` would change, as canonical values."""
    found = {}
    for column, value in given.items():
        before, after = canonical(getattr(row, column)), canonical(value)
        if before != after:
            found[column] = (before, after)
    return found


def canonical(value: Any) -> Any:
    """A column as canonical JSON holds it: dates as ISO text, ids as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def note_source(
    source: str, key: str, payload: Mapping[str, Any], received_at: Any, **subject: Any
) -> SourceRecord:
    """Keep who said what; ``subject`` is one of entity, project, permit, site."""
    plain = {name: canonical(value) for name, value in payload.items() if value not in (None, "")}
    return SourceRecord.objects.create(
        source=source, key=key[:60], payload=plain, digest=row_digest(plain), received_at=received_at, **subject
    )


def code_kind(code: str) -> str:
    """The kind of a code, by its form alone."""
    return CodeKind.USCC if len(code) == 18 else CodeKind.OLD_NUMBER
