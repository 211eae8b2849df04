"""Tables of law are read strictly: a row with a fault is named with its field, none is guessed."""

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from xiezhi.core.law.rows import BadRow, Reader
from xiezhi.core.law.rules import Kind, Roll, Unit, read_rule
from xiezhi.core.law.violations import Exemption, Hearing, Mode, read_violation

SHIPPED = Path(__file__).resolve().parents[3] / "lawbase" / "data"
DEADLINES = {row["id"]: row for row in json.loads((SHIPPED / "deadlines.json").read_text())["deadlines"]}
VIOLATIONS = json.loads((SHIPPED / "violations.json").read_text())["violations"]


def changed(row, path, value):
    """A copy of ``row`` with the field at ``path`` set, or removed for ``...``."""
    made = copy.deepcopy(row)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    if value is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made


def test_every_shipped_rule_is_read_whole():
    rules = {name: read_rule(row) for name, row in DEADLINES.items()}
    decision = rules["decision"]
    assert (decision.kind, decision.length, decision.unit, decision.roll) == (
        Kind.LIMIT, 90, Unit.NATURAL_DAY, Roll.NEXT
    )  # fmt: skip
    assert [grant.length for grant in decision.grants()] == [30, 60]
    assert not decision.suspensions_verified
    assert not rules["filing"].is_countable
    assert rules["seizure"].suspensions_verified


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["length"], None, "length"),
        (["length"], 0, "length"),
        (["length"], True, "length"),
        (["length"], "90", "length"),
        (["unit"], "fortnight", "unit"),
        (["unit"], None, "unit"),
        (["name"], "  ", "name"),
        (["actor"], ..., "actor"),
        (["kind"], "minimum", "roll"),
        (["direction"], "before", "roll"),
        (["verified"], "yes", "verified"),
        (["source"], "MEM", "verified"),
        (["extends", 0, "unit"], "month", "extends"),
        (["extends", 0, "condition"], "", "condition"),
        (["extends"], {}, "extends"),
        (["extends", 0], "三十日", "row"),
        (["suspended_by", 0, "verified"], None, "verified"),
        (["colour"], "red", "colour"),
    ],
)
def test_a_rule_with_a_fault_names_row_and_field(path, value, field):
    with pytest.raises(BadRow) as caught:
        read_rule(changed(DEADLINES["decision"], path, value))
    assert caught.value.field == field
    assert caught.value.row.startswith("deadline decision")


def test_a_rule_without_a_number_has_no_length():
    with pytest.raises(BadRow, match="a number and only a number"):
        read_rule(changed(DEADLINES["filing"], ["length"], 3))


def test_a_row_that_is_no_object_is_no_row():
    for read in (read_rule, read_violation):
        with pytest.raises(BadRow, match="is not an object"):
            read(["decision"])


def test_every_shipped_violation_is_read_whole():
    found = [read_violation(row) for row in VIOLATIONS]
    assert len({one.code for one in found}) == len(VIOLATIONS)
    modes = {fine.mode for one in found for fine in one.fines}
    assert {Mode.RANGE, Mode.PERCENT} <= modes
    assert all(fine.base for one in found for fine in one.fines if fine.mode in (Mode.PERCENT, Mode.MULTIPLE))
    assert all(str(one.penalty).startswith("《") for one in found)
    assert {one.hearing for one in found} <= set(Hearing)
    assert {one.minor_exempt_eligible for one in found} <= set(Exemption)


FINED = next(row for row in VIOLATIONS if row["fines"] and row["fines"][0]["mode"] == "range")


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["penalty"], None, "penalty"),
        (["penalty", "article"], "", "article"),
        (["penalty", "page"], 3, "page"),
        (["subjects"], ["建设单位", ""], "subjects"),
        (["effective_from"], "2020-13-01", "effective_from"),
        (["fines", 0, "min_yuan"], -1, "min_yuan"),
        (["fines", 0, "min_yuan"], True, "min_yuan"),
        (["fines", 0, "min_yuan"], "1万", "min_yuan"),
        (["fines", 0, "max_yuan"], 0.5, "min_yuan"),
        (["fines", 0, "max_yuan"], 30_000.005, "max_yuan"),
        (["fines", 0, "max_yuan"], float("inf"), "max_yuan"),
        (["fines", 0, "max_yuan"], float("nan"), "max_yuan"),
        (["fines", 0, "max_yuan"], 12345678901234.56, "max_yuan"),
        (["fines", 0, "mode"], "lump", "mode"),
        (["fines", 0, "colour"], "red", "colour"),
        (["source"], "MEM", "verified"),
    ],
)
def test_a_violation_with_a_fault_names_the_field(path, value, field):
    row = changed(FINED, ["verified"], True)
    row["fines"][0]["min_yuan"], row["fines"][0]["max_yuan"] = 10_000, 30_000
    with pytest.raises(BadRow) as caught:
        read_violation(changed(row, path, value))
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("given", "mode", "low", "high"),
    [
        ({"min_percent": 5, "max_percent": 10, "base": "单位罚款数额"}, Mode.PERCENT, 5, 10),
        ({"min_yuan": 10_000, "max_yuan": None}, Mode.RANGE, 10_000, None),
        ({"text": "依照建筑法处理"}, Mode.NONE, None, None),
    ],
)
def test_the_fine_on_persons_is_a_share_a_range_or_words(given, mode, low, high):
    fine = read_violation({**FINED, "individual_fine": {"basis": "某条例第一条", **given}}).individual_fine
    assert (fine.mode, fine.low, fine.high) == (mode, low, high)


def test_fines_are_exact_to_the_fen():
    """Ten times ten fen are a yuan; as binary fractions they are not."""
    row = changed(FINED, ["fines", 0, "min_yuan"], 0.1)
    fine = read_violation(changed(row, ["fines", 0, "max_yuan"], 1e20)).fines[0]
    assert sum([fine.low] * 10) == 1
    assert (fine.low, fine.high) == (Decimal("0.10"), 10**20)
    share = {"min_percent": 0.07, "max_percent": 0.1, "base": "单位罚款数额"}
    one = read_violation({**FINED, "individual_fine": {"basis": "某条例第一条", **share}}).individual_fine
    assert one.low * 10_000 == 700
    assert all(
        isinstance(bound, Decimal)
        for found in (read_violation(row) for row in VIOLATIONS)
        for fine in (*found.fines, *([found.individual_fine] if found.individual_fine else []))
        for bound in (fine.low, fine.high)
        if bound is not None
    )


def test_no_fine_on_persons_is_none():
    assert read_violation({**FINED, "individual_fine": None}).individual_fine is None


def test_what_a_row_may_leave_out_reads_as_empty():
    reader = Reader("示例", {"a": None, "since": "2026-03-02", "none": None})
    assert (reader.given_text("a"), reader.given_text("b"), reader.optional_text("a")) == ("", "", "")
    assert (reader.day("since"), reader.day("none"), reader.number("none")) == (date(2026, 3, 2), None, None)
    reader.done()
