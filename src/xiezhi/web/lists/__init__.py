"""List pages: declare columns and filters; paging, sorting, export, saved views, refresh come with them."""

from .columns import Column
from .filters import Choice, DateRange, Filter, Flag, Search, Text
from .page import ListPage

__all__ = ["Choice", "Column", "DateRange", "Filter", "Flag", "ListPage", "Search", "Text"]
