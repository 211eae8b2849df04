"""Old registration numbers, resident numbers, regions, 文号 and permit numbers."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric as oracle

from xiezhi.core.ids import (
    DocumentNumber,
    DocumentNumberError,
    PermitNumber,
    PermitNumberError,
    Region,
    RegionTable,
    ResidentNumberError,
    registration,
    resident,
)
from xiezhi.core.ids.region import contains, short_code
from xiezhi.core.ids.resident import is_resident_number, resident_check


@pytest.mark.parametrize(
    ("number", "holds"),
    [("110108000000016", True), ("110108000000017", False), ("3212831110122", None)],
)
def test_an_old_number_is_marked_by_its_own_check(number: str, holds: bool | None) -> None:
    assert registration(number).check_holds is holds
    assert registration(number).authority == number[:6]


@pytest.mark.parametrize("text", ["", "12345", "32128300000920X", "32128300000920\uff15"])
def test_what_is_no_old_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        registration(text)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
def test_resident_number_agrees_with_the_oracle(birth: date, sequence: int) -> None:
    body = f"321202{birth:%Y%m%d}{sequence:03d}"
    number = body + resident_check(body)
    assert oracle.calc_check_digit(body + "0") == number[-1]
    read = resident(number)
    assert (read.birth, read.region, read.male) == (birth, "321202", sequence % 2 == 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("321202199002300011", "birth-date"),
        ("321202184901010011", "birth-date"),
        ("32120219900228001", "form"),
        ("32120219900228001x", "form"),
        ("321202199002280010", "check-character"),
    ],
)
def test_errors_never_repeat_the_number(text: str, reason: str) -> None:
    with pytest.raises(ResidentNumberError) as caught:
        resident(text)
    assert caught.value.reason == reason
    assert text[6:14] not in str(caught.value)


def test_a_birth_after_the_day_of_reading_is_refused_and_repr_hides_the_number() -> None:
    body = "32120220270101001"
    number = body + resident_check(body)
    assert number not in repr(resident(number))
    with pytest.raises(ResidentNumberError):
        resident(number, on=date(2026, 12, 31))
    assert is_resident_number(number)


TABLE = RegionTable.of(
    [
        Region("32", "江苏省"),
        Region("3212", "泰州市"),
        Region("321284", "姜堰市", valid_to=date(2012, 12, 31)),
        Region("321204", "姜堰区", valid_from=date(2013, 1, 1)),
    ]
)


def test_regions_name_their_line_and_know_their_time() -> None:
    assert TABLE.find("321200") == Region("3212", "泰州市")
    assert TABLE.find("321284", on=date(2020, 1, 1)) is None
    assert TABLE.find("321291") is None
    assert [region.name for region in TABLE.children("3212", on=date(2010, 1, 1))] == ["姜堰市"]


def test_region_codes_contain_by_prefix() -> None:
    assert contains("321200", "321291")
    assert not contains("321202", "321200")
    assert short_code("320000") == "32"
    with pytest.raises(ValueError):
        short_code("3a")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("泰建罚决字〔2026〕12号", ("泰建罚决字", 2026, 12)),
        ("国办发明电〔2025〕7号", ("国办发明电", 2025, 7)),
        ("泰建(海)罚字〔2026〕1号", ("泰建(海)罚字", 2026, 1)),
    ],
)
def test_document_number_round_trip(text: str, parts: tuple[str, int, int]) -> None:
    assert DocumentNumber.parse(text) == DocumentNumber(*parts)
    assert str(DocumentNumber(*parts)) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("泰建罚字[2026]12号", "brackets"),
        ("泰建罚字【2026】12号", "brackets"),
        ("泰建罚字(2026)12号", "brackets"),
        ("泰建罚字\uff082026\uff0912号", "brackets"),
        ("泰建罚字〔2026〕第12号", "ordinal"),
        ("泰建罚字〔2026〕012号", "leading-zero"),
        ("泰建罚字〔2026〕0号", "leading-zero"),
        ("泰建罚字〔26〕12号", "form"),
        ("泰建 罚字〔2026〕12号", "word"),
        ("泰建罚字〔2026〕12号 ", "form"),
        ("", "form"),
    ],
)
def test_what_is_no_document_number_says_why(text: str, reason: str) -> None:
    with pytest.raises(DocumentNumberError) as caught:
        DocumentNumber.parse(text)
    assert caught.value.reason == reason


def test_permit_number_is_taken_apart() -> None:
    read = PermitNumber.parse("321202202603020101")
    assert (read.region, read.issued, read.sequence, read.class_name) == (
        "321202",
        date(2026, 3, 2),
        1,
        "一般工业与民用建筑",
    )
    assert str(PermitNumber.parse("321202202603020199SX")) == "321202202603020199SX"
    assert PermitNumber.parse("321202202603020199").class_name is None


@pytest.mark.parametrize(("text", "reason"), [("321202202613020101", "date"), ("32120220260302010", "form")])
def test_what_is_no_permit_number_says_why(text: str, reason: str) -> None:
    with pytest.raises(PermitNumberError) as caught:
        PermitNumber.parse(text)
    assert caught.value.reason == reason
