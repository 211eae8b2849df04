"""What the whole suite shares: the order of tests, what may not be skipped, the record's triggers."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management.commands import flush
from hypothesis import settings as hypothesis_settings

# Helpers of tests assert, too, also where Python runs with PYTHONOPTIMIZE=1.
SOURCES = Path(__file__).resolve().parent / "src"
HELPERS = [".".join(found.relative_to(SOURCES).parts) for found in SOURCES.rglob("tests") if found.is_dir()]
pytest.register_assert_rewrite("tests", *HELPERS)

# A busy machine is no fault of the code: times are measured in benchmarks/, not by hypothesis.
hypothesis_settings.register_profile("xiezhi", deadline=None)
hypothesis_settings.load_profile("xiezhi")

REQUIRE_ALL = os.environ.get("XIEZHI_REQUIRE") == "all"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--reverse", action="store_true", help="run the tests last to first")
    parser.addoption("--spare", action="store_true", help="leave out what no database changes, see spared()")


DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


def spared(item: pytest.Item) -> bool:
    """Does the test ask no database, so that a second one would answer nothing new?"""
    asks = DATABASE & set(getattr(item, "fixturenames", ())) or item.get_closest_marker("django_db")
    return not (asks or item.get_closest_marker("database"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--reverse"):
        items.reverse()
    if config.getoption("--spare"):
        left_out = [item for item in items if spared(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not spared(item)]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """Where everything is required, a skip is a failure."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, though XIEZHI_REQUIRE=all: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """At the end the test database has to go: PostgreSQL drops none that a thread of some test still holds open."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            others = "datname = current_database() AND pid <> pg_backend_pid()"
            cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


@pytest.fixture(scope="session", autouse=True)
def _flush_may_empty_the_record():
    """Tests with real transactions end in a flush; the record's triggers step aside for that and come back."""
    from xiezhi.record import triggers

    handle = flush.Command.handle

    def flushed(self, **options):
        triggers.remove()
        try:
            return handle(self, **options)
        finally:
            triggers.install()

    flush.Command.handle = flushed
    yield
    flush.Command.handle = handle


@pytest.fixture(scope="session", autouse=True)
def _no_file_is_left_behind():
    """Nothing appears in the checkout while tests run; what they need lies in temporary folders."""
    root = Path(__file__).resolve().parent
    before = {p for p in root.iterdir() if p.name not in {".coverage", "__pycache__"}}
    yield
    after = {p for p in root.iterdir() if not p.name.startswith(".coverage") and p.name != "__pycache__"}
    assert after <= before, f"left behind: {sorted(str(p) for p in after - before)}"


@pytest.fixture
def folder() -> Path:
    """A temporary folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="xiezhi-") as name:
        yield Path(name)
