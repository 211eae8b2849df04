"""What a party takes home: one event's proof, checked by a script that knows nothing of this house."""

import json
import subprocess
import sys
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from xiezhi.core.actor import PUBLIC, system
from xiezhi.core.errors import NotFound, Refused
from xiezhi.record import queries, sequencer
from xiezhi.record.models import Event
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db
HOUSE = system("test")


@pytest.fixture
def script(tmp_path):
    """The checker as anyone downloads it."""
    answer = Client().get("/log/check_event.py")
    file = tmp_path / "check_event.py"
    file.write_bytes(b"".join(answer) if answer.streaming else answer.content)

    def run(proof, *more):
        given = tmp_path / "proof.json"
        given.write_text(json.dumps(proof))
        return subprocess.run(
            [sys.executable, "-I", file, given, *more],
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )

    return run


def test_a_proof_holds_in_a_bare_interpreter_and_a_changed_event_does_not(script):
    for value in range(7):
        happen(HOUSE, value=value)
    sequencer.seal_all()
    event = Event.objects.order_by("id")[3]
    proof = queries.event_proof(HOUSE, event.pk)
    done = script(proof, "--key", queries.public_keys()[-1])
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "成立"), done.stderr
    changed = proof | {"event": proof["event"].replace('"value":3', '"value":4')}
    done = script(changed)
    assert done.returncode == 1
    assert "不在检查点之下" in done.stdout


def test_a_proof_is_small():
    for value in range(300):
        happen(HOUSE, value=value)
    sequencer.seal_all()
    proof = queries.event_proof(HOUSE, Event.objects.first().pk)
    assert len(proof["proof"]) <= 1024


def test_what_waits_to_be_sealed_has_none_yet():
    happen(HOUSE)
    with pytest.raises(Refused) as refused:
        queries.event_proof(HOUSE, Event.objects.get().pk)
    assert refused.value.refusal.rule_id == "xz-record-unsealed"


def test_nobody_gets_a_proof_of_what_he_may_not_read():
    happen(HOUSE)
    sequencer.seal_all()
    with pytest.raises(NotFound):
        queries.event_proof(PUBLIC, Event.objects.get().pk)


def test_the_command_prints_it(capsys, script):
    happen(HOUSE)
    sequencer.seal_all()
    call_command("record", "proof", str(Event.objects.get().pk))
    assert script(json.loads(capsys.readouterr().out)).returncode == 0
    with pytest.raises(CommandError, match="no event"):
        call_command("record", "proof", str(uuid.uuid4()))
    with pytest.raises(CommandError, match="goes with proof"):
        call_command("record", "proof")
