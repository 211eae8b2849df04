"""Next year's calendar: what an administrator brings, what is refused, what changes, and who hears of it."""

import json
from datetime import date

import pytest

from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Denied, Invalid
from xiezhi.core.law import Mark
from xiezhi.lawbase import files, notices, queries, services
from xiezhi.lawbase.models import LawItem
from xiezhi.lawbase.tests.acts_scenarios import NOTICE
from xiezhi.record.models import Event
from xiezhi.record.queries import envelope

ACTOR = system("test")
CSV = """日期,类型,名称
2027-01-01,休,元旦
2027-01-02,休,元旦
2027/1/3,休,元旦
2027-02-20,班
"""


def days(text):
    return [date.fromisoformat(d) for d in text.split()]


@pytest.fixture
def _loaded(db):
    services.load_release(ACTOR)


@pytest.mark.usefixtures("_loaded")
def test_dates_of_a_year_without_notice_are_estimates_until_it_is_loaded():
    start = date(2027, 1, 25)
    before = queries.due("hearing_notice", start)
    estimated = queries.due("service_decision", start)
    assert Mark.ESTIMATED in before.marks
    services.load_notice(ACTOR, NOTICE)
    after = queries.due("service_decision", start)
    assert Mark.ESTIMATED in estimated.marks
    assert Mark.ESTIMATED not in after.marks
    assert after.calendar_version != estimated.calendar_version


@pytest.mark.usefixtures("_loaded")
def test_loading_tells_which_days_changed():
    before = queries.calendar().version
    item = services.load_notice(ACTOR, NOTICE)
    event = Event.objects.get(type="lawbase.calendar_loaded")
    data = envelope(event.pk)["data"]
    assert (data["year"], data["before"], data["after"]) == (2027, before, queries.calendar().version)
    assert {"2027-02-20", "2027-05-08", "2027-10-09"} <= set(data["changed"])
    assert item.doubtful, "a second pair of eyes confirms it"
    assert not queries.calendar().is_estimated(date(2027, 12, 31))


@pytest.mark.usefixtures("_loaded")
def test_the_dry_run_shows_each_day_that_would_change_and_changes_nothing():
    shown = notices.preview(NOTICE, queries.calendar())
    changed = {c.day: (c.worked_before, c.worked_after) for c in shown.changes}
    assert changed[date(2027, 2, 20)] == (False, True)
    assert changed[date(2027, 5, 5)] == (True, False)
    assert all(c.estimated for c in shown.changes)
    assert (shown.supplement, LawItem.objects.filter(code__startswith="2027").exists()) == (False, False)
    services.load_notice(ACTOR, NOTICE)
    data = envelope(Event.objects.get(type="lawbase.calendar_loaded").pk)["data"]
    assert [c.day.isoformat() for c in shown.changes] == data["changed"]


@pytest.mark.usefixtures("_loaded")
def test_a_withdrawn_notice_counts_no_more_and_keeps_its_place():
    before = queries.calendar().version
    item = services.load_notice(ACTOR, NOTICE)
    services.withdraw_notice(ACTOR, item.pk, reason="录入有误")
    assert queries.calendar().version == before
    assert queries.calendar().is_estimated(date(2027, 3, 1))
    assert services.load_notice(ACTOR, NOTICE).code == "2027-2"
    assert Event.objects.filter(type="lawbase.calendar_loaded").count() == 3


@pytest.mark.usefixtures("_loaded")
def test_a_shipped_notice_is_not_withdrawn():
    shipped = LawItem.objects.get(code="2026-1")
    with pytest.raises(Invalid, match="补充通知"):
        services.withdraw_notice(ACTOR, shipped.pk, reason="误")


