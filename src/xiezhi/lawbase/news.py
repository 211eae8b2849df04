"""Telling upper apps that working days changed, so that they recompute what they had computed."""

from xiezhi.core.calendar import WorkCalendar
from xiezhi.record.acts import emit

from . import notices
from .models import LawItem
from .rights import STREAM


def tell_of_change(item: LawItem, before: WorkCalendar, after: WorkCalendar) -> None:
    """Write ``lawbase.calendar_loaded`` within the running act."""
    year = item.payload["year"]
    emit(
        "lawbase.calendar_loaded",
        stream=STREAM,
        subject=f"law:{item.pk}",
        data={
            "year": year,
            "number": item.payload["number"] or "",
            "item": str(item.pk),
            "before": before.version,
            "after": after.version,
            "changed": [day.isoformat() for day in notices.changed_days(before, after, year)],
        },
    )
