"""``xiezhi uscc check`` against GB 32100 written down a second time: whatever comes in, one line a line goes out."""

import re

from hypothesis import given
from hypothesis import strategies as st

from xiezhi.command.tests.inprocess import run

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FORM = re.compile(rb"[1-9A-HJ-NP-RTUWXY][1-9][0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")


def check_character(body: str) -> str:
    """31 − (Σ value × 3^place mod 31), 31 being 0."""
    total = sum(ALPHABET.index(char) * 3**place for place, char in enumerate(body))
    return ALPHABET[(31 - total % 31) % 31]


RIGHT = st.builds(
    lambda head, region, rest: head + region + rest + check_character(head + region + rest),
    st.sampled_from(["91", "92", "11", "52", "93", "A1"]),
    st.from_regex(r"[0-9]{6}", fullmatch=True),
    st.text(ALPHABET, min_size=9, max_size=9),
).map(str.encode)
WRONG = st.builds(
    lambda code, place, char: code[:place] + char + code[place + 1 :],
    RIGHT,
    st.integers(0, 17),
    st.sampled_from(
        [*(char.encode() for char in ALPHABET), b"I", b"O", b"a", b" ", "Ａ".encode(), b"\xff", b"\t", b""]
    ),
)
ANYTHING = st.binary(max_size=24).filter(lambda line: b"\n" not in line and not line.endswith(b"\r"))
LINES = st.lists(st.one_of(RIGHT, WRONG, ANYTHING, RIGHT.map(bytes.lower)), max_size=12).filter(
    # A byte order mark before the first line is none of its code's.
    lambda lines: not (lines and lines[0].startswith(b"\xef\xbb\xbf"))
)


@given(LINES, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_one_line_a_line_in_order_as_given_and_ok_only_for_codes_that_are(lines, end, unended):
    data = b"".join(line + end for line in lines)
    if unended and lines and lines[-1]:
        data = data.removesuffix(end)
    code, out, err = run("uscc", "check", data=data)
    assert (code, err) == (0, "")
    answers = out.split(b"\n")
    assert answers.pop() == b""
    assert len(answers) == len(lines)
    for line, answer in zip(lines, answers, strict=True):
        given_back, _tab, verdict = answer.rpartition(b"\t")
        assert given_back == line
        holds = bool(FORM.fullmatch(line)) and check_character(line[:17].decode()) == chr(line[17])
        if holds:
            assert verdict == b"ok"
        else:
            assert re.fullmatch(rb"[a-z]+(?:-[a-z]+)*", verdict)
            assert verdict != b"ok"
        if re.fullmatch(rb"[0-9]{15}|[0-9]{13}", line):
            assert verdict == b"old-number"