@pytest.mark.usefixtures("_loaded")
def test_a_supplement_may_change_single_days():
    services.load_notice(ACTOR, NOTICE)
    row = {**NOTICE, "days_off": [], "workdays": ["2027-10-08"], "title": "补充通知"}
    with pytest.raises(Invalid, match="是工作日"):
        services.load_notice(ACTOR, row)
    row["workdays"] = ["2027-10-07"]
    services.load_notice(ACTOR, row)
    assert queries.calendar().is_working_day(date(2027, 10, 7))


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"workdays": ["2027-02-23"]}, "2027-02-23 是工作日"),
        ({"days_off": NOTICE["days_off"][1:]}, "缺少法定节假日 2027-01-01"),
        (
            {"days_off": [*NOTICE["days_off"], {"name": "x", "from": "2026-06-01", "to": "2026-06-01"}]},
            "前后一个月",
        ),
        ({"days_off": [*NOTICE["days_off"], {"name": "x", "from": "2029-06-01", "to": "2029-06-01"}]}, "outside"),
        ({"workdays": ["2027-10-07"]}, "both a day off"),
        ({"days_off": [{"name": "x", "from": "2027-02-02", "to": "2027-02-01"}]}, "读不懂"),
        ({"days_off": [], "workdays": []}, "没有任何日期"),
        ({"year": 1999}, "2007"),
        ({"year": "2027"}, "2007"),
        ({"more": 1}, "读不懂"),
    ],
)
def test_what_no_notice_says_is_refused_and_changes_nothing(change, said):
    with pytest.raises(Invalid, match=said):
        services.load_notice(ACTOR, {**NOTICE, **change})
    assert not LawItem.objects.filter(code__startswith="2027").exists()


@pytest.mark.django_db
def test_a_calendar_is_not_begun_with_next_year_alone():
    with pytest.raises(Invalid, match="lawbase load"):
        services.load_notice(ACTOR, NOTICE)
    assert queries.calendar() is files.calendar()


@pytest.mark.usefixtures("_loaded")
def test_only_who_manages_the_law_loads_a_calendar():
    reader = Actor("a", "officer", "/a/", "321200", frozenset({Ability("lawbase.read", "/a/")}))
    with pytest.raises(Denied):
        services.load_notice(reader, NOTICE)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_gives_spans_of_days_off_and_days_worked(encoding):
    row = notices.parse(
        CSV.encode(encoding), year=2027, issued=date(2026, 11, 20), number=" 国办发明电〔2026〕0号 "
    )
    assert row["days_off"] == [{"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"}]
    assert row["workdays"] == ["2027-02-20"]
    assert (row["number"], row["issued"], row["verified"]) == ("国办发明电〔2026〕0号", "2026-11-20", False)
    assert "2027" in row["title"]


def test_a_json_file_of_the_shipped_form_is_read_and_never_verifies_itself():
    document = {"year": 2027, "notices": [{**{k: v for k, v in NOTICE.items() if k != "year"}, "verified": True}]}
    assert notices.parse(json.dumps(document).encode()) == NOTICE
    assert notices.parse(json.dumps(NOTICE).encode(), year=1) == NOTICE


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空"),
        (b"\xff\xff\xff", "编码"),
        (b"x" * 300_000, "256 KB"),
        (b"2027-01-01,\x00\r\r", "第 1 行"),
        (b'2027-01-01,"' + b"x" * 200_000, "CSV"),
        (b"{", "JSON"),
        (b"[" * 100_000, "JSON"),
        (b"[]", "对象"),
        (b'{"notices": []}', "一份"),
        ("2027-13-01,休".encode(), "第 1 行"),
        ("日期,类型\n2027-01-01,休\n2027-01-01,班".encode(), "第 3 行：2027-01-01 重复"),
        ("2027-01-01,或许".encode(), "应为“休”或“班”"),
    ],
)
def test_a_file_that_is_no_notice_is_refused_naming_the_line(data, said):
    with pytest.raises(Invalid, match=said):
        notices.parse(data, year=2027)


def test_a_file_without_a_year_asks_for_it():
    with pytest.raises(Invalid, match="年份"):
        notices.parse(CSV.encode())
