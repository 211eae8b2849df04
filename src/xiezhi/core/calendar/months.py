"""Months and years: a period ends on the day of the same number, or the month's last if it has none.

民法典 arts. 202, 203 as to the corresponding day; the procedure laws name none and are read alike (待核).
"""

from calendar import monthrange
from datetime import MAXYEAR, MINYEAR, date

MONTHS_A_YEAR = 12


def add_months(day: date, months: int) -> date:
    """``day`` moved by whole months, back if negative: 31 January + 1 = 28 (29) February.

    ``OverflowError`` outside the years 1 to 9999.
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 + months, MONTHS_A_YEAR)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError("date value out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
