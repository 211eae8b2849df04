import pytest

from xiezhi.core.paper import contract, markup, page

CONTRACT = contract.parse(
    [
        {"name": "party", "label": "当事人", "type": "text"},
        {"name": "on", "label": "日期", "type": "date"},
        {"name": "way", "label": "方式", "type": "choice", "choices": ["现场", "书面"]},
        {"name": "rows", "label": "清单", "type": "table", "columns": [["name", "名称"]]},
    ]
)


def filled(body, **values):
    return page.fill(markup.parse(body, CONTRACT), CONTRACT, values)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("", "正文是空的"),
        ("甲\n{{unknown}}", "第 2 行"),
        ("{{party", "第 1 行"),
        ("{{rows.name}}", "第 1 行"),
        ("{{#rows}}\n{{rows.other}}\n{{/rows}}", "第 2 行"),
        ("{{#rows}}\n{{rows}}\n{{/rows}}", "第 2 行"),
        ("{{#party}}\n甲", "第 1 行"),
        ("甲\n{{/party}}", "第 2 行"),
        ("{{#party}}\n{{/on}}\n{{/party}}", "第 2 行"),
        ("{{party:options}}", "第 1 行"),
        ("{{party:upper}}", "第 1 行"),
        ("**粗", "第 1 行"),
        ("| 甲 | 乙", "第 1 行"),
        ("{{#party}}\n{{#on}}\n{{#way}}\n甲\n{{/way}}\n{{/on}}\n{{/party}}", "第 3 行"),
    ],
)
def test_text_that_cannot_be_used_is_refused_with_its_line(body, line):
    with pytest.raises(markup.BadMarkup, match=line):
        markup.parse(body, CONTRACT)


def test_kinds_of_lines():
    body = "# 题\n## 小题\n> 右\n>< 中\n@ 顶\n段\n---\n===\n~3"
    kinds = [block[0] for block in filled(body)]
    assert kinds == ["title", "heading", "right", "centre", "flush", "par", "rule", "break", "space"]


def test_values_stand_as_text_in_their_places_and_a_missing_one_leaves_a_line_to_write_on():
    (one,) = filled("致{{party}}，{{on}}，**{{way:options}}**。", on="2026-03-02", way="书面")
    assert one == [
        "par",
        [
            ["t", "致", False],
            ["blank", page.BLANK],
            ["t", "，", False],
            ["t", "2026年3月2日", False],
            ["t", "，", False],
            ["t", "□现场　■书面", True],
            ["t", "。", False],
        ],
    ]


def test_what_was_typed_is_never_read_as_markup():
    (one,) = filled("{{party}}", party="{{on}} # **x** | ===")
    assert one == ["par", [["t", "{{on}} # **x** | ===", False]]]


def test_rows_repeat_inside_their_table_and_a_short_row_spans_the_rest():
    body = "| 序号 | 名称 |\n{{#rows}}\n| {{rows.no}} | {{rows.name}} |\n{{/rows}}\n|4| 说明 |"
    ((kind, columns, rows),) = filled(body, rows=[{"name": "甲"}, {"name": "乙"}])
    assert (kind, columns) == ("table", ["auto", "1fr"])
    assert [[spans[0][1] for spans, _kind, _span, _lines in row] for row in rows] == [
        ["序号", "名称"], ["1", "甲"], ["2", "乙"], ["说明"],
    ]  # fmt: skip
    assert rows[3][0][2:] == [2, 4]


def test_parts_appear_with_a_value_or_without():
    body = "{{#party}}\n有\n{{/party}}\n{{^party}}\n无\n{{/party}}"
    assert filled(body, party="甲")[0][1][0][1] == "有"
    assert filled(body)[0][1][0][1] == "无"


def test_a_blank_form_has_lines_and_empty_rows():
    blocks = markup.parse("{{party}}\n{{#rows}}\n| {{rows.no}} | {{rows.name}} |\n{{/rows}}", CONTRACT)
    line, table = page.empty(blocks, CONTRACT, {}, rows=3)
    assert line == ["par", [["blank", page.BLANK]]]
    assert len(table[2]) == 3


def test_names_that_a_text_uses():
    body = "{{party}}\n{{#rows}}\n| {{rows.name}} |\n{{/rows}}\n{{^on}}\n{{number}}\n{{/on}}"
    assert markup.names(markup.parse(body, CONTRACT)) == {"party", "rows", "on", "number"}
