"""``xiezhi draw select`` against the text of dr/1 written down a second time, as plainly as it can be read.

Nothing of ``core.draw`` is used here: chances are fractions, rounds are rounds, the bit stream is a list of bits.
"""

import hashlib
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xiezhi.command.tests.inprocess import run


def framed(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "big") + data


class Naive:
    """One draw in one stratum."""

    def __init__(self, seed: bytes, stratum: str, hash_name: str):
        self.seed, self.stratum, self.hash = seed, stratum, hash_name
        self.bits: list[int] = []
        self.block = 0

    def digest(self, data: bytes) -> bytes:
        return hashlib.new(self.hash, data).digest()

    def ticket(self, one: str) -> tuple[int, bytes]:
        message = b"dr/1/ticket" + self.seed + framed(self.stratum) + framed(one)
        return int.from_bytes(self.digest(message), "big"), one.encode()

    def bit(self) -> int:
        if not self.bits:
            message = b"dr/1/coin" + self.seed + framed(self.stratum) + self.block.to_bytes(8, "big")
            self.bits = [int(bit) for byte in self.digest(message) for bit in f"{byte:08b}"]
            self.block += 1
        return self.bits.pop(0)

    def below(self, m: int) -> int:
        while True:
            value = 0
            for _ in range((m - 1).bit_length()):
                value = 2 * value + self.bit()
            if value < m:
                return value

    def equal(self, objects: dict[str, int], n: int) -> set[str]:
        return set(sorted(objects, key=self.ticket)[:n])

    def weighted(self, objects: dict[str, int], n: int) -> set[str]:
        certain: set[str] = set()
        rest = dict(objects)
        while True:
            left, total = n - len(certain), sum(rest.values())
            now = {one for one, weight in rest.items() if weight > 0 and left * weight >= total} if left else set()
            if not now:
                break
            certain |= now
            rest = {one: weight for one, weight in rest.items() if one not in now}
        left, total = n - len(certain), sum(rest.values())
        chosen = set(certain)
        leader, a = None, 0
        for one in sorted(rest, key=self.ticket):
            b, m = left * rest[one], total
            if b == 0:
                continue
            if leader is None:
                leader, a = one, b
                continue
            t = a + b
            if t < m:
                leader, a = (leader if self.below(t) < a else one), t
            elif t == m:
                chosen.add(leader if self.below(m) < a else one)
                leader, a = None, 0
            else:
                if self.below(2 * m - t) < m - b:
                    chosen.add(leader)
                    leader = one
                else:
                    chosen.add(one)
                a = t - m
        assert a == 0
        return chosen


PLAIN = st.characters(exclude_categories=("Cs",), min_codepoint=0x20, exclude_characters="\x7f")
TEXTS = st.text(PLAIN, min_size=1, max_size=6)
IDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\t\n"), min_size=1, max_size=6).filter(
    # A byte order mark before the first line is none of the first id's.
    lambda one: not one.startswith("\ufeff")
)
WEIGHTS = st.one_of(
    st.integers(0, 3), st.integers(0, 40), st.just(0), st.sampled_from([10**6, 2**64, 10**40, 10**300])
)
ROSTERS = st.dictionaries(IDS, WEIGHTS, max_size=14)


def select(seed: bytes, stratum: str, n: int, method: str, hash_name: str, data: bytes) -> tuple[int, bytes, str]:
    return run(
        "draw", "select", "--seed", seed.hex(), f"--stratum={stratum}", "--n", str(n), "--method", method,
        "--hash", hash_name, data=data,
    )  # fmt: skip


def lines(roster: dict[str, int], end: bytes = b"\n") -> bytes:
    return b"".join(f"{one}\t{weight}".encode() + end for one, weight in roster.items())


@given(
    st.binary(min_size=1, max_size=40), TEXTS, ROSTERS, st.sampled_from(["sha256", "sm3"]), st.data(),
    st.sampled_from([b"\n", b"\r\n"]), st.booleans(),
)  # fmt: skip
@example(b"\x00", "A", {"a": 0, "b": 0}, "sha256", None, b"\n", False)
def test_the_door_draws_whom_the_text_says(seed, stratum, roster, hash_name, data, end, unended):
    written = lines(roster, end)
    written = written.removesuffix(end) if unended else written
    most = {"equal": len(roster), "weighted": sum(1 for weight in roster.values() if weight)}
    for method, top in most.items():
        n = data.draw(st.integers(0, top)) if data else 0
        naive = Naive(seed, stratum, hash_name)
        chosen = getattr(naive, method)(roster, n)
        expected = b"".join(one + b"\n" for one in sorted(one.encode() for one in chosen))
        assert len(chosen) == n
        assert select(seed, stratum, n, method, hash_name, written) == (0, expected, "")
        code, out, err = select(seed, stratum, top + 1, method, hash_name, written)
        assert (code, out) == (2, b"")
        assert f"line {max(len(roster), 1)}" in err


@given(ROSTERS.filter(bool), st.data())
def test_a_bad_line_anywhere_is_named_and_nobody_is_drawn(roster, data):
    good = [f"{one}\t{weight}".encode() for one, weight in roster.items()]
    place = data.draw(st.integers(0, len(good)))
    bad = data.draw(
        st.sampled_from(
            [b"", b"x", b"\t1", b"x\t", b"x\t1\t", b"x\ty\t1", b"x\t+1", b"x\t-0", b"x\t1.0", b"x\t1e3", b"x\t 1",
             b"x\t1 ", b"x 1", b"x\t0x1", b"x\t1_0", b"\xff\t1", b"\xc0\x80\t1", b"\xed\xa0\x80\t1",
             "x\t１".encode(), "x\t一".encode(), b"x\t1\r"]
        )
    )  # fmt: skip
    # A repeated id would be named first.
    good = [line for line in good if not line.startswith(b"x\t")]
    place = min(place, len(good))
    listed = [*good[:place], bad, *good[place:]]
    end = b"\r\n" if bad.endswith(b"\r") else b"\n"
    code, out, err = select(b"\1", "A", 0, "equal", "sha256", b"".join(line + end for line in listed))
    assert (code, out) == (2, b"")
    assert f"line {place + 1}:" in err


@given(ROSTERS.filter(bool), st.data())
def test_a_repeated_id_is_named_by_both_its_lines(roster, data):
    ids = list(roster)
    again = data.draw(st.integers(0, len(ids) - 1))
    written = lines(roster) + f"{ids[again]}\t7\n".encode()
    code, out, err = select(b"\1", "A", 0, "weighted", "sha256", written)
    assert (code, out) == (2, b"")
    assert f"line {len(ids) + 1}:" in err
    assert err.rstrip().endswith(f"line {again + 1}")


def test_chances_are_those_of_the_weights():
    roster = {"a": 1, "b": 2, "c": 3, "d": 6}
    counts = dict.fromkeys(roster, 0)
    runs = 3000
    for number in range(runs):
        naive = Naive(number.to_bytes(4, "big"), "A", "sha256")
        for one in naive.weighted(roster, 2):
            counts[one] += 1
    # d is certain; the others share one place as 1 : 2 : 3.
    for one, chance in {"a": Fraction(1, 6), "b": Fraction(1, 3), "c": Fraction(1, 2), "d": Fraction(1)}.items():
        assert counts[one] / runs == pytest.approx(float(chance), abs=0.04)
