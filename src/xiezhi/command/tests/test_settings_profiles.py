"""The production profile refuses what is unsafe; settings explain themselves; a bad one is one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from xiezhi.settings import env

GOOD = {
    "DJANGO_SETTINGS_MODULE": "xiezhi.settings.production",
    "XIEZHI_SECRET_KEY": "k" * 60,
    "XIEZHI_HOSTS": "xiezhi.example.gov.cn",
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
    assert "k" * 60 not in done.stdout


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"XIEZHI_SECRET_KEY": ""}, "XIEZHI_SECRET_KEY"),
        ({"XIEZHI_SECRET_KEY": "short"}, "XIEZHI_SECRET_KEY"),
        ({"XIEZHI_HOSTS": "*"}, "XIEZHI_HOSTS"),
        ({"XIEZHI_SECURE_COOKIES": "0"}, "XIEZHI_SECURE_COOKIES"),
    ],
)
def test_production_refuses_to_start(changes, said, tmp_path):
    done = start({"XIEZHI_HOME": str(tmp_path)} | changes)
    assert done.returncode != 0
    assert said in done.stderr


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
