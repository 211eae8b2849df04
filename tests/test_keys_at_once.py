"""Several processes make keys at the same moment, and none is lost."""

import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from django.conf import settings as project
from django.db import connection, transaction

from xiezhi.core.actor import system
from xiezhi.record import services, wrapping
from xiezhi.record.models import EventKey
from xiezhi.record.tests.sample import happen

START = """
import json, sys
from django.conf import settings
settings.configure(KEYS=sys.argv[1], LOG_ORIGIN="house.example/record")
from xiezhi.people import keyed_hash
from xiezhi.record import keys, wrapping
print("ready", flush=True)
sys.stdin.read()
"""
FIRST_USE = """
print(json.dumps([
    wrapping.current_wrapping_key()[1].hex(), keys.verifiers()[0].encode(), keyed_hash.person_hash("a number"),
]))
"""
ROTATIONS = """
for _ in range(5):
    made = [wrapping.add_wrapping_key(), keys.add_signing_key().encode(), keyed_hash.add_key()]
    print(json.dumps(made))
"""


def at_once(folder: Path, script: str, processes: int = 4) -> list:
    """Run ``script`` in so many processes from one moment on; answers what their lines of JSON say."""
    command = [sys.executable, "-c", START + script, str(folder)]
    environment = {"PYTHONPATH": str(Path(project.PACKAGE).parent)}
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True) for _ in range(processes)
    ]
    for each in running:
        assert each.stdout.readline() == "ready\n"
    for each in running:
        each.stdin.close()
    lines = [line for each in running for line in each.stdout.read().splitlines()]
    for each in running:
        each.stdout.close()
    assert [each.wait() for each in running] == [0] * processes
    return [json.loads(line) for line in lines]


def test_processes_that_use_the_keys_first_use_the_same(folder):
    for n in range(3):
        said = at_once(folder / str(n) / "keys", FIRST_USE)
        assert len(said) == 4
        assert said == [said[0]] * 4


def test_of_rotations_at_once_none_loses_a_key(folder):
    made = at_once(folder / "keys", ROTATIONS)
    wraps, signs, hashes = (set(each) for each in zip(*made, strict=True))
    assert len(wraps) == len(signs) == len(hashes) == 20
    stored = {path.name: json.loads(path.read_text()) for path in (folder / "keys").glob("*.json")}
    assert set(stored["wrapping.json"]["keys"]) == wraps
    assert len(stored["signing.json"]) == 20
    assert set(stored["relations.json"]["keys"]) == hashes


def test_keys_are_their_owners_alone_and_no_draft_stays(folder):
    at_once(folder / "keys", ROTATIONS, processes=2)
    files = sorted((folder / "keys").iterdir())
    assert [path.name for path in files] == [".lock", "relations.json", "signing.json", "wrapping.json"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


@pytest.mark.django_db(transaction=True)
def test_a_rotation_gives_no_row_back_the_key_it_had_before(settings, folder):
    """A row is sealed anew while the rotation rewraps it: its new content would never open again."""
    settings.KEYS = folder / "keys"
    event = happen(system("keeper"))
    sealed, begun = bytes(range(32)), threading.Event()

    def rotate():
        try:
            begun.set()
            services.rotate_wrapping_key(system("keeper"))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            key_id, key = wrapping.current_wrapping_key()
            EventKey.objects.filter(pk=event.pk).update(key_id=key_id, wrapped=aes_key_wrap(key, sealed))
            rotation = pool.submit(rotate)
            begun.wait()
            threading.Event().wait(0.5)  # it has come to the row, or waits to begin
        rotation.result()
    row = EventKey.objects.get(pk=event.pk)
    assert row.key_id != key_id
    assert aes_key_unwrap(wrapping.wrapping_key(row.key_id), bytes(row.wrapped)) == sealed
