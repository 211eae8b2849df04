import pytest

from xiezhi.core.paper import contract

FIELDS = [
    {"name": "party", "label": "当事人", "type": "text", "required": True},
    {"name": "on", "label": "日期", "type": "date"},
    {"name": "amount", "label": "数量", "type": "number"},
    {"name": "way", "label": "方式", "type": "choice", "choices": ["现场", "书面"]},
    {"name": "kinds", "label": "种类", "type": "choices", "choices": ["甲", "乙", "丙"]},
    {"name": "told", "label": "已告知", "type": "flag"},
    {"name": "phone", "label": "电话", "type": "text", "sensitive": True},
    {"name": "rows", "label": "清单", "type": "table", "columns": [["name", "名称"], ["basis", "依据"]]},
]
CONTRACT = contract.parse(FIELDS)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"on": "2026-02-30"}, "on"),
        ({"amount": "一"}, "amount"),
        ({"way": "电话"}, "way"),
        ({"kinds": ["丁"]}, "kinds"),
        ({"rows": [{"other": "x"}]}, "rows"),
        ({"rows": "x"}, "rows"),
        ({"party": ["x"]}, "party"),
        ({"party": "字" * 501}, "party"),
        ({"unknown": "x"}, "unknown"),
    ],
)
def test_a_value_that_does_not_keep_the_contract_is_named(given, name):
    assert list(CONTRACT.check(given).faults) == [name]


def test_values_are_cleaned_and_what_is_missing_is_named():
    checked = CONTRACT.check(
        {
            "on": "2026-03-02",
            "kinds": ["丙", "甲"],
            "told": "on",
            "rows": [{"name": " 施工许可\n检查 "}, {}, {"basis": "《建筑法》\x00第七条"}],
        }
    )
    assert checked.faults == {}
    assert [field.name for field in checked.missing] == ["party"]
    assert checked.values["kinds"] == ["甲", "丙"]
    assert checked.values["rows"] == [
        {"name": "施工许可 检查", "basis": ""},
        {"name": "", "basis": "《建筑法》第七条"},
    ]


def test_sample_values_keep_the_contract():
    assert not CONTRACT.check(CONTRACT.sample()).missing
    assert contract.parse(CONTRACT.as_json()) == CONTRACT


@pytest.mark.parametrize(
    "stored",
    [
        [],
        {},
        [{"name": "Bad", "label": "坏", "type": "text"}],
        [{"name": "number", "label": "文号", "type": "text"}],
        [{"name": "a", "label": "", "type": "text"}],
        [{"name": "a", "label": "甲", "type": "picture"}],
        [{"name": "a", "label": "甲", "type": "choice"}],
        [{"name": "a", "label": "甲", "type": "table", "columns": ["x"]}],
        [{"name": "a", "label": "甲", "type": "text", "code": "x"}],
        [{"name": "a", "label": "甲", "type": "text"}, {"name": "a", "label": "乙", "type": "text"}],
        [{"name": "a", "label": "甲", "type": "date", "sample": "昨天"}],
    ],
)
def test_a_contract_that_cannot_be_used_is_refused(stored):
    with pytest.raises(contract.BadContract):
        contract.parse(stored)


def changed(**fields):
    stored = [{**one, **fields.get(one["name"], {})} for one in FIELDS]
    return contract.parse([one for one in stored if not one.pop("gone", False)])


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (changed(party={"gone": True}), "删去了字段“当事人”"),
        (changed(amount={"type": "text"}), "类型由数字改为单行文字"),
        (changed(way={"choices": ["现场"]}), "删去了选项书面"),
        (changed(rows={"columns": [["name", "名称"]]}), "删去了列"),
        (changed(phone={"sensitive": False}), "不再标为敏感"),
    ],
)
def test_what_breaks_a_contract_is_said(after, said):
    (found,) = contract.broken(CONTRACT, after)
    assert said in str(found)


def test_new_fields_and_options_keep_a_contract():
    more = contract.parse(
        [
            *FIELDS[:3],
            {**FIELDS[3], "choices": ["现场", "书面", "视频"]},
            *FIELDS[4:],
            {**FIELDS[0], "name": "note"},
        ]
    )
    assert contract.broken(CONTRACT, more) == []
