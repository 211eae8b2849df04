"""A cell is read as its field, or the reason why not."""

import pytest

from xiezhi.core.ids import check_character
from xiezhi.registry.importing import fields, mapping, messages, rows
from xiezhi.registry.importing.messages import cell_message
from xiezhi.registry.importing.problems import CellRefused, FileRefused
from xiezhi.registry.synthetic import synthetic_code

CODE = synthetic_code(1)


def code_with_region(region):
    body = f"91{region}{CODE[8:17]}"
    return body + check_character(body)


@pytest.mark.parametrize(
    ("cell", "code", "marks"),
    [
        (CODE, CODE, ()),
        (code_with_region("321291"), code_with_region("321291"), ()),
        (code_with_region("321200"), code_with_region("321200"), ()),
        ("321283000009205", "321283000009205", ("old-number",)),
        ("3212831110122", "3212831110122", ("old-number",)),
        (CODE.lower(), CODE, ("repaired",) if CODE.lower() != CODE else ()),
        (f"{CODE[:8]} {CODE[8:]}", CODE, ("repaired",)),
        (f"'{CODE}", CODE, ("repaired",)),
        ("９" + CODE[1:], CODE, ("repaired",)),
    ],
)
def test_a_code_is_taken_and_what_is_odd_is_marked(cell, code, marks):
    read = fields.read_code(cell)
    assert (read.values["code"], read.marks) == (code, marks)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("9.13212827301016E+17", "code-number"),
        ("12345", "code-wrong-length"),
        (CODE[:17] + ("A" if CODE[17] != "A" else "B"), "code-wrong-check-character"),
        ("I" + CODE[1:], "code-bad-character"),
        ("0" + CODE[1:], "code-bad-department"),
    ],
)
def test_a_wrong_code_is_refused_with_its_reason(cell, reason):
    with pytest.raises(CellRefused) as refused:
        fields.read_code(cell)
    assert refused.value.code == reason
    assert "%(" not in messages.cell_message(refused.value.code, refused.value.params)


def test_a_registering_authority_s_wrong_check_character_is_only_marked():
    wrong = CODE[:17] + ("A" if CODE[17] != "A" else "B")
    assert fields.read_issued_code(wrong) == fields.Read({"code": wrong}, ("check",))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1979-11-26", "1979-11-26"),
        ("1979/1/6", "1979-01-06"),
        ("1979年11月26日", "1979-11-26"),
        ("19791126", "1979-11-26"),
        ("2004-02-29 00:00:00", "2004-02-29"),
    ],
)
def test_dates_as_files_write_them(cell, day):
    assert fields.read_date(cell).values == {"established_on": day}


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("26.11.1979", "date-form"),
        ("2003-02-29", "date-none"),
        ("1600-01-01", "date-range"),
        ("28000", "date-serial"),
        ("280", "date-form"),
    ],
)
def test_wrong_dates(cell, reason):
    with pytest.raises(CellRefused) as refused:
        fields.read_date(cell)
    assert refused.value.code == reason


@pytest.mark.parametrize(
    ("cell", "minor", "currency"),
    [
        ("4,114.7000(万元人民币)", 4_114_700_000, "CNY"),
        ("4.14万人民币", 4_140_000, "CNY"),
        ("300(万美元)", 300_000_000, "USD"),
        ("0(万元人民币)", 0, "CNY"),
        ("1000万元", 1_000_000_000, "CNY"),
        ("50000", 5_000_000, "CNY"),
        ("1.2亿元人民币", 12_000_000_000, "CNY"),
        ("（万元）", None, None),
        ("1万(万元)", None, None),
        ("12万卢布", None, None),
        ("99999999999999999999亿", None, None),
    ],
)
def test_capital_is_hundredths_of_its_currency(cell, minor, currency):
    if minor is None:
        with pytest.raises(CellRefused):
            fields.read_capital(cell)
    else:
        assert fields.read_capital(cell).values == {"capital": minor, "capital_currency": currency}


