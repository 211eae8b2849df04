"""Yearly ceilings, pure: which carriers are left out, and which visits count."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.inspection.ceilings import Ceiling, Visit, beyond, counted, underway

DAY = date(2026, 3, 4)
ALL = Ceiling("全部", 2, True, "检查对象×年")
OWN = Ceiling("本事项", 1, True, "检查对象×事项×年", "ZJ-001")


def visit(code: str = "工地一", day: date = DAY, item: str = "ZJ-001", **given) -> Visit:
    return Visit(code, day, frozenset({item}), (day, day + timedelta(days=9)), **given)


@pytest.mark.parametrize(
    ("visits", "ceiling", "more", "out"),
    [
        # visits of 工地一, the ceiling, visits planned, whether it is left out
        ([], ALL, 1, False),
        ([visit()], ALL, 1, False),
        ([visit(), visit()], ALL, 1, True),
        ([visit()], ALL, 2, True),
        ([], ALL, 3, True),
        ([visit(), visit(day=date(2025, 12, 31))], ALL, 1, False),
        ([visit(), visit(triggered=True), visit(triggered=True)], ALL, 1, False),
        ([visit(), visit(ahead=True)], ALL, 1, True),
        ([visit(code="工地二"), visit(code="工地二")], ALL, 1, False),
        ([visit()], OWN, 1, True),
        ([visit(item="ZJ-002")], OWN, 1, False),
        ([visit(), visit(), visit()], Ceiling("待核", 2, False, ""), 1, False),
        ([visit(), visit(), visit()], Ceiling("未定", None, True, ""), 1, False),
        ([], Ceiling("不得检查", 0, True, ""), 1, True),
    ],
)
def test_who_is_at_the_ceiling(visits, ceiling, more, out):
    assert beyond({"工地一"}, visits, [ceiling], 2026, more) == ({"工地一"} if out else set())


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (DAY - timedelta(days=9), DAY - timedelta(days=1), False),
        (DAY - timedelta(days=9), DAY, True),
        (DAY + timedelta(days=9), DAY + timedelta(days=20), True),
        (DAY + timedelta(days=10), DAY + timedelta(days=20), False),
    ],
)
def test_a_visit_ahead_keeps_its_carrier_out_of_the_days_it_may_be_made_on(first, last, found):
    assert underway([visit(ahead=True), visit("工地二")], first, last) == ({"工地一"} if found else set())


@given(
    st.lists(st.tuples(st.sampled_from("甲乙丙丁"), st.sampled_from([2025, 2026]), st.booleans()), max_size=30),
    st.integers(0, 6),
    st.integers(1, 3),
)
def test_nobody_left_in_gets_above_the_ceiling_and_nobody_is_left_out_below_it(rows, limit, more):
    visits = [visit(code, date(year, 5, 1), triggered=triggered) for code, year, triggered in rows]
    ceiling = Ceiling("全部", limit, True, "检查对象×年")
    out = beyond("甲乙丙丁", visits, [ceiling], 2026, more)
    had = counted(visits, ceiling, 2026)
    assert all((code in out) == (had[code] + more > limit) for code in "甲乙丙丁")
