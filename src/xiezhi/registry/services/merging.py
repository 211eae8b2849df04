"""Acts on the identity of entities: two records are one, or were wrongly taken for one."""

import uuid

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refusal, Refused
from xiezhi.record.acts import act, emit
from xiezhi.registry.gate import EDIT, locked, not_merged, rewrite
from xiezhi.registry.models import Entity


@act("registry.entities_merged")
def merge_entities(actor: Actor, entity_id: uuid.UUID, *, rev: int, into: uuid.UUID, reason: str) -> Entity:
    """Declare that two entities are one: the first stays, pointing at ``into``, and is no longer changed.

    Nothing is moved: what names the first stays with it and is read together with the other's
    (:mod:`xiezhi.registry.families`), so that :func:`separate_entity` loses nothing.

    Raises ``NotFound``, ``Denied``, ``Stale``, ``Invalid``, ``Refused`` where either is merged already.
    """
    if entity_id == into:
        raise Invalid({"into": [_("不能与自身合并。")]})
    # Both rows in the order of their ids, so that two merges of the same pair can't wait for each other.
    for pk in sorted((entity_id, into)):
        locked(Entity, pk, actor, EDIT)
    entity, target = locked(Entity, entity_id, actor, EDIT, rev), locked(Entity, into, actor, EDIT)
    not_merged(entity)
    not_merged(target)
    if not reason.strip():
        raise Invalid({"reason": [_("请写明合并的理由。")]})
    rewrite(entity, {})
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"merged": str(entity.id), "into": str(into), "reason": reason},
        agency=entity.agency,
        district=entity.district,
    )
    entity.refresh_from_db()
    return entity


@act("registry.entities_separated")
def separate_entity(actor: Actor, entity_id: uuid.UUID, *, rev: int, reason: str) -> Entity:
    """Take a merge back: the entity stands by itself again, with all that it had.

    Raises ``NotFound``, ``Denied``, ``Stale``, ``Invalid``, ``Refused`` where it is not merged.
    """
    entity = locked(Entity, entity_id, actor, EDIT, rev)
    if entity.merged_into_id is None:
        raise Refused(
            Refusal(
                "xz-registry-not-merged",
                "",
                _("“%(name)s”没有并入其他主体。"),
                _("请刷新页面，查看主体的现状。"),
                {"name": entity.name},
            )
        )
    if not reason.strip():
        raise Invalid({"reason": [_("请写明撤销合并的理由。")]})
    was = str(entity.merged_into_id)
    rewrite(entity, {})
    emit(
        stream=f"entity:{entity.id}",
        subject=f"entity:{entity.id}",
        data={"separated": str(entity.id), "out_of": was, "reason": reason},
        agency=entity.agency,
        district=entity.district,
    )
    entity.refresh_from_db()
    return entity
