"""The suite itself: what it asserts is asserted."""

import ast
import importlib
from pathlib import Path

import pytest
from _pytest.assertion.rewrite import AssertionRewritingHook

ROOT = Path(__file__).resolve().parents[1]


def helpers() -> list[str]:
    """Modules of tests that hold no tests, but assert."""
    found = []
    for top, within in ((ROOT / "src", "src/**/tests/**/*.py"), (ROOT, "tests/**/*.py")):
        for path in ROOT.glob(within):
            if path.name.startswith("test_") or path.name == "conftest.py":
                continue
            if any(isinstance(node, ast.Assert) for node in ast.walk(ast.parse(path.read_text()))):
                found.append(".".join(path.relative_to(top).with_suffix("").parts))
    return sorted(found)


@pytest.mark.parametrize("name", helpers())
def test_what_helpers_assert_holds_with_optimisation_too(name):
    """Python drops asserts under PYTHONOPTIMIZE=1; pytest's own loader writes them as ifs."""
    assert isinstance(importlib.import_module(name).__loader__, AssertionRewritingHook)


def test_the_helpers_were_found():
    assert {"xiezhi.api.tests.asking", "xiezhi.notify.tests.sms_contract"} <= set(helpers())
