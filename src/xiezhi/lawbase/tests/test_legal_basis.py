"""The table from rule to article to code to test."""

import pytest
from django.core.management import CommandError, call_command

from xiezhi.lawbase import kinds, legal_basis
from xiezhi.lawbase.models import Kind


def row(rule):
    return next(line for line in legal_basis.document().splitlines() if line.startswith(f"| `{rule}` |"))


def test_a_rule_that_refuses_is_found_with_its_message_its_code_and_its_test():
    found = row("xz-blob-held")
    assert "blobs/store.py" in found
    assert "house rule" in found


def test_every_limit_and_figure_has_its_row():
    text = legal_basis.document()
    for kind in (Kind.DEADLINE, Kind.FIGURE):
        assert all(f"| `{item.code}` |" in text for item in kinds.shipped(kind))
    assert "待核" in row("clue_check")
    assert "lawbase/tests/test_law_figures.py" in row("clue_check")
    assert "行政强制法第二十五条" in row("seizure")


@pytest.mark.parametrize(
    ("text", "is_rule"),
    [("处罚法-62", True), ("令55-10-2", True), ("xz-registry-code-once", True), ("xz-", False), ("处罚法", False)],
)
def test_what_a_rule_id_looks_like(text, is_rule):
    assert bool(legal_basis.RULE.fullmatch(text)) is is_rule


def test_the_written_file_is_checked(tmp_path):
    path = tmp_path / "legal-basis.md"
    with pytest.raises(CommandError, match="out of date"):
        call_command("legal-basis", check=path)
    call_command("legal-basis", out=path)
    call_command("legal-basis", check=path)
    path.write_text(path.read_text(encoding="utf-8") + "x", encoding="utf-8")
    with pytest.raises(CommandError, match="out of date"):
        call_command("legal-basis", check=path)