@pytest.mark.parametrize(
    ("code", "kind_of_firm", "kind"),
    [
        (CODE, "", "organisation"),
        ("92" + CODE[2:], "", "individual"),
        ("3212831110122", "个体工商户", "individual"),
        ("3212831110122", "集体所有制", "organisation"),
        ("3212831110122", "", ""),
    ],
)
def test_a_household_business_is_known_by_code_or_type(code, kind_of_firm, kind):
    assert fields.entity_kind(code, kind_of_firm) == kind


ROSTER = (
    "name,uscc,registration_date,enterprise_type,registered_capital,business_scope_200,province,city,address,"
    "uscc_check_ok"
)


def test_headers_in_either_language_find_their_fields():
    assert list(mapping.propose(ROSTER.split(",")).values()) == [
        "name", "code", "established_on", "entity_type", "capital", "business_scope", "province", "city",
        "address",
    ]  # fmt: skip
    chinese = [
        "序号",
        "*企业名称",
        "统一社会信用代码（必填）",
        " 成立日期 ",
        "注册资本(万元)",
        "住所",
        "法定代表人",
    ]
    assert mapping.propose(chinese) == {
        "*企业名称": "name",
        "统一社会信用代码（必填）": "code",
        " 成立日期 ": "established_on",
        "注册资本(万元)": "capital",
        "住所": "address",
    }


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"甲": "name"}, "mapping-missing"),
        ({"甲": "name", "乙": "name"}, "mapping-twice"),
        ({"丙": "name"}, "mapping-header"),
        ({"甲": "nonsense"}, "mapping-field"),
    ],
)
def test_a_mapping_is_checked(columns, code):
    with pytest.raises(FileRefused) as refused:
        mapping.check(columns, ["甲", "乙"])
    assert refused.value.code == code


COLUMNS = {"名": "name", "码": "code", "日": "established_on"}


def mapped(*cells, number=2, mapper=None):
    return (mapper or rows.RowMapper(["名", "码", "日", "别"], COLUMNS)).map(number, list(cells))


def test_what_a_file_leaves_empty_is_not_stated():
    assert "established_on" not in mapped("甲", CODE, "N/A", "").values


def test_every_wrong_cell_of_a_row_has_its_reason():
    row = mapped("", "123", "x", "", "beyond")
    assert [(p.column, p.code) for p in row.problems] == [
        ("", "extra-cells"), ("名", "required"), ("码", "code-wrong-length"), ("日", "date-form"),
    ]  # fmt: skip


def test_a_code_met_twice_is_reported_with_the_first_line():
    mapper = rows.RowMapper(["名", "码", "日", "别"], COLUMNS)
    mapped("甲", CODE, "", "", mapper=mapper)
    second = mapped("乙", CODE, "", "", number=9, mapper=mapper)
    assert [(p.code, p.params) for p in second.problems] == [("duplicate", {"line": 2})]


def test_the_hash_is_of_what_is_stated_not_of_how_it_is_spelt():
    assert mapped("甲", CODE, "2020-01-31", "").digest == mapped("甲", CODE, "2020/1/31", "x").digest
    assert mapped("甲", CODE, "2020-01-31", "").digest != mapped("甲", CODE, "", "").digest


def test_text_that_looks_like_a_formula_is_data():
    assert mapped("=cmd|'/c calc'!A1", CODE, "", "").values["name"] == "=cmd|'/c calc'!A1"


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\u200f", "\u2066", "\ufeff", "\u2028"])
def test_what_is_not_seen_but_changes_what_is_read_is_refused_by_its_code_point(mark):
    (problem,) = mapped(f"示例{mark}建设", CODE, "", "").problems
    assert cell_message(problem.code, problem.params).startswith(f"含有看不见的格式控制字符 U+{ord(mark):04X}")


@pytest.mark.parametrize("name", ["示例𠮷〇建设（集团）有限公司·分", "示例葛\U000e0100建设", "Ünlü Yapı A/S №1"])
def test_rare_characters_of_names_stay(name):
    assert mapped(name, CODE, "", "").values["name"] == name


def test_too_long_a_cell_is_refused_and_control_characters_become_spaces():
    assert [p.code for p in mapped("甲" * 201, CODE, "", "").problems] == ["too-long"]
    assert mapped("甲\n乙", CODE, "", "").values["name"] == "甲 乙"
