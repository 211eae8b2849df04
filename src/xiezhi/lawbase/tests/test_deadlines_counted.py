"""期间 counted on the real table and calendar, in tables that a jurist can read and correct.

Days off in 2026: 1-3 Jan; 15-23 Feb; 4-6 Apr; 1-5 May; 19-21 Jun; 25-27 Sep; 1-7 Oct.
Worked weekends:  4 Jan; 14 and 28 Feb; 9 May; 20 Sep; 10 Oct.
"""

from datetime import date, datetime, timedelta

import pytest

from xiezhi.core.calendar import Span
from xiezhi.core.law import Deadline, Mark, Uncountable, due
from xiezhi.lawbase.files import calendar, deadlines


def count(rule: str, start: str, *excluded: str, extensions: int = 0) -> Deadline:
    moment = datetime.fromisoformat(start) if "T" in start else date.fromisoformat(start)
    spans = [Span(*(date.fromisoformat(day) for day in text.split(".."))) for text in excluded]
    return due(deadlines()[rule], moment, calendar(), spans, extensions)


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        # 处罚法 85: working days, across 春节 with its worked Saturday 14 February
        ("hearing_request", "2026-02-12", "2026-02-26"),
        # 处罚法 56: across 国庆 with its worked Saturday 10 October
        ("registration_preservation", "2026-09-29", "2026-10-14"),
        ("registration_preservation", "2026-03-02", "2026-03-11"),
        # 强制法 69: ten days are working days, and a wait ends on its last day
        ("demand_letter", "2026-03-02", "2026-03-16"),
        # 处罚法 67: 15 natural days
        ("fine_payment", "2026-03-02", "2026-03-17"),
        # 行诉法 46: six months, to the day of the same number, or the month's last
        ("sue_direct", "2026-03-31", "2026-09-30"),
        ("sue_direct", "2025-08-31", "2026-02-28"),
        ("permit_suspend_report", "2026-01-31", "2026-02-28"),
        # 处罚法 36: two years from a leap day
        ("limitation_general", "2024-02-29", "2026-02-28"),
        # 公开条例 33: says working days itself
        ("info_request_reply", "2026-03-02", "2026-03-30"),
    ],
)
def test_the_day_of_the_event_is_not_counted(rule: str, start: str, end: str) -> None:
    found = count(rule, start)
    assert (str(found.due), str(found.unrolled)) == (end, end)
    assert found.marks == frozenset()


@pytest.mark.parametrize(
    ("rule", "start", "last", "end"),
    [
        ("fine_payment", "2026-04-20", "2026-05-05", "2026-05-06"),
        ("decision", "2026-01-05", "2026-04-05", "2026-04-07"),
        ("review_apply", "2026-08-06", "2026-10-05", "2026-10-08"),
        ("service_public_notice", "2026-01-22", "2026-02-21", "2026-02-24"),
        ("limitation_safety", "2021-10-03", "2026-10-03", "2026-10-08"),
        ("crime_transfer_decide", "2026-04-02", "2026-04-05", "2026-04-07"),
    ],
)
def test_a_limit_ending_on_a_day_off_moves_to_the_next_working_day(
    rule: str, start: str, last: str, end: str
) -> None:
    found = count(rule, start)
    assert (str(found.unrolled), str(found.due)) == (last, end)


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        ("seizure", "2026-01-02", "2026-02-01"),  # a Sunday: 强制法 25 lets nothing be held longer
        ("surcharge_enforce", "2026-03-05", "2026-04-04"),  # a wait, ending on 清明
        ("credit_general_min", "2026-01-03", "2026-04-03"),
        ("credit_general_max", "2025-05-02", "2026-05-02"),  # a maximum is not lengthened by 劳动节
        ("surcharge", "2026-05-01", "2026-05-02"),  # grows on days off too
        ("video_retention", "2026-01-01", "2026-01-31"),  # keeping ends on a Saturday
        ("pia_retention", "2023-10-03", "2026-10-03"),
        ("wage_account_close", "2026-01-01", "2026-01-31"),
    ],
)
def test_seizure_waits_maxima_accruals_and_keeping_never_move(rule: str, start: str, end: str) -> None:
    found = count(rule, start)
    assert str(found.due) == str(found.unrolled) == end
    assert found.marks == frozenset()


@pytest.mark.parametrize(
    ("rule", "event", "latest"),
    [
        ("hearing_notice", "2026-03-09", "2026-02-27"),  # Saturday 28 February is worked
        ("substitute_demand", "2026-10-09", "2026-09-29"),
        ("demolition_filing", "2026-05-18", "2026-05-03"),  # stays in 劳动节; see the explanation
        ("safety_permit_renew", "2026-05-31", "2026-02-28"),
    ],
)
def test_backward_the_latest_day_is_given(rule: str, event: str, latest: str) -> None:
    assert str(count(rule, event).due) == latest


def test_backward_a_day_off_is_kept_and_an_earlier_working_day_advised() -> None:
    assert any("2026-04-30" in step.text() for step in count("demolition_filing", "2026-05-18").steps)


@pytest.mark.parametrize(
    ("rule", "start", "end"),
    [
        ("urgent_measure_report", "2026-10-01T23:50", "2026-10-02 23:50"),
        ("crime_transfer_send", "2026-03-06T10:30", "2026-03-07 10:30"),
        ("safety_accident_report", "2026-12-31T23:30", "2027-01-01 00:30"),
        ("uav_confirm", "2026-03-01T00:30", "2026-02-28 23:30"),
        ("uav_incident", "2026-03-01T02:00+00:00", "2026-03-02 10:00"),
    ],
)
def test_hours_run_on(rule: str, start: str, end: str) -> None:
    found = count(rule, start).due_at
    assert f"{found:%Y-%m-%d %H:%M}" == end


