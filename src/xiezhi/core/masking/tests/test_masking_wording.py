"""What bars a publication and what asks for a reason: a table that a jurist reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core.ids.resident import resident_check
from xiezhi.core.masking import RULES, Found, Weight, bars, look

RESIDENT = "32120219900228001" + resident_check("32120219900228001")
WRONG = "1" if RESIDENT[-1] != "1" else "2"
CHINESE = st.text(alphabet="示例市县建设工程施工现场检查结果单位一二三", max_size=30)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("示例建设〇一有限公司 91329900MA0000000X", []),
        ("发现问题，责令限期改正", []),
        ("对该企业予以通报批评", ["penalty"]),
        ("通 报 批 评", ["penalty"]),
        ("通·报·批·评", ["penalty"]),
        ("列入黑名单", ["penalty"]),
        ("通报曝光", ["penalty"]),
        ("机密★三年", ["secret"]),
        ("秘密级文件", ["secret"]),
        ("保守国家秘密", []),
        ("不得泄露商业秘密", ["trade-secret"]),
        ("内部资料，注意保管", ["internal", "internal"]),
        ("企业内部管理制度", ["inside"]),
        ("联系电话 13800000000", ["phone"]),
        ("联系电话１３８００００００００", ["phone"]),
        ("电话 0523-86000000", ["phone"]),
        (f"身份证 {RESIDENT}", ["resident"]),
        (f"编号 {RESIDENT[:-1]}{WRONG}", []),
        ("6222020000000000000", ["bank-card"]),
        ("6222020000000000001", []),
        ("a.b@example.cn", ["email"]),
        ("示例路1号3幢2单元501室", ["home"]),
        ("苏M·A1234", ["plate"]),
    ],
)
def test_the_table_of_what_is_found(text, codes):
    assert [one.code for one in look(text)] == codes


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("示例丙", "现场负责人示例丙在场", "person"),
        ("示例丙", "现场负责人示 例 丙在场", "person"),
        ("王建", "示例王建设有限公司", "short-name"),
        ("王", "示例王建设有限公司", None),
        ("欧阳某甲", "示例建设有限公司", None),
    ],
)
def test_a_name_that_must_not_stand_there_is_found_and_a_short_one_only_hinted_at(name, text, code):
    assert [one.code for one in look(text, [name])] == ([code] if code else [])


def test_only_some_findings_bar_and_each_says_why_and_what_to_do():
    found = look("企业内部管理制度，予以通报批评", [])
    assert [one.code for one in bars(found)] == ["penalty"]
    for rule in RULES.values():
        assert rule.says
        assert rule.remedy
        assert rule.article.startswith("《")


def test_a_penalty_cites_the_law_that_makes_it_one():
    assert (RULES["penalty"].article, RULES["penalty"].weight) == ("《行政处罚法》第九条", Weight.BAR)


WORDS = st.sampled_from(["通报批评", "绝密", "黑名单", "不予公开"])
GAPS = st.sampled_from(["", " ", "　", "·"])


@given(CHINESE, CHINESE, WORDS, GAPS)
def test_a_barred_word_is_found_wherever_it_stands_and_however_it_is_spaced(before, after, word, gap):
    spaced = gap.join(word)
    found = bars(look(before + spaced + after))
    assert any(one.start <= len(before) and one.end >= len(before) + len(spaced) for one in found)


@given(CHINESE, st.lists(st.text(alphabet="甲乙丙丁", min_size=1, max_size=4), max_size=3))
def test_places_lie_inside_of_the_text_and_in_order(text, names):
    found = look(text + "".join(names), names)
    assert list(found) == sorted(found)
    assert all(0 <= one.start < one.end <= len(text + "".join(names)) for one in found)


@given(CHINESE)
def test_plain_words_of_the_trade_pass(text):
    assert not bars(look(text))


def test_a_finding_never_carries_what_it_found():
    assert set(Found.__slots__) == {"start", "end", "code"}
