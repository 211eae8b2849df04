"""What events determine of a row of law: whether it is confirmed, when it ends, whether it was withdrawn."""

from xiezhi.record.projections import project

from .kinds import day
from .models import LawItem

project("lawbase.figure_confirmed", LawItem, key=lambda d: d["item"], set=lambda e: {"confirmed": True})
project("lawbase.confirmation_withdrawn", LawItem, key=lambda d: d["item"], set=lambda e: {"confirmed": False})
project(
    "lawbase.figure_corrected",
    LawItem,
    key=lambda d: d["superseded"],
    set=lambda e: {"valid_to": day(e["data"]["valid_from"])},
)
project("lawbase.item_withdrawn", LawItem, key=lambda d: d["item"], set=lambda e: {"withdrawn": True})
