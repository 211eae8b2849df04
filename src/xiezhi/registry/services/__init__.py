"""The only door in. One function = one act. An import is many acts: :mod:`xiezhi.registry.imports` walks them."""

from .entities import change_code, correct_entity, merge_entities, place_person, register_entity
from .imports import (
    apply_rows,
    cancel_import,
    complete_import,
    complete_staging,
    complete_undo,
    discard_import,
    receive_file,
    refuse_file,
    save_mapping,
    undo_rows,
)
from .permits import change_permit, expire_permit, register_permit, restore_permit, revoke_permit, suspend_permit
from .projects import (
    add_participant,
    correct_project,
    end_participant,
    move_project,
    record_site,
    register_project,
)

__all__ = [
    "add_participant",
    "apply_rows",
    "cancel_import",
    "change_code",
    "change_permit",
    "complete_import",
    "complete_staging",
    "complete_undo",
    "correct_entity",
    "correct_project",
    "discard_import",
    "end_participant",
    "expire_permit",
    "merge_entities",
    "move_project",
    "place_person",
    "receive_file",
    "record_site",
    "refuse_file",
    "register_entity",
    "register_permit",
    "register_project",
    "restore_permit",
    "revoke_permit",
    "save_mapping",
    "suspend_permit",
    "undo_rows",
]
