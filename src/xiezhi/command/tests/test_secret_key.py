"""The secret key of ``xiezhi run``: web, worker, sequencer and relay start at once in an empty home."""

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

HOMES = 100
STARTS = """
import importlib, json, os, pathlib, sys
from xiezhi.settings import base
os.umask(0)
base.SECRET_KEY = ""
print("ready", flush=True)
sys.stdin.read()
for n in range(int(sys.argv[2])):
    base.HOME = pathlib.Path(sys.argv[1]) / str(n)
    if n == 0:
        from xiezhi.settings import run
    else:
        importlib.reload(run)
    print(json.dumps([run.SECRET_KEY, (base.HOME / "secret-key").stat().st_mode & 0o777]))
"""


def test_processes_that_start_at_once_sign_with_one_key_that_is_their_owners_alone(folder):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("XIEZHI_")}
    environment |= {"PYTHONPATH": str(Path(settings.PACKAGE).parent), "XIEZHI_HOME": str(folder)}
    command, pipe = [sys.executable, "-c", STARTS, str(folder), str(HOMES)], subprocess.PIPE
    running = [subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) for _ in range(3)]
    for each in running:
        assert each.stdout.readline() == "ready\n"
    for each in running:
        each.stdin.close()
    said = [[json.loads(line) for line in each.stdout.read().splitlines()] for each in running]
    for each in running:
        each.stdout.close()
    assert [each.wait() for each in running] == [0, 0, 0]
    assert said[0] == said[1] == said[2]
    assert len({key for key, _mode in said[0]}) == HOMES
    assert all(len(key) > 50 and mode == 0o600 for key, mode in said[0])
    assert {path.name for path in folder.rglob("*") if path.is_file()} == {"secret-key"}
