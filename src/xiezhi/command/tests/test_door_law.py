"""``xiezhi law`` as an outside tester calls it."""

import subprocess
import sys
from datetime import date

import pytest

from xiezhi.command.tests.inprocess import run
from xiezhi.lawbase.files import deadlines


def law(*args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xiezhi.command.main", "law", *args]
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "first"),
    [
        (["hearing_request", "--from", "2026-02-12"], "2026-02-26"),
        (["crime_transfer_send", "--from", "2026-03-06T10:30"], "2026-03-07 10:30"),
        (["crime_transfer_send", "--from", "2026-03-06 10:30"], "2026-03-07 10:30"),
        (["seizure", "--from", "2026-03-02", "--exclude", "2026-03-10..2026-03-19"], "2026-04-11"),
        (["seizure", "--from", "2026-03-02", "--extended", "1"], "2026-05-01"),
        (["fine_payment", "--from", "2026-03-02T23:59"], "2026-03-17"),
    ],
)
def test_line_one_is_the_date_alone(args: list[str], first: str) -> None:
    done = law("due", *args)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == first


@pytest.mark.parametrize(
    ("start", "first", "exact"),
    [
        ("2026-03-02T10:30", "2026-03-03 10:30", None),
        ("2026-03-02T10:30:00", "2026-03-03 10:30", None),
        ("2026-03-02T10:30:45", "2026-03-03 10:30", "2026-03-03 10:30:45"),
        ("2026-03-02 10:30:45.5", "2026-03-03 10:30", "2026-03-03 10:30:45.500000"),
        ("2026-03-02T10:30:45+08:00", "2026-03-03 10:30", "2026-03-03 10:30:45"),
    ],
)
def test_line_one_has_the_minute_and_no_second_is_lost(start, first, exact):
    code, out, err = run("law", "due", "urgent_measure_report", "--from", start)
    answer, *lines = out.decode().splitlines()
    assert (code, err, answer) == (0, "", first)
    assert [line for line in lines if line.startswith("至秒")] == ([f"至秒\t{exact}"] if exact else [])
    assert f"期间的最后一日为{exact or first}（星期二）" in out.decode()


@pytest.mark.parametrize(
    ("rule", "start", "excluded", "lines"),
    [
        (
            "urgent_measure_report",
            "2026-03-02T18:30",
            "2026-03-02..2026-03-03",
            ["2026-03-05 00:00", "不扣除\t2026-03-03 18:30", "从严\t2026-03-03 18:30"],
        ),
        (
            "safety_accident_report",
            "2026-03-01T23:30",
            "2026-03-01..2026-03-01",
            ["2026-03-02 01:00", "不扣除\t2026-03-02 00:30", "从严\t2026-03-02 00:30"],
        ),
        (
            "uav_confirm",
            "2026-03-02T00:30:15",
            "2026-03-01..2026-03-01",
            [
                "2026-02-28 23:30",
                "至秒\t2026-02-28 23:30:15",
                "不扣除\t2026-03-01 23:30:15",
                "待核\t2026-02-28 23:30:15",
            ],
        ),
    ],
)
def test_where_days_are_left_out_of_hours_every_line_has_its_time(rule, start, excluded, lines):
    code, out, err = run("law", "due", rule, "--from", start, "--exclude", excluded)
    found = out.decode().splitlines()
    assert (code, err) == (0, "")
    assert [line[: len(said)] for line, said in zip(found, lines, strict=False)] == lines
    exact = found[1].removeprefix("至秒\t") if found[1].startswith("至秒") else found[0]
    assert any(line.startswith(f"待核\t{exact}\t") for line in found)
    days = (date.fromisoformat(excluded[12:]) - date.fromisoformat(excluded[:10])).days + 1
    assert f"其中{days}日落在期间内" in out.decode()


@pytest.mark.parametrize(
    ("rule", "start", "first", "here"),
    [
        ("urgent_measure_report", "2026-03-02T10:30Z", "2026-03-03 18:30", "2026-03-02 18:30"),
        ("urgent_measure_report", "2026-03-02T10:30+00:00", "2026-03-03 18:30", "2026-03-02 18:30"),
        ("urgent_measure_report", "2026-03-02T10:30:05-05:00", "2026-03-03 23:30", "2026-03-02 23:30:05"),
        ("fine_payment", "2026-03-02T23:59+00:00", "2026-03-18", "2026-03-03 07:59"),
    ],
)
def test_another_offset_is_converted_and_told(rule, start, first, here):
    code, out, err = run("law", "due", rule, "--from", start)
    assert (code, out.decode().splitlines()[0]) == (0, first)
    assert err == f"xiezhi law due: --from {start!r} is {here} in China (+08:00), and so it is counted\n"


def test_later_lines_tell_what_moved_what_is_unsure_and_why() -> None:
    done = law("due", "decision", "--from", "2026-10-01", "--exclude", "2026-11-01..2026-11-05")
    answer, *lines = done.stdout.splitlines()
    heads = [line.split("\t")[0] for line in lines]
    assert answer == "2027-01-04"
    assert heads == ["不扣除", "从严", "待核", "预估", *["说明"] * (len(heads) - 4)]
    assert lines[:2] == ["不扣除\t2026-12-30", "从严\t2026-12-30"]
    assert law("due", "fine_payment", "--from", "2026-04-20").stdout.splitlines()[:2] == [
        "2026-05-06",
        "未顺延\t2026-05-05",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["filing", "--from", "2026-03-02"], "has no number"),
        (["uav_apply", "--from", "2026-03-02"], "fixed times of the clock"),
        (["hearing_reqest", "--from", "2026-03-02"], "did you mean hearing_request"),
        (["", "--from", "2026-03-02"], "no rule"),
        (["seizure", "--from", "2026-02-30"], "no date of the calendar"),
        (["seizure", "--from", "20260302"], "neither"),
        (["seizure", "--from", "2026-3-2"], "neither"),
        (["seizure", "--from", "\uff12026-03-02"], "neither"),
        (["seizure", "--from", "2026-03-02T25:00"], "no date of the calendar"),
        (["seizure", "--from", "2026-03-02T"], "neither"),
        (["crime_transfer_send", "--from", "2026-03-02"], "with a time"),
        (["seizure", "--from", "2026-03-02", "--exclude", "2026-03-09..2026-03-08"], "ends before it begins"),
        (["seizure", "--from", "2026-03-02", "--exclude", "2026-03-09"], "not of the form"),
        (["seizure", "--from", "2026-03-02", "--exclude", "2026-03-09..2026-02-30"], "--exclude"),
        (["seizure", "--from", "2026-03-02", "--extended", "2"], "extended 1 times"),
        (["seizure", "--from", "2026-03-02", "--extended", "\uff11"], "not a whole number"),
        (["seizure", "--from", "2026-03-02", "--extended", " 1"], "not a whole number"),
        (["sue_longest", "--from", "9999-01-01"], "outside the calendar"),
        (["seizure", "--from", "9999-12-31"], "outside the calendar"),
        (["hearing_notice", "--from", "0001-01-01"], "outside the calendar"),
        (["crime_transfer_send", "--from", "0001-01-01T00:00+14:00"], "outside the calendar"),
        (["seizure"], "--from"),
    ],
)
def test_what_yields_no_date_exits_2_with_a_sentence(args: list[str], said: str) -> None:
    done = law("due", *args)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_rules_lists_all() -> None:
    lines = law("rules").stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == list(deadlines())
    assert len(lines) > 80
    assert lines[0].split("\t")[:6] == ["clue_check", "limit", "after", "15", "working_day", "待核"]
