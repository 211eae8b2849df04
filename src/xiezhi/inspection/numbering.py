"""Numbers of draws: given out under a lock, none twice, none left out."""

from datetime import datetime

from django.db.models import F

from xiezhi import clock
from xiezhi.people.models import Agency

from .models import DrawNumber


def next_number(agency: str, district: str, moment: datetime) -> str:
    """``<short name of the agency>抽〔2026〕1号``; call it inside the act that uses it."""
    year = clock.day(moment).year
    key = {"district": district, "agency": agency, "year": year}
    DrawNumber.objects.get_or_create(**key)
    wait_turn(agency, district)
    row = DrawNumber.objects.select_for_update().get(**key)
    DrawNumber.objects.filter(pk=row.pk).update(last=F("last") + 1)
    short = Agency.objects.filter(path=agency).values_list("short", flat=True).first() or ""
    return f"{short}抽〔{year}〕{row.last + 1}号"


def wait_turn(agency: str, district: str) -> None:
    """Lock the agency's first row of numbers, of whatever year: acts that compare draws go one after another."""
    DrawNumber.objects.select_for_update().filter(agency=agency, district=district).order_by("year").first()
