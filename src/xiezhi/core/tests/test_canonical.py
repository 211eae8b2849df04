"""One value has one text: RFC 8785 under the house's restriction, and nothing else is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.core import canonical
from xiezhi.core.canonical import SAFE_INTEGER, NotCanonical

TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-SAFE_INTEGER, SAFE_INTEGER) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(max_codepoint=127)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_back_and_is_json_to_everyone(value):
    written = canonical.encode(value)
    assert canonical.decode(written) == value == json.loads(written)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None]}, '{"a":[true,null],"b":1}'),
        ('獬豸\u2028\u007f\n"\\', '"獬豸\u2028\u007f\\n\\"\\\\"'),
        ((1, (2,)), "[1,[2]]"),
        ({"/": {}, "": []}, '{"":[],"/":{}}'),
    ],
)
def test_the_form_is_that_of_the_rfc(value, text):
    assert canonical.encode(value).decode() == text


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (1.5, r"^\$: float"),
        ({"a": [0, {"b": 2**53}]}, r"^\$\.a\[1\]\.b: whole number"),
        ({"a": {1: 2}}, r"^\$\.a: key 1"),
        ({"键": 1}, r"^\$: key '键'"),
        ([["x", b"y"]], r"^\$\[0\]\[1\]: bytes"),
        ("\ud800", "lone surrogate"),
    ],
)
def test_what_two_readers_could_take_differently_is_refused_and_its_place_named(value, where):
    with pytest.raises(NotCanonical, match=where):
        canonical.encode(value)


@pytest.mark.parametrize(
    "text",
    ["", "{", "1.0", "1e3", "NaN", ' {"a":1}', '{"a": 1}', '{"b":1,"a":2}', '{"a":1,"a":1}', '"\\u0041"', "[1]\n",
     "\ufeff1", '"\\ud800"', "9007199254740992", "[" * 100_000],
)  # fmt: skip
def test_only_the_one_form_is_read(text):
    with pytest.raises(NotCanonical):
        canonical.decode(text.encode())


def test_what_is_not_utf8_is_not_read():
    with pytest.raises(NotCanonical):
        canonical.decode(b'"\xff"')
