"""Writing the law: loading a release, entering and correcting, confirming, loading a year's calendar."""

from .calendars import load_notice, withdraw_notice
from .confirmations import confirm_item, withdraw_confirmation
from .entries import add_item, correct_item, set_figure
from .releases import load_release

__all__ = [
    "add_item",
    "confirm_item",
    "correct_item",
    "load_notice",
    "load_release",
    "set_figure",
    "withdraw_confirmation",
    "withdraw_notice",
]