@pytest.mark.parametrize(
    ("rule", "start", "excluded", "end"),
    [
        ("decision", "2026-01-05", ["2026-02-01..2026-02-12"], "2026-04-17"),
        # overlapping, repeated and unsorted ranges count once
        ("decision", "2026-01-05", ["2026-02-05..2026-02-12", "2026-02-01..2026-02-10"] * 2, "2026-04-17"),
        # outside the period, and the day of the event itself: no effect
        ("decision", "2026-01-05", ["2025-01-01..2026-01-05", "2026-06-01..2026-06-30"], "2026-04-07"),
        # working days: only the days that would have counted are lost
        ("hearing_request", "2026-03-02", ["2026-03-04..2026-03-08"], "2026-03-12"),
        # months grow by the days lost, and by those lost again while growing
        ("sue_direct", "2026-03-31", ["2026-09-30..2026-10-02"], "2026-10-08"),
        (
            "credit_general_min",
            "2026-01-01",
            ["2026-03-01..2026-03-31", "2026-04-02..2026-04-05"],
            "2026-05-06",
        ),
        ("seizure", "2026-03-02", ["2026-03-10..2026-03-19"], "2026-04-11"),
        ("hearing_notice", "2026-03-09", ["2026-03-02..2026-03-06"], "2026-02-13"),
        ("safety_permit_renew", "2026-06-30", ["2026-04-01..2026-04-10"], "2026-03-20"),
    ],
)
def test_excluded_days_do_not_count(rule: str, start: str, excluded: list[str], end: str) -> None:
    assert str(count(rule, start, *excluded).due) == end


def test_hours_skip_excluded_days_whole() -> None:
    found = count("crime_transfer_send", "2026-03-06T10:30", "2026-03-07..2026-03-08").due_at
    assert f"{found:%Y-%m-%d %H:%M}" == "2026-03-09 10:30"
    back = count("uav_confirm", "2026-03-02T00:30", "2026-03-01..2026-03-01").due_at
    assert f"{back:%Y-%m-%d %H:%M}" == "2026-02-28 23:30"


def test_where_leaving_days_out_is_in_doubt_both_dates_stand_and_work_goes_by_the_stricter() -> None:
    found = count("decision", "2026-01-05", "2026-02-01..2026-02-12")
    assert found.doubtful_exclusions
    assert Mark.UNVERIFIED in found.marks
    assert (str(found.due), str(found.without_exclusions)) == ("2026-04-17", "2026-04-07")
    assert str(found.stricter) == "2026-04-07"


def test_a_wait_in_doubt_goes_by_the_longer() -> None:
    found = count("demand_letter", "2026-03-02", "2026-03-03..2026-03-04")
    assert found.doubtful_exclusions
    assert found.stricter == found.due > found.without_exclusions


def test_where_the_cause_is_established_the_exclusion_holds_without_a_mark() -> None:
    found = count("seizure", "2026-03-02", "2026-03-10..2026-03-19")
    assert found.marks == frozenset()
    assert found.stricter == found.due


def test_extensions_are_added_in_their_order_and_keep_their_marks() -> None:
    assert str(count("seizure", "2026-03-02", extensions=1).due) == "2026-05-01"
    assert count("seizure", "2026-03-02", extensions=1).marks == frozenset()
    twice = count("decision", "2026-03-02", extensions=2)
    assert (twice.length, Mark.UNVERIFIED in twice.marks) == (180, True)
    assert twice.stricter == twice.established == count("decision", "2026-03-02").due
    with pytest.raises(Uncountable, match="extended 1 times"):
        count("seizure", "2026-03-02", extensions=2)


@pytest.mark.parametrize(
    ("rule", "start", "marks"),
    [
        ("statement_defence", "2026-03-02", {Mark.UNVERIFIED}),
        ("simple_filing", "2026-03-02", {Mark.UNVERIFIED}),  # that its days are working days is 待核
        ("court_enforcement", "2026-11-30", {Mark.ESTIMATED}),  # 28 February 2027 is a Sunday
        ("hearing_request", "2026-12-30", {Mark.ESTIMATED}),
        ("statement_defence", "2026-12-30", {Mark.UNVERIFIED, Mark.ESTIMATED}),
        ("seizure", "2026-12-30", set()),  # asks no calendar
        ("pia_retention", "2026-12-30", set()),
    ],
)
def test_marks_say_what_is_not_sure(rule: str, start: str, marks: set[Mark]) -> None:
    assert count(rule, start).marks == marks


def test_a_rule_without_a_number_or_a_time_yields_no_date() -> None:
    for rule in deadlines().values():
        if not rule.is_countable:
            with pytest.raises(Uncountable) as caught:
                count(rule.id, "2026-03-02")
            assert caught.value.reason == "numberless"
    with pytest.raises(Uncountable) as caught:
        count("uav_confirm", "2026-03-02")
    assert caught.value.reason == "needs-time"


@pytest.mark.parametrize(("rule", "start"), [("sue_longest", "9998-01-01"), ("hearing_notice", "0001-01-02")])
def test_a_date_outside_the_calendar_is_said(rule: str, start: str) -> None:
    with pytest.raises(Uncountable) as caught:
        count(rule, start)
    assert caught.value.reason == "out-of-range"


def test_every_counted_rule_explains_itself_from_any_start() -> None:
    for rule in deadlines().values():
        if rule.is_countable:
            start = datetime.fromisoformat("2026-03-02T10:30:00+08:00")
            for days in range(0, 300, 29):
                found = due(rule, start + timedelta(days=days), calendar())
                texts = [step.text() for step in found.steps]
                assert rule.name in texts[0]
                assert len(texts) >= 4
                assert str(found.unrolled) in "".join(texts)
