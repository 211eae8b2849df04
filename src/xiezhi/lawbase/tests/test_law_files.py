"""The data files as shipped, and what their reading says of a row that is wrong."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import chinese_calendar
import pytest

from xiezhi.core.calendar import Notice, WorkCalendar
from xiezhi.core.law import BadRow, Kind, Unit
from xiezhi.core.law.rules import Direction, Roll, read_rule
from xiezhi.core.law.violations import Hearing, Mode, read_violation
from xiezhi.core.masking import Form
from xiezhi.lawbase import files

RULE: dict[str, object] = {
    "id": "example",
    "name": "示例",
    "actor": "机关",
    "kind": "limit",
    "starts_at": "某日",
    "direction": "after",
    "length": 7,
    "unit": "working_day",
    "roll": "next",
    "extends": [],
    "suspended_by": [],
    "consequence": None,
    "legal_basis": "某法第一条",
    "verified": True,
    "source": "LRB",
    "note": None,
}


def test_the_deadline_table_is_whole() -> None:
    rules = files.deadlines()
    assert len(rules) == 86
    assert sum(rule.verified for rule in rules.values()) == 75
    assert Counter(rule.kind for rule in rules.values())[Kind.ACCRUAL] == 2
    assert [r.id for r in rules.values() if not r.is_countable] == [
        "filing",
        "recusal",
        "decision_after_hearing",
        "uav_apply",
    ]


def test_only_limits_running_forward_move_on_and_seizure_never_does() -> None:
    staying = {rule.id for rule in files.deadlines().values() if rule.roll is Roll.NEVER and rule.is_countable}
    forward_limits = {
        rule.id
        for rule in files.deadlines().values()
        if rule.kind is Kind.LIMIT and rule.direction is Direction.AFTER and rule.unit is not Unit.HOUR
    }
    assert staying & forward_limits == {"seizure"}


def test_what_is_in_doubt_keeps_its_mark() -> None:
    decision = files.deadlines()["decision"]
    assert decision.verified
    assert not decision.suspensions_verified
    assert [(e.length, e.verified, e.at_most) for e in decision.extends] == [
        (30, False, False),
        (60, False, True),
    ]
    assert files.deadlines()["seizure"].suspensions_verified
    assert not files.deadlines()["statement_defence"].verified


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("length", None, "a number and only a number"),
        ("length", 0, "not positive"),
        ("length", "7", "is not int"),
        ("length", True, "is not int"),
        ("unit", "week", "'week' is none of"),
        ("unit", "hour", "moves on"),
        ("direction", "before", "moves on"),
        ("kind", "minimum", "moves on"),
        ("name", " ", "is empty"),
        ("source", "MEM", "is not verified"),
        ("extends", [{"length": 1}], "is missing"),
        ("extra", 1, "is not a field"),
    ],
)
def test_a_wrong_rule_is_named_with_its_field(field: str, value: object, said: str) -> None:
    with pytest.raises(BadRow, match=said) as caught:
        read_rule({**RULE, field: value})
    assert caught.value.row.startswith("deadline example")


def test_a_right_rule_is_read() -> None:
    assert read_rule(RULE).length == 7
    with pytest.raises(BadRow, match="is not an object"):
        read_rule([])


def test_the_catalogue_is_whole_and_keeps_its_marks() -> None:
    catalogue = files.violations()
    assert len(catalogue) == 220
    assert sum(item.verified for item in catalogue.values()) == 200
    assert all(
        item.verified or item.source in {"MEM", "WEB"} for item in catalogue.values() if item.source != "LRB"
    )
    first = catalogue["ZL-001"]
    assert (first.fines[0].mode, first.fines[0].low, first.fines[0].high) == (Mode.RANGE, 500_000, 1_000_000)
    assert isinstance(first.fines[0].low, Decimal)
    assert str(first.penalty) == "《建设工程质量管理条例》第五十四条"
    assert first.individual_fine is not None
    assert (first.individual_fine.mode, first.individual_fine.high) == (Mode.PERCENT, 10)
    assert first.hearing is Hearing.YES


def test_a_wrong_violation_is_named() -> None:
    with pytest.raises(BadRow, match="violation X-1"):
        read_violation({"code": "X-1", "domain": 1})


def test_working_days_are_those_of_an_independent_table() -> None:
    calendar = files.calendar()
    assert calendar.years == frozenset(range(2007, 2027))
    day, wrong = date(2007, 1, 1), []
    while day <= date(2026, 12, 31):
        if calendar.is_working_day(day) != chinese_calendar.is_workday(day):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_a_later_notice_of_the_same_year_wins() -> None:
    calendar = files.calendar()
    first, second = (notice for notice in calendar.notices if notice.year == 2020)
    saturday = date(2020, 2, 1)
    assert saturday in first.workdays
    assert saturday in second.days_off
    assert not calendar.is_working_day(saturday)


def test_only_the_oldest_notice_lacks_its_number() -> None:
    unnumbered = [notice.year for notice in files.calendar().notices if notice.number is None]
    assert unnumbered == [2007]
    assert all(notice.verified == (notice.number is not None) for notice in files.calendar().notices)


def test_computed_statutory_days_are_off_in_years_to_come() -> None:
    calendar = files.calendar()
    assert all(len(days) in (12, 13) for days in calendar.statutory.values())
    spring = [date(2027, 2, day) for day in range(5, 9)]
    assert not any(calendar.is_working_day(day) for day in [*spring, date(2027, 4, 5), date(2027, 6, 9)])
    assert all(calendar.is_estimated(day) for day in spring)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"workdays": ["2027-01-01"]}, "both a day off and a working day"),
        ({"workdays": ["2027-13-01"]}, "is no date"),
        ({"workdays": ["2031-01-02"]}, "outside the year"),
        ({"days_off": [{"name": "元旦", "from": "2027-01-03", "to": "2027-01-01"}]}, "ends before it begins"),
        ({"title": None}, "title: is null"),
    ],
)
def test_a_wrong_notice_is_refused_with_its_field(changed: dict[str, object], said: str) -> None:
    row: dict[str, object] = {
        "number": None,
        "issued": "2026-11-30",
        "title": "通知",
        "verified": False,
        "days_off": [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}],
        "workdays": [],
    }
    assert files.read_notice(row, 2027).days_off == {date(2027, 1, day) for day in (1, 2, 3)}
    with pytest.raises(BadRow, match=said):
        files.read_notice({**row, **changed}, 2027)


def test_loading_the_years_notice_ends_the_estimate() -> None:
    shipped = files.calendar()
    notice = Notice(2027, None, None, "通知", frozenset({date(2027, 1, 1)}), frozenset({date(2027, 1, 3)}), False)
    loaded = WorkCalendar.of([*shipped.notices, notice], shipped.statutory)
    assert shipped.is_estimated(date(2027, 3, 1))
    assert not loaded.is_estimated(date(2027, 3, 1))
    assert loaded.is_working_day(date(2027, 1, 3))
    assert loaded.version != shipped.version


def test_regions_are_named_and_unknown_ones_pass() -> None:
    regions = files.regions()
    assert regions.find("321291") is None
    assert len(regions.children("3212", on=date(2026, 1, 1))) == 6
    old = regions.find("321284", on=date(2010, 1, 1))
    assert old is not None
    assert old.name == "姜堰市"


def test_code_sets_are_there() -> None:
    assert files.construction_industries()["4710"].name == "住宅房屋建筑"
    assert files.code_sets()["penalty_kind"]["02"].name == "罚款"
    assert [f.meaning for f in files.report_fields() if f.name == "CF_NR_FK"] == ["罚款金额\uff08万元\uff09"]


@pytest.mark.parametrize(
    ("name", "content", "load", "said"),
    [
        ("deadlines.json", '{"count": 2, "deadlines": []}', files.deadlines, "count"),
        ("deadlines.json", "[", files.deadlines, "not JSON"),
        (
            "violations.json",
            '{"count": 1, "violations": [{"code": "A-1"}]}',
            files.violations,
            "violation A-1",
        ),
        ("regions.csv", "code;name\n", files.regions, "columns"),
        ("regions.csv", "code,name,valid_from,valid_to\n32,江苏省\n", files.regions, "line 2"),
    ],
)
def test_a_broken_file_is_named(
    name: str,
    content: str,
    load: Callable[[], object],
    said: str,
    tmp_path: "files.Traversable",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")  # type: ignore[attr-defined]
    monkeypatch.setattr(files, "data", lambda: tmp_path)
    uncached = load.__wrapped__  # type: ignore[attr-defined]
    with pytest.raises(files.BadData, match=said) as caught:
        uncached()
    assert name in str(caught.value)


def test_the_masking_table_removes_what_the_law_protects() -> None:
    table = files.treatments()
    removed = {key for key, treatment in table.items() if treatment.form is Form.REMOVE}
    assert {"resident_number", "phone", "bank_account", "complainant", "witness", "minor"} <= removed
    assert table["party_person"].form is Form.SURNAME
    assert table["credit_code"].form is Form.KEEP
    assert not any(treatment.verified for treatment in table.values())
