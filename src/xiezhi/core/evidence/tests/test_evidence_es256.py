"""P-256 in pure Python against cryptography, and the edges where verifiers have gone wrong before."""

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from xiezhi.core.evidence import device, fields, verify
from xiezhi.core.evidence.faults import EvidenceError

N, P = verify.N, verify.P
KEY = ec.derive_private_key(7, ec.SECP256R1())
PUBLIC = device.public_bytes(KEY.public_key())
FORMAT = "ev-1/manifest"


def signature(private, document):
    return fields.from_b64url("", device.sign(private, FORMAT, document), 64)


def both(public, document, raw):
    """What the two say; they never differ."""
    try:
        device.verify(public, FORMAT, document, fields.b64url(raw))
        ours = True
    except EvidenceError:
        ours = False
    assert verify.es256(public, device.message(FORMAT, document), raw) is ours
    return ours


def raw(r, s):
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def parts(data):
    return int.from_bytes(data[:32], "big"), int.from_bytes(data[32:], "big")


@settings(max_examples=25, deadline=None)
@given(st.integers(1, N - 1), st.binary(max_size=80), st.integers(0, 63), st.integers(1, 255))
def test_the_two_agree_on_good_and_on_flipped_signatures(secret, document, place, mask):
    private = ec.derive_private_key(secret, ec.SECP256R1())
    public = device.public_bytes(private.public_key())
    good = bytearray(signature(private, document))
    assert both(public, document, bytes(good))
    assert not both(public, document + b".", bytes(good))
    good[place] ^= mask
    assert not both(public, document, bytes(good))


R, S = parts(signature(KEY, b"x"))


@pytest.mark.parametrize(
    ("r", "s"),
    [(0, S), (R, 0), (0, 0), (N, S), (R, N), (N, N), (R, N + 1), (2**256 - 1, S), (R, 2**256 - 1), (1, 1), (P, S)],
)
def test_r_and_s_out_of_bounds_are_refused(r, s):
    assert not both(PUBLIC, b"x", raw(r, s))


@pytest.mark.parametrize("over", ["r", "s"])
def test_a_number_is_not_taken_modulo_the_order(over):
    """Only small numbers have a second spelling below 2**256: a key is made to fit r or s."""
    r, s, public = fitted(over)
    assert both(public, b"x", raw(r, s))
    assert not both(public, b"x", raw(r + N, s) if over == "r" else raw(r, s + N))


def fitted(over):
    """(r, s, public key) of a signature over b"x" in which ``over`` is small, by recovering the key from it."""
    small = 5
    while True:
        x = small if over == "r" else verify.G[0]
        y = pow(x**3 - 3 * x + verify.B, (P + 1) // 4, P)
        if y * y % P == (x**3 - 3 * x + verify.B) % P:
            break
        small += 1
    r, s = x % N, 9 if over == "r" else small
    e = int.from_bytes(hashlib.sha256(device.message(FORMAT, b"x")).digest(), "big")
    x, y = verify.plus(multiple(s * pow(r, -1, N), (x, y)), multiple(-e * pow(r, -1, N), verify.G))
    return r, s, b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")


def multiple(n, point):
    n, total = n % N, None
    while n:
        total = verify.plus(total, point) if n & 1 else total
        point, n = verify.plus(point, point), n >> 1
    return total


def test_a_high_s_is_as_good_as_a_low_one():
    assert both(PUBLIC, b"x", raw(R, S))
    assert both(PUBLIC, b"x", raw(R, N - S))


def test_leading_zeros_of_r_and_s_are_kept():
    found = set()
    for number in range(3000):
        data = signature(KEY, b"%d" % number)
        shorts = {name for name, at in (("r", 0), ("s", 32)) if data[at] == 0}
        if shorts - found:
            found |= shorts
            assert both(PUBLIC, b"%d" % number, data)
        if found == {"r", "s"}:
            return
    raise AssertionError(found)


@pytest.mark.parametrize("size", [0, 1, 63, 65, 128])
def test_other_lengths_are_refused(size):
    assert not both(PUBLIC, b"x", (raw(R, S) * 2)[:size])


X, Y = int.from_bytes(PUBLIC[1:33], "big"), int.from_bytes(PUBLIC[33:], "big")


@pytest.mark.parametrize(
    "public",
    [
        b"\4" + raw(X, Y ^ 1), b"\4" + raw(Y, X), b"\4" + raw(0, 0), b"\4" + raw(P, Y), b"\4" + raw(X, P - Y),
        b"\0", b"", b"\2" + PUBLIC[1:33], b"\6" + PUBLIC[1:], PUBLIC[1:], PUBLIC + b"\0", PUBLIC[:64],
        b"\4" + raw(0, Y),
    ],
)  # fmt: skip
def test_what_is_no_point_or_another_point_is_refused(public):
    assert not both(public, b"x", raw(R, S))


def test_a_coordinate_is_not_taken_modulo_the_field():
    y = pow(verify.B, (P + 1) // 4, P)
    assert (y * y - verify.B) % P == 0
    assert not both(b"\4" + raw(P, y), b"x", raw(R, S))


@pytest.mark.parametrize("secret", [1, 2, 3, N - 1, N - 2])
def test_keys_that_meet_the_base_point_on_the_way_hold(secret):
    """The joint ladder adds equal and opposite points here."""
    private = ec.derive_private_key(secret, ec.SECP256R1())
    assert both(device.public_bytes(private.public_key()), b"y", signature(private, b"y"))


def test_the_point_at_infinity_is_no_signature():
    """u·G + v·Q = 0 for Q = -e/r · G: it must be refused, not crash."""
    e, r = int.from_bytes(hashlib.sha256(device.message(FORMAT, b"x")).digest(), "big"), 5
    private = ec.derive_private_key(-e * pow(r, -1, N) % N, ec.SECP256R1())
    assert not both(device.public_bytes(private.public_key()), b"x", raw(r, 9))
