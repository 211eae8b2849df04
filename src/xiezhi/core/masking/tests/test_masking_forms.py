"""Published forms, screen masks and the scan: what was to be hidden is hidden."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from xiezhi.core.ids.resident import resident_check
from xiezhi.core.ids.uscc import check_character
from xiezhi.core.law import BadRow
from xiezhi.core.masking import (
    FindingKind,
    Form,
    PartialKind,
    Treatment,
    names_apart,
    partly,
    published,
    read_treatment,
    redact,
    scan,
)

RESIDENT = "32120219900228001" + resident_check("32120219900228001")
CARD = "6222020000000000000"
FULL_WIDTH = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})
SENSITIVE = st.sampled_from(
    [RESIDENT, "13812345678", CARD, "li.ming@example.com", "0523-86881234", "苏M12345", "3幢2单元501室"]
)
HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=6)


def treatment(form: Form, mark: str = "") -> Treatment:
    return Treatment("x", "某项", form, mark, "某法", False)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("李明", "李某"),
        ("李小明", "李某某"),
        ("欧阳修", "欧阳某"),
        ("欧阳小修", "欧阳某某"),
        ("欧阳", "欧某"),
        ("阿卜杜拉·买买提", "阿某某"),
        ("明", "某"),
        ("某", "匿名"),
        ("某某", "匿名"),
    ],
)
def test_a_natural_persons_name_keeps_its_surname(name: str, shown: str) -> None:
    assert published(treatment(Form.SURNAME), name) == shown


@given(HANZI)
def test_a_published_name_never_contains_the_name(name: str) -> None:
    assert name not in published(treatment(Form.SURNAME), name)


def test_people_who_would_look_alike_are_told_apart() -> None:
    assert names_apart(["李明", "张三", "李强", "李明"]) == ("李某甲", "张某", "李某乙", "李某甲")
    eleven = names_apart([f"李{chr(0x4E00 + n)}" for n in range(11)])
    assert (eleven[9], eleven[10]) == ("李某癸", "李某11")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("江苏省泰州市海陵区某某路1号3幢2单元501室", "江苏省泰州市海陵区"),
        ("泰州市姜堰区某某花园", "泰州市姜堰区"),
        ("江苏省泰州市兴化市某某镇", "江苏省泰州市兴化市"),
        ("海陵区某某路1号", "海陵区"),
        ("某某路1号", ""),
        ("海陵区", ""),
    ],
)
def test_a_home_address_ends_at_the_district(address: str, shown: str) -> None:
    assert published(treatment(Form.DISTRICT), address) == shown


@given(st.text(min_size=1, max_size=40))
def test_what_is_removed_leaves_nothing_and_an_address_is_never_whole(value: str) -> None:
    assert published(treatment(Form.REMOVE), value) == ""
    assert published(treatment(Form.BLUR, "〔隐〕"), value) == "〔隐〕"
    assert value not in published(treatment(Form.DISTRICT), value)


def test_what_is_kept_is_kept() -> None:
    assert published(treatment(Form.KEEP), "示例建设有限公司") == "示例建设有限公司"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (PartialKind.RESIDENT, RESIDENT, "321202************"),
        (PartialKind.PHONE, "13812345678", "138****5678"),
        (PartialKind.BANK_CARD, CARD, "***************0000"),
        (PartialKind.PLATE, "苏M12345", "苏M****5"),
        (PartialKind.EMAIL, "li.ming@example.com", "l******@example.com"),
        (PartialKind.EMAIL, "a@b.cn", "******"),
        (PartialKind.PHONE, "1381234", "*******"),
        (PartialKind.PHONE, "", "*"),
    ],
)
def test_a_screen_shows_a_number_in_part(kind: PartialKind, value: str, shown: str) -> None:
    assert partly(kind, value) == shown


@given(st.sampled_from(PartialKind), st.text(min_size=1, max_size=30))
def test_a_partly_shown_value_is_never_whole(kind: PartialKind, value: str) -> None:
    assume(set(value) != {"*"})
    assert value not in partly(kind, value)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"身份证号{RESIDENT}的当事人", [FindingKind.RESIDENT]),
        (f"身份证号{RESIDENT.translate(FULL_WIDTH)}", [FindingKind.RESIDENT]),
        (f"{RESIDENT[:6]} {RESIDENT[6:14]} {RESIDENT[14:]}", [FindingKind.RESIDENT]),
        (f"{RESIDENT} 13812345678", [FindingKind.RESIDENT, FindingKind.PHONE]),
        ("电话138-1234-5678", [FindingKind.PHONE]),
        ("电话+86 138 1234 5678", [FindingKind.PHONE]),
        ("Tel13812345678abc", [FindingKind.PHONE]),
        (f"ID{RESIDENT}ok", [FindingKind.RESIDENT]),
        ("a" * 20 + "13812345678" + "b" * 32, [FindingKind.PHONE]),
        (f"{'a' * 64} 13812345678", [FindingKind.PHONE]),
        ("旧证号321202900228001", [FindingKind.RESIDENT]),
        ("座机0523-86881234", [FindingKind.PHONE]),
        (f"开户行卡号{CARD}", [FindingKind.BANK_CARD]),
        ("卡号6222 0200 0000 0000 000", [FindingKind.BANK_CARD]),
        ("邮箱li.ming@example.com", [FindingKind.EMAIL]),
        ("住3幢2单元501室", [FindingKind.HOME]),
        ("驾驶苏M12345号车", [FindingKind.PLATE]),
        ("驾驶苏MD12345号车", [FindingKind.PLATE]),
    ],
)
def test_what_must_not_be_published_is_found(text: str, kinds: list[FindingKind]) -> None:
    assert [finding.kind for finding in scan(text)] == kinds
    assert scan(redact(text)) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "泰建罚决字〔2026〕12号",
        "统一社会信用代码91320105780688132K",
        "统一社会信用代码" + "5132120050000001X" + check_character("5132120050000001X"),
        "施工许可证321202202603020101",
        "注册号321283000009205",
        "2026年3月2日罚款123456元",
        "2026-03-02 10:30:00",
        "泰州市海陵区某某路168号工地",
        "面积13812345678平方米"[:6],
        RESIDENT[:17] + ("0" if RESIDENT[17] != "0" else "1"),
        "6222020000000000001",
        f"名录根{'a' * 20}13812345678{'b' * 33}",
    ],
)
def test_what_may_be_published_passes(text: str) -> None:
    assert scan(text) == ()


@given(st.lists(st.one_of(SENSITIVE, st.text(max_size=8)), max_size=6))
def test_a_redacted_text_passes_the_scan(parts: list[str]) -> None:
    assert scan(redact("".join(parts))) == ()


# Words that are part of none of the patterns, unlike 一 of 一幢 or 苏 of a plate.
WORDS = st.text(st.sampled_from("当事人称居住于此处并陈述如下"), max_size=6)


@given(WORDS, SENSITIVE, WORDS)
def test_redacting_takes_the_datum_and_leaves_the_rest(before: str, datum: str, after: str) -> None:
    text = redact(before + datum + after)
    assert datum not in text
    assert text.startswith(before)
    assert text.endswith(after)


def test_a_finding_never_carries_what_it_found() -> None:
    assert RESIDENT not in repr(scan(RESIDENT))


def test_a_treatment_that_puts_something_instead_says_what() -> None:
    row = {"key": "face", "name": "人脸", "form": "blur", "mark": None, "basis": "某法", "verified": False}
    with pytest.raises(BadRow, match="treatment face: mark"):
        read_treatment(row)
    assert read_treatment({**row, "mark": "〔隐〕"}).form is Form.BLUR
