"""The only door in. One function = one act. An import is many acts: :mod:`xiezhi.registry.imports` walks them."""

from .entities import change_code, correct_entity, register_entity
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
from .merging import merge_entities, separate_entity
from .permits import change_permit, expire_permit, register_permit, restore_permit, revoke_permit, suspend_permit
from .persons import end_person, place_person
from .projects import add_participant, correct_project, end_participant, move_project, register_project
from .sites import correct_site, record_site

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
    "correct_site",
    "discard_import",
    "end_participant",
    "end_person",
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
    "separate_entity",
    "suspend_permit",
    "undo_rows",
]
