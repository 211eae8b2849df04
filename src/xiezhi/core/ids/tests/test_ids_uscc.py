"""统一社会信用代码: every reason, the real forms that must pass, and python-stdnum as a second opinion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as oracle

from xiezhi.core.ids.uscc import (
    ALPHABET,
    MEANINGS,
    UsccReason,
    check_character,
    organisation_code_holds,
    uscc_reason,
)

REAL = "91320105780688132K"
BODIES = st.from_regex(r"[1-9][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}", fullmatch=True)


def coded(body: str) -> str:
    return body + check_character(body)


@pytest.mark.parametrize(
    "code",
    [
        REAL,
        "91110000600037341L",
        coded("91321291MA1XXXXX0"),  # the development zone, which GB/T 2260 lacks
        coded("91321200141300000"),  # the city itself
        coded("9199999914130000X"),  # a region nobody knows
        coded("N2321202MF0000001"),
        coded("Y1321202MF0000001"),
    ],
)
def test_a_right_code_passes_whatever_its_region(code: str) -> None:
    assert uscc_reason(code) is None


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", UsccReason.EMPTY),
        ("\uff19" + REAL[1:], UsccReason.FULL_WIDTH),
        (REAL[:-1] + "\uff2b", UsccReason.FULL_WIDTH),
        (" " + REAL, UsccReason.WHITE_SPACE),
        (REAL + "\t", UsccReason.WHITE_SPACE),
        (REAL[:9] + "\u3000" + REAL[9:], UsccReason.WHITE_SPACE),
        (REAL.lower(), UsccReason.LOWER_CASE),
        ("321283000009205", UsccReason.OLD_NUMBER),
        ("3212831110122", UsccReason.OLD_NUMBER),
        ("32128311101221", UsccReason.LENGTH),
        (REAL[:17], UsccReason.LENGTH),
        (REAL + "0", UsccReason.LENGTH),
        (REAL.replace("7", "I"), UsccReason.CHARACTER),
        (REAL.replace("7", "-"), UsccReason.CHARACTER),
        (REAL.replace("7", "②"), UsccReason.CHARACTER),
        (REAL.replace("7", "٧"), UsccReason.CHARACTER),
        ("\udcff" + REAL[1:], UsccReason.CHARACTER),
        ("0" + REAL[1:], UsccReason.DEPARTMENT),
        ("90" + REAL[2:], UsccReason.KIND),
        ("91A20105780688132K", UsccReason.REGION),
        ("91320105780688132L", UsccReason.CHECK),
    ],
)
def test_each_fault_has_its_own_reason(code: str, reason: UsccReason) -> None:
    assert uscc_reason(code) is reason


@pytest.mark.parametrize("letter", "IOSVZ")
def test_letters_left_out_of_the_alphabet_are_bad_characters(letter: str) -> None:
    assert uscc_reason(REAL[:-1] + letter) is UsccReason.CHARACTER


def test_every_reason_is_ascii_kebab_case_and_has_a_meaning() -> None:
    assert set(MEANINGS) == set(UsccReason)
    assert all(str(reason).replace("-", "").isalpha() and str(reason).isascii() for reason in UsccReason)


@given(BODIES)
def test_agrees_with_the_oracle_on_right_codes(body: str) -> None:
    assert uscc_reason(coded(body)) is None
    assert oracle.is_valid(coded(body))


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_changed_character_is_noticed(body: str, place: int, other: str) -> None:
    code = coded(body)
    changed = code[:place] + other + code[place + 1 :]
    assert (uscc_reason(changed) is None) == (changed == code)


@given(st.text(max_size=20))
def test_any_text_gets_an_answer(text: str) -> None:
    assert uscc_reason(text) in {None, *UsccReason}


@pytest.mark.parametrize(
    ("code", "holds"),
    [
        (REAL, True),
        ("91110000600037341L", True),
        ("780688132", True),
        ("780688131", False),
        ("78068813", False),
    ],
)
def test_organisation_code_is_a_mark_of_its_own(code: str, holds: bool) -> None:
    assert organisation_code_holds(code) is holds


def test_a_wrong_organisation_code_does_not_spoil_the_code() -> None:
    code = coded("91320105780688131")
    assert not organisation_code_holds(code)
    assert uscc_reason(code) is None
