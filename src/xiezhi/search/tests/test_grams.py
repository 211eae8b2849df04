"""Text to terms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.search import grams


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("示例建设〇一有限公司", ["示例建设〇一有限公司"]),
        ("泰建罚〔2026〕第12号", ["泰建罚", "2026", "第", "12", "号"]),
        ("ＡＢＣ１２３（全角）", ["abc123", "全角"]),
        ("91321291MA1XXXXXXX", ["91321291ma1xxxxxxx"]),
        ("“引号” AND NOT (x OR y)*^:-{}", ["引号", "and", "not", "x", "or", "y"]),
        ("㈠ ① ㎡", ["一", "1", "m2"]),
        ("罕见字𠮷\ue000", ["罕见字𠮷\ue000"]),
        (" \t\n。，！¦\x00\ud800", []),
    ],
)
def test_a_text_is_folded_and_cut_into_runs(text, expected):
    assert grams.runs(text) == expected


def test_chinese_is_indexed_in_overlapping_pairs_and_codes_in_overlapping_fours():
    found = grams.terms(grams.runs("围挡破损 GB50720"))
    assert found.row == ["围挡", "挡破", "破损", "gb50", "b507", "5072", "0720"]
    assert set(found.marks) == {"围", "挡", "破", "损", "g", "gb", "gb5"}


@pytest.mark.parametrize(
    ("run", "mark", "phrase"),
    [("挡", True, []), ("围挡", False, ["围挡"]), ("围挡破", False, ["围挡", "挡破"]), ("gb5", True, []),
     ("5072", False, ["5072"]), ("b5072", False, ["b507", "5072"])],
)  # fmt: skip
def test_a_short_run_is_a_mark_and_a_longer_one_a_phrase(run, mark, phrase):
    assert grams.is_mark(run) is mark
    assert grams.phrase(run) == phrase


def test_an_overlong_question_is_cut():
    assert len(grams.asked("围挡 " * 1000)) == 1
    assert len(grams.asked(" ".join(f"词{number}" for number in range(100)))) == grams.MAX_RUNS
    assert len("".join(grams.asked("长" * 1000))) == grams.MAX_QUERY


@given(st.text())
def test_every_part_of_a_run_is_covered_by_the_terms_of_its_text(text):
    runs = grams.runs(text)
    found = grams.terms(runs)
    for run in runs:
        assert set(grams.phrase(run)) <= set(found.row)
        assert " " not in run
        assert '"' not in run
        assert "¦" not in run
        if grams.is_mark(run):
            assert run in found.marks
