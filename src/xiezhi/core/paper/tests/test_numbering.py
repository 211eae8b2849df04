import pytest

from xiezhi.core.paper import numbering


@pytest.mark.parametrize(
    ("pattern", "shown"),
    [
        ("{agency}检通〔{year}〕{serial}号", "示例监检通〔2026〕12号"),
        ("{agency}检字〔{year}〕第 {serial} 号", "示例监检字〔2026〕第 12 号"),
    ],
)
def test_a_number_in_words(pattern, shown):
    assert numbering.fault(pattern) == ""
    assert numbering.shown(pattern, agency="示例监", year=2026, serial=12) == shown


@pytest.mark.parametrize(
    "pattern",
    [
        "{agency}检通[{year}]{serial}号",
        "{agency}检通〔{year}〕号",
        "检通{serial}〔{year}〕号",
        "检通〔{year}〕{serial}{serial}号",
        "检通〔{year}〕{serial}号{name}",
        "检" * 70 + "〔{year}〕{serial}号",
        "检{通〔{year}〕{serial}号",
    ],
)
def test_a_pattern_that_cannot_be_used(pattern):
    assert numbering.fault(pattern)


def test_gaps_are_named():
    assert numbering.gaps([1, 2, 5, 6, 9]) == [(3, 4), (7, 8)]
    assert numbering.gaps([2]) == [(1, 1)]
    assert numbering.gaps([1, 2]) == []
