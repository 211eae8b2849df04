"""The acts of drawn inspections, in the order of a draw's life. Each takes the Actor first; see the submodules.

``items``       publish_item, adopt_items, load_items
``plans``       draft_plan, change_plan, submit_plan, publish_plan, end_plan
``triggers``    ask_trigger, send_for_trigger, end_trigger
``approvals``   plan_approved, trigger_approved: answers to an approval's last signature
``rosters``     freeze_roster
``draws``       prepare_draw, commit_draw, discard_draw, void_draw
``exclusions``  exclude_target, readmit_target
``sources``     enter_source, confirm_source
``results``     run_draw
``replacements``  replace_drawn, ask_replacement, carry_out_replacement
``publishing``  publish_bundle, republish_bundle, open_names
``dispatches``  prepare_dispatch, make_tasks, release_task
``checklists``  publish_checklist
``task_changes``  ask_task_change, carry_out_task_change, call_reserve
``visits``      file_result, release_result, return_result
``requests``    hand_out_entry
"""

from .approvals import plan_approved, trigger_approved
from .checklists import publish_checklist
from .dispatches import make_tasks, prepare_dispatch, release_task
from .draws import commit_draw, discard_draw, prepare_draw, void_draw
from .exclusions import exclude_target, readmit_target
from .items import adopt_items, load_items, publish_item
from .plans import change_plan, draft_plan, end_plan, publish_plan, submit_plan
from .publishing import open_names, publish_bundle, republish_bundle
from .replacements import ask_replacement, carry_out_replacement, replace_drawn
from .requests import hand_out_entry
from .results import run_draw
from .reveals import release_number, reveal_witness
from .rosters import freeze_roster
from .sources import confirm_source, enter_source
from .task_changes import ask_task_change, call_reserve, carry_out_task_change
from .triggers import ask_trigger, end_trigger, send_for_trigger
from .visits import file_result, release_result, return_result

__all__ = [
    "adopt_items",
    "ask_replacement",
    "ask_task_change",
    "ask_trigger",
    "call_reserve",
    "carry_out_replacement",
    "carry_out_task_change",
    "change_plan",
    "commit_draw",
    "confirm_source",
    "discard_draw",
    "draft_plan",
    "end_plan",
    "end_trigger",
    "enter_source",
    "exclude_target",
    "file_result",
    "freeze_roster",
    "hand_out_entry",
    "load_items",
    "make_tasks",
    "open_names",
    "plan_approved",
    "prepare_dispatch",
    "prepare_draw",
    "publish_bundle",
    "publish_checklist",
    "publish_item",
    "publish_plan",
    "readmit_target",
    "release_number",
    "release_result",
    "release_task",
    "replace_drawn",
    "republish_bundle",
    "return_result",
    "reveal_witness",
    "run_draw",
    "send_for_trigger",
    "submit_plan",
    "trigger_approved",
    "void_draw",
]
