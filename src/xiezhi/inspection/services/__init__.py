"""The acts of drawn inspections, in the order of a draw's life. Each takes the Actor first; see the submodules.

``rosters``     publish_item, freeze_roster
``draws``       prepare_draw, exclude_target, readmit_target, commit_draw, void_draw
``sources``     enter_source, confirm_source
``results``     run_draw
``replacements``  replace_drawn, ask_replacement, carry_out_replacement
``publishing``  publish_bundle, republish_bundle, open_names
``requests``    hand_out_entry
"""

from .draws import commit_draw, exclude_target, prepare_draw, readmit_target, void_draw
from .publishing import open_names, publish_bundle, republish_bundle
from .replacements import ask_replacement, carry_out_replacement, replace_drawn
from .requests import hand_out_entry
from .results import run_draw
from .rosters import freeze_roster, publish_item
from .sources import confirm_source, enter_source

__all__ = [
    "ask_replacement",
    "carry_out_replacement",
    "commit_draw",
    "confirm_source",
    "enter_source",
    "exclude_target",
    "freeze_roster",
    "hand_out_entry",
    "open_names",
    "prepare_draw",
    "publish_bundle",
    "publish_item",
    "readmit_target",
    "replace_drawn",
    "republish_bundle",
    "run_draw",
    "void_draw",
]
