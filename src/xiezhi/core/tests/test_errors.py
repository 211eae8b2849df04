"""A refusal says why in words; each error knows the answer that the web gives."""

import pytest

from xiezhi.core.errors import Denied, Invalid, NotFound, Refusal, Refused, Stale, XiezhiError

REFUSAL = Refusal("处罚法-62", "《行政处罚法》第六十二条", "“%(case)s”未告知。", "先告知。", {"case": "示例案"})


@pytest.mark.parametrize(
    ("error", "status", "text"),
    [
        (Refused(REFUSAL), 409, "“示例案”未告知。"),
        (Denied("draw.run", "/sl/"), 403, "missing ability 'draw.run' on '/sl/'"),
        (NotFound("draw 1"), 404, "draw 1"),
        (Invalid({"a": ["空", "长"], "b": ["重复"]}), 422, "a: 空; a: 长; b: 重复"),
        (Stale(2, 3), 412, "rev 2 is not the stored rev 3"),
    ],
)
def test_an_error_has_its_words_and_its_status(error, status, text):
    assert isinstance(error, XiezhiError)
    assert (error.status, str(error)) == (status, text)


def test_an_error_carries_what_the_page_needs():
    assert Refused(REFUSAL).refusal is REFUSAL
    assert Invalid({"a": ["空"]}).fields == {"a": ["空"]}
    stale, denied = Stale(2, 3), Denied("draw.run", "/sl/")
    assert (stale.given, stale.stored, denied.ability, denied.scope) == (2, 3, "draw.run", "/sl/")
