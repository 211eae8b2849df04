"""The production profile refuses what is unsafe; settings explain themselves; a bad one is one sentence."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from xiezhi.settings import env

SECRET = "0123456789-abcdefghij-" * 3
GOOD = {
    "DJANGO_SETTINGS_MODULE": "xiezhi.settings.production",
    "XIEZHI_SECRET_KEY": SECRET,
    "XIEZHI_HOSTS": "xiezhi.example.gov.cn",
    "XIEZHI_LOG_ORIGIN": "xiezhi.example.gov.cn/record",
}


def start(changes, *arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XIEZHI_")} | GOOD | changes
    environment["PYTHONPATH"] = str(Path(settings.PACKAGE).parent)
    command = [sys.executable, "-m", "xiezhi.command.main", *(arguments or ("settings",))]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_complete_production_profile_starts(tmp_path):
    done = start({"XIEZHI_HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr
    assert "XIEZHI_HSTS_SECONDS\twhole number" in done.stdout
    assert SECRET not in done.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"XIEZHI_SECRET_KEY": ""}, "XIEZHI_SECRET_KEY"),
        ({"XIEZHI_SECRET_KEY": "short"}, "XIEZHI_SECRET_KEY"),
        ({"XIEZHI_SECRET_KEY": "k" * 60}, "XIEZHI_SECRET_KEY"),
        ({"XIEZHI_METRICS_TOKEN": "scrape"}, "XIEZHI_METRICS_TOKEN"),
        ({"XIEZHI_LOG_ORIGIN": ""}, "XIEZHI_LOG_ORIGIN"),
        ({"XIEZHI_OIDC_ISSUER": "http://sign-on.example"}, "XIEZHI_OIDC_ISSUER"),
        ({"XIEZHI_HOSTS": "*"}, "XIEZHI_HOSTS"),
        ({"XIEZHI_SECURE_COOKIES": "0"}, "XIEZHI_SECURE_COOKIES"),
    ],
)
def test_production_refuses_to_start(changes, said, tmp_path):
    done = start({"XIEZHI_HOME": str(tmp_path)} | changes)
    assert done.returncode != 0
    assert said in done.stderr


@pytest.mark.parametrize(("proxies", "trusted"), [("0", "None"), ("1", "('HTTP_X_FORWARDED_PROTO', 'https')")])
def test_the_word_of_a_proxy_counts_only_where_one_of_ours_stands_in_front(proxies, trusted):
    code = "import xiezhi.settings.transport as t; print(t.SECURE_PROXY_SSL_HEADER)"
    environment = {**os.environ, "XIEZHI_TRUSTED_PROXIES": proxies}
    environment["PYTHONPATH"] = str(Path(settings.PACKAGE).parent)
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == trusted


def test_production_refuses_debugging_wherever_it_came_from(tmp_path):
    code = "import xiezhi.settings.base as base; base.DEBUG = True; import xiezhi.settings.production"
    environment = {
        **os.environ,
        **GOOD,
        "XIEZHI_HOME": str(tmp_path),
        "PYTHONPATH": str(Path(settings.PACKAGE).parent),
    }
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "DEBUG must be off" in done.stderr


def test_every_profile_lists_every_setting_that_the_code_reads(tmp_path):
    """What the code names, found as text, is what the command prints: nothing read beside the table, nothing left out."""
    package = Path(settings.PACKAGE)
    read = {
        found
        for path in package.rglob("*.py")
        if "tests" not in path.parts
        for found in re.findall(r"""env\.\w+\(\s*"(XIEZHI_[A-Z_]+)\"""", path.read_text())
    }
    beside = [
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if not {"tests", "settings"} & set(path.parts)
        and re.search(r"environ(\.get\(|\[)\W*XIEZHI_", path.read_text())
    ]
    assert beside == []
    for profile in ("run", "production"):
        done = start({"XIEZHI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": f"xiezhi.settings.{profile}"})
        assert {line.split("\t")[0] for line in done.stdout.splitlines()} == read
    assert "XIEZHI_SECURE_COOKIES" in read


@pytest.mark.parametrize(
    ("url", "engine"),
    [("sqlite:////data/x.sqlite3", "sqlite3"), ("postgres://u:p%40@h:5433/n?sslmode=require", "postgresql")],
)
def test_a_database_is_named_by_its_address(url, engine):
    found = env.database(url)
    assert found["ENGINE"].endswith(engine)
    if engine == "postgresql":
        assert (found["PASSWORD"], found["PORT"], found["OPTIONS"]) == ("p@", "5433", {"sslmode": "require"})
    else:
        assert found["NAME"] == "/data/x.sqlite3"


def test_a_setting_that_cannot_be_read_is_one_sentence(tmp_path):
    done = start({"XIEZHI_HOME": str(tmp_path), "XIEZHI_HSTS_SECONDS": "a year"})
    assert done.returncode != 0
    assert "XIEZHI_HSTS_SECONDS='a year' is not whole number" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_kind_of_database_is_refused():
    with pytest.raises(env.BadSetting):
        env.database("mysql://x/y")
