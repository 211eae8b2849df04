"""Paging is stable: whatever the order and the page size, walking shows each row once, both ways."""

from datetime import date, timedelta
from itertools import chain

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezhi.people.models import Agency
from xiezhi.web.lists import keyset

ORDERS = [(), ("name",), ("-name",), ("dissolved_on",), ("-dissolved_on",), ("-dissolved_on", "name"), ("-rev",)]


def make(count, names=("甲", "乙", "丙"), dates=(None, 0, 1)):
    Agency.objects.all().delete()
    for n in range(count):
        shift = dates[n % len(dates)]
        Agency.objects.create(
            code=f"c{n}",
            path=f"/c{n}/",
            name=names[n % len(names)],
            short="s",
            kind="agency",
            district="999900",
            rev=n % 2 + 1,
            dissolved_on=None if shift is None else date(2026, 1, 1) + timedelta(days=shift),
        )


def walk(order, size):
    """Rows forwards to the end, then backwards to the beginning."""
    forwards, page = [], keyset.page(Agency.objects.all(), order, size)
    forwards.append([row.pk for row in page.rows])
    while page.after:
        page = keyset.page(Agency.objects.all(), order, size, after=page.after)
        forwards.append([row.pk for row in page.rows])
    backwards = [[row.pk for row in page.rows]]
    while page.before:
        page = keyset.page(Agency.objects.all(), order, size, before=page.before)
        backwards.insert(0, [row.pk for row in page.rows])
    return list(chain(*forwards)), list(chain(*backwards))


@pytest.mark.django_db
@pytest.mark.parametrize("order", ORDERS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(count=st.integers(0, 12), size=st.integers(1, 5))
def test_walking_shows_every_row_once_and_the_same_both_ways(order, count, size):
    make(count)
    forwards, backwards = walk(order, size)
    assert sorted(forwards) == sorted(Agency.objects.values_list("pk", flat=True))
    assert backwards == forwards


@pytest.mark.django_db
def test_empty_values_come_last_in_both_directions():
    make(6)
    for order in ("dissolved_on", "-dissolved_on"):
        dates = [row.dissolved_on for row in keyset.page(Agency.objects.all(), [order], 10).rows]
        assert dates[-2:] == [None, None]


@pytest.mark.django_db
def test_a_nullable_field_that_is_filled_is_walked_as_one_that_has_no_null():
    make(7, dates=(0, 1))
    rows, after, found = Agency.objects.exclude(dissolved_on=None), "", []
    while True:
        page = keyset.page(rows, ["-dissolved_on"], 2, after=after, filled={"dissolved_on"})
        assert "CASE" not in str(keyset._keys(rows, ["-dissolved_on"], {"dissolved_on"})[1].query)
        found += [row.pk for row in page.rows]
        if not (after := page.after):
            break
    assert found == list(rows.order_by("-dissolved_on", "pk").values_list("pk", flat=True))


@pytest.mark.django_db
def test_rows_that_come_while_paging_shift_nothing():
    make(6, names=("b",))
    first = keyset.page(Agency.objects.all(), ["path"], 3)
    Agency.objects.create(code="a", path="/a/", name="a", short="a", kind="agency", district="999900")
    second = keyset.page(Agency.objects.all(), ["path"], 3, after=first.after)
    assert [row.path for row in second.rows] == ["/c3/", "/c4/", "/c5/"]


@pytest.mark.django_db
def test_a_cursor_that_was_changed_or_belongs_elsewhere_is_refused_and_people_get_the_first_page():
    make(6)
    after = keyset.page(Agency.objects.all(), ["path"], 2).after
    first = keyset.page(Agency.objects.all(), ["path"], 2).rows
    for cursor in (after[:-1] + ("A" if after[-1] != "A" else "B"), "x", "a:b:c", after * 200, "é"):
        with pytest.raises(keyset.BadCursor):
            keyset.page(Agency.objects.all(), ["path"], 2, after=cursor)
        shown, why = keyset.page_or_first(Agency.objects.all(), ["path"], 2, {"after": cursor})
        assert (shown.rows, "从第一页重新开始" in why) == (first, True)
    with pytest.raises(keyset.BadCursor):
        keyset.page(Agency.objects.all(), ["-path"], 2, before=after)
    assert keyset.page_or_first(Agency.objects.all(), ["path"], 2, {"after": after})[1] == ""
