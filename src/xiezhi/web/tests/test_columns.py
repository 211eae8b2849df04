"""Which values a cell shows in one piece."""

from datetime import UTC, date, datetime

import pytest

from xiezhi.web.lists.columns import display, whole


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 3, 2),
        datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
        "91009999MA00000035",
        "329901000012345",
        "示例支队抽〔2026〕2号",
        "示建委〔2026〕1号",
        "127.0.0.1",
        "2026-03-02 至 2026-03-13",
        "2026-03-02 至 —",
    ],
)
def test_dates_codes_and_document_numbers_are_not_broken(value):
    assert whole(display(value))


@pytest.mark.parametrize(
    "value",
    [
        "示例建设〇一有限公司",
        "依据示例局〔2026〕1号文办理的一项很长的说明文字，可以换行",
        "a" * 64,
        "",
        12,
        None,
        True,
    ],
)
def test_names_sentences_and_digests_may_be(value):
    assert not whole(display(value))
