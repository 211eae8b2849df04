"""No cell of an export is ever a formula, and every value survives the way out."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from xiezhi.people.models import Agency
from xiezhi.web.lists import Column
from xiezhi.web.lists.export import export_rows, guarded

FORMULAS = ["=1+1", "+1", "-1+cmd", "@SUM(A1)", "\t=1", "  =1", "\u3000=1", "＝1", "\r=1"]
VALUES = {
    "text": "示例",
    "none": None,
    "yes": True,
    "number": 42,
    "code": "012345678901234567",
    "day": date(2026, 3, 2),
    "moment": datetime(2026, 3, 1, 16, 30, tzinfo=UTC),
    "control": "a\x00b\x0bc",
}
COLUMNS = [Column(name, name, value=lambda row, name=name: VALUES[name]) for name in VALUES]


def lines_of(rows, columns, fmt):
    stream = io.BytesIO()
    count = export_rows(rows, columns, fmt, stream)
    assert count == rows.count()
    stream.seek(0)
    if fmt == "csv":
        assert stream.getvalue().startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(stream).active.iter_rows()]


@pytest.fixture
def rows(db):
    Agency.objects.create(code="a", path="/a/", name="甲", short="甲", kind="agency", district="999900")
    return Agency.objects.all()


@pytest.mark.parametrize("text", FORMULAS)
def test_csv_text_never_starts_a_formula(text):
    assert guarded(text).startswith("'")


def test_ordinary_text_is_left_alone():
    assert [guarded(text) for text in ("示例", "3-1", "a=b", "")] == ["示例", "3-1", "a=b", ""]


@pytest.mark.parametrize("text", FORMULAS)
def test_xlsx_text_is_text(rows, text):
    _head, line = lines_of(rows, [Column("x", "x", value=lambda row: text)], "xlsx")
    assert line[0].data_type == "s"


def test_csv_values(rows):
    head, line = lines_of(rows, COLUMNS, "csv")
    assert head == list(VALUES)
    assert line == ["示例", "", "是", "42", "012345678901234567", "2026-03-02", "2026-03-02 00:30:00", "abc"]


def test_xlsx_values_are_of_their_kind(rows):
    _head, line = lines_of(rows, COLUMNS, "xlsx")
    assert [cell.value for cell in line] == [
        "示例",
        None,
        "是",
        42,
        "012345678901234567",
        datetime(2026, 3, 2),  # noqa: DTZ001 -- worksheets know no zones
        datetime(2026, 3, 2, 0, 30),  # noqa: DTZ001
        "abc",
    ]


def test_progress_is_told_and_may_end_the_export(rows):
    seen = []
    export_rows(rows, COLUMNS, "csv", io.BytesIO(), seen.append)
    assert seen == [1]

    def stop(done):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_rows(rows, COLUMNS, "csv", io.BytesIO(), stop)
