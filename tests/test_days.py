"""An instant has its legal day in Shanghai: one zone, one place that asks, nowhere the day of UTC or of the host."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

import xiezhi
from xiezhi import clock
from xiezhi.command import demo_data
from xiezhi.people.models import ApprovalRoute

SOURCE = Path(xiezhi.__file__).parent
# Each is a day of UTC, of the host, or a zone of its own.
ASTRAY = re.compile(
    r"\bnow\(\)\.date\(\)|\bat\(\)\.date\(\)|date\.today\(\)|localdate\(|\.replace\([^)]*\)\.date\(\)"
    r"|ZoneInfo\(|timezone\(timedelta|= \"Asia/Shanghai\""
)
PLACES = {"core/calendar/zone.py", "core/draw/verify.py", "settings/base.py"}


def test_no_other_place_makes_a_day_of_an_instant():
    wrong = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.py")
        if "tests" not in path.parts and path.relative_to(SOURCE).as_posix() not in PLACES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ASTRAY.search(line)
    ]
    assert not wrong


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC), date(2026, 3, 31)),
        (datetime(2026, 3, 31, 16, 0, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
    ],
)
def test_the_day_changes_at_sixteen_hours_utc_for_the_clock_and_for_pages_alike(moment, day):
    assert str(clock.SHANGHAI) == settings.TIME_ZONE
    with clock.fixed(moment):
        assert clock.today() == clock.day(moment) == timezone.localdate(moment) == day


def test_a_time_without_zone_has_no_day():
    with pytest.raises(ValueError, match="aware"):
        clock.day(datetime(2026, 3, 31, 12, 0))  # noqa: DTZ001 - that is the point


@pytest.mark.django_db
def test_the_demonstration_house_begins_on_a_day_of_shanghai():
    began = datetime(2026, 10, 24, 17, 0, tzinfo=UTC)
    with clock.fixed(began + demo_data.BEGAN):
        demo_data.load()
    assert set(ApprovalRoute.objects.values_list("valid_from", flat=True)) == {date(2026, 10, 25)}
