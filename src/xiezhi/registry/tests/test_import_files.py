"""A wrong file is refused with what to do; a right one gives its header and rows, whatever its encoding."""

import codecs
import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xiezhi.registry.importing import messages, report
from xiezhi.registry.importing.files import open_table
from xiezhi.registry.importing.problems import FileRefused
from xiezhi.registry.tests import builders

HEADER = builders.HEADER
ROW = ["示例建设〇一有限公司", "12", "2020-01-31", "示例路1号"]
TABLE = [HEADER, ROW]


def read(folder, content):
    with open_table(builders.written(folder, content)) as table:
        return table.encoding, table.headers, list(table.rows)


def refusal(folder, content):
    with pytest.raises(FileRefused) as refused:
        read(folder, content)
    message = messages.file_message(refused.value)
    assert "%(" not in message
    assert "请" in message
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_is_read_in_each_encoding_and_with_each_delimiter(tmp_path, encoding, delimiter):
    found, headers, rows = read(tmp_path, builders.csv_bytes(TABLE, encoding, delimiter))
    assert (found, headers, rows) == (encoding.removesuffix("-sig"), tuple(HEADER), [(2, ROW)])


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_line_that_names_the_delimiter_is_heeded_and_counted(tmp_path, delimiter):
    content = f"sep={delimiter}\r\n".encode() + builders.csv_bytes(TABLE, "utf-8", delimiter)
    assert read(tmp_path, content)[1:] == (tuple(HEADER), [(3, ROW)])


def test_lines_are_those_of_the_file_also_behind_blank_ones_and_breaks_in_cells(tmp_path):
    text = '企业名称,住所\r\n\r\n"甲\n乙",一\r\n丙,二\r\n'
    assert read(tmp_path, text.encode())[2] == [(3, ["甲\n乙", "一"]), (5, ["丙", "二"])]


def test_a_workbook_gives_dates_numbers_and_texts_as_text(tmp_path):
    row = ["甲", datetime(1979, 11, 26), 321283000009205, 4114.7]  # noqa: DTZ001
    content = builders.xlsx_bytes([["a", "b", "c", "d"], row, ["乙", date(2020, 1, 31), 710.0, True]])
    assert read(tmp_path, content)[2] == [
        (2, ["甲", "1979-11-26", "321283000009205", "4114.7"]),
        (3, ["乙", "2020-01-31", "710", "TRUE"]),
    ]


def test_a_code_that_the_workbook_keeps_as_a_number_shows_that_it_lost_digits(tmp_path):
    content = builders.xlsx_bytes([["a"], [913212827301016390]])
    assert read(tmp_path, content)[2] == [(2, ["9.13212827301016E+17"])]


def test_the_first_visible_sheet_is_read_and_the_user_is_told(tmp_path):
    def hide(sheet):
        other = sheet.parent.create_sheet("第二")
        other.append(["企业名称"])
        other.append(["乙"])
        sheet.sheet_state = "hidden"

    with open_table(builders.written(tmp_path, builders.xlsx_bytes(TABLE, hide))) as table:
        assert (table.headers, table.notes) == (("企业名称",), ("other-sheets",))


def formula(sheet):
    sheet["D2"] = "=A2&B2"


def merged(sheet):
    sheet.merge_cells("A3:B3")


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/"), content)
    return out.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
