"""Days and spans of days as the law counts them; all plain values, dates are those of Asia/Shanghai.

spans     ranges of days with both ends, merged
months    months and years, whose last day is the corresponding one
days      which days are worked, from the yearly notices; estimates for years without one; counting
zone      SHANGHAI, in which an instant has its day
"""

from xiezhi.core.calendar.days import Notice, WorkCalendar
from xiezhi.core.calendar.months import add_months
from xiezhi.core.calendar.spans import Span, Spans
from xiezhi.core.calendar.zone import SHANGHAI

__all__ = ["SHANGHAI", "Notice", "Span", "Spans", "WorkCalendar", "add_months"]