WORKBOOK = builders.xlsx_bytes(TABLE)
SHEET = "xl/worksheets/sheet1.xml"
XML = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
PLAIN_FORMULA = XML.decode() % '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>'
FORMULA = '<?xml version="1.0" encoding="%s"?>' + PLAIN_FORMULA
PREFIXED = (
    '<表-x:worksheet xmlns:表-x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><表-x:sheetData>'
    '<表-x:row r="1"><表-x:c r="A1"><表-x:f>1+1</表-x:f></表-x:c></表-x:row></表-x:sheetData></表-x:worksheet>'
)
WRONG = {
    "nothing in it": (b"", "empty"),
    "blank lines only": (b"\r\n \r\n,,\r\n", "empty"),
    "an empty workbook": (builders.xlsx_bytes([]), "empty"),
    "header only": (builders.csv_bytes([HEADER]), "header-only"),
    "header only, workbook": (builders.xlsx_bytes([HEADER]), "header-only"),
    "no header": (builders.csv_bytes(builders.rows(2)), "no-header"),
    "a title above the header": (builders.csv_bytes([["示例市企业名录"], HEADER, ROW]), "title-row"),
    "a column without name": (builders.csv_bytes([["企业名称", "", "住所"], ["a", "b", "c"]]), "unnamed-column"),
    "a name twice": (builders.csv_bytes([["企业名称", "住所", "企业名称"], ["a", "b", "c"]]), "duplicate-header"),
    "UTF-16": (builders.csv_bytes(TABLE, "utf-16"), "utf-16"),
    "NUL bytes": (builders.csv_bytes(TABLE) + b"a\0b\n", "nul"),
    "neither UTF-8 nor GB18030": (builders.csv_bytes(TABLE) + b"\xff\xfe\xfa\n", "encoding"),
    "a quote left open": (b'\xe7\x94\xb2,b\n1,"2\n' + b"3,4\n" * 50_000, "unclosed-quote"),
    "text behind a quote": (b'a,b\n"1"2,3\n', "bad-quote"),
    "a million columns": (b"a," * 1_000_000 + b"a\n1\n", "columns-at-least"),
    "a million cells in a row": (b"a,b\n" + b"1," * 1_000_000 + b"\n", "columns-at-least"),
    "one endless line": (b"a,b\n" + b"x" * 2_000_000 + b"\n", "long-line"),
    "old Excel": (OLE + b"\0" * 600, "old-xls"),
    "a password": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a PDF": (b"%PDF-1.7 ...", "other-kind"),
    "a web page": (b"<html><table></table></html>", "other-kind"),
    "a web page that calls itself a sheet": (b"\xef\xbb\xbf\r\n<TABLE><tr><td>a</td></tr></TABLE>", "other-kind"),
    "full-width commas": ("企业名称，统一社会信用代码\n示例一，91\n".encode(), "full-width-comma"),
    "a Word file": (archive(word__document_xml=b"x").replace(b"document_xml", b"document.xml"), "other-kind"),
    "any archive": (archive(readme="x"), "other-kind"),
    "a cut workbook": (WORKBOOK[: len(WORKBOOK) // 2], "broken-workbook"),
    "a workbook with rubbish inside": (builders.with_part(WORKBOOK, SHEET, b"<work"), "broken-workbook"),
    "entities declared": (
        builders.with_part(WORKBOOK, SHEET, b'<!DOCTYPE x [<!ENTITY a "b">]>' + XML % b""),
        "broken-workbook",
    ),
    "a formula": (builders.xlsx_bytes(TABLE, formula), "formula"),
    "merged cells": (builders.xlsx_bytes([*TABLE, ["", "", "a", "b"]], merged), "merged"),
    "a workbook of a thousand columns": (builders.xlsx_bytes([[f"c{i}" for i in range(1000)], ["1"]]), "columns"),
    "a column beyond any sheet": (
        builders.with_part(WORKBOOK, SHEET, XML % b'<row r="1"><c r="ZZZZZZ1" t="str"><v>a</v></c></row>'),
        "columns",
    ),
    "a row beyond any sheet": (
        builders.with_part(WORKBOOK, SHEET, XML % b'<row r="999999999"><c r="A999999999"><v>1</v></c></row>'),
        "blank-rows",
    ),
    **{
        f"a formula in {name}": (
            builders.with_part(WORKBOOK, SHEET, begin + (FORMULA % name).encode(name)),
            "broken-workbook",
        )
        for name, begin in {
            "utf-16": b"",
            "utf-16-le": codecs.BOM_UTF16_LE,
            "utf-16-be": b"",
            "utf-32": b"",
            "iso-8859-1": b"",
        }.items()
    },
    "UTF-16 behind blanks": (
        builders.with_part(WORKBOOK, SHEET, (" " * 600_000 + PLAIN_FORMULA).encode("utf-16-le")),
        "broken-workbook",
    ),
    "a document type in UTF-16": (
        builders.with_part(WORKBOOK, "xl/styles.xml", "<!DOCTYPE x><styleSheet/>".encode("utf-16")),
        "broken-workbook",
    ),
    "a formula under a prefix": (builders.with_part(WORKBOOK, SHEET, PREFIXED.encode()), "formula"),
    "merged cells written with blanks": (
        builders.with_part(
            WORKBOOK,
            SHEET,
            (XML % b"").replace(
                b"</worksheet>", b'<mergeCells><mergeCell\n ref = "A1:B2"/></mergeCells></worksheet>'
            ),
        ),
        "merged",
    ),
    "a zip bomb": (builders.with_part(WORKBOOK, SHEET, XML % (b" " * 40_000_000)), "zip-bomb"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_file_is_refused_with_what_to_do(tmp_path, kind):
    content, code = WRONG[kind]
    assert refusal(tmp_path, content) == code


def test_the_refusal_names_the_place(tmp_path):
    with pytest.raises(FileRefused) as formula_found:
        read(tmp_path, builders.xlsx_bytes(TABLE, formula))
    with pytest.raises(FileRefused) as merged_found:
        read(tmp_path, builders.xlsx_bytes([*TABLE, ["", "", "a", "b"]], merged))
    with pytest.raises(FileRefused) as nul_found:
        read(tmp_path, b"a,b\n1,2\n3,\0\n")
    assert formula_found.value.params["cell"] == "D2"
    assert merged_found.value.params["cells"] == "A3:B3"
    assert nul_found.value.params["line"] == 3


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    encoding=st.sampled_from(["utf-8", "gb18030"]),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_written_is_what_is_read(tmp_path, table, encoding):
    kept = [[cell.strip() for cell in row] for row in table if any(cell.strip() for cell in row)]
    # A first line in UTF-8 that no GB18030 reader would take for its own keeps the two apart.
    content = builders.csv_bytes([["企业名称", "住所"], *table, ["末", "行"]], encoding)
    found, _, rows = read(tmp_path, content)
    if found == encoding:
        assert [cells for _, cells in rows] == [*kept, ["末", "行"]]
    else:
        assert encoding == "gb18030"  # bytes that are strictly UTF-8 as well; it comes first


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "\tx", "\rx"])
def test_a_report_hands_out_formulas_as_text_only(text):
    out = io.BytesIO()
    report.write_csv(out, ["a"], [(2, [text], [("a", "原因")])])
    assert out.getvalue().decode("utf-8-sig").splitlines()[1].split(",")[1].lstrip('"').startswith("'")


def test_the_report_as_a_workbook_keeps_the_row_and_marks_the_cell():
    from openpyxl import load_workbook

    out = io.BytesIO()
    report.write_xlsx(out, ["甲", "乙"], [(7, ["=1+1", "坏\x01"], [("乙", "不行")])])
    sheet = load_workbook(out).active
    assert [cell.value for cell in sheet[2]] == [7, "=1+1", "坏\ufffd", "乙：不行"]
    assert (sheet["B2"].data_type, sheet["C2"].comment.text) == ("s", "不行")
