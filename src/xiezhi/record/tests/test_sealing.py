"""Sealing, proofs, faults found, erasure, rotation: on a log made through services."""

import random

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.tlog import merkle, proof
from xiezhi.record import keys, queries, relay, sequencer, services, triggers, verification, wrapping
from xiezhi.record.models import Checkpoint, Event, EventBody, EventKey, Sequence, Tile
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db


def log_of(count: int, batch: int = 100) -> list[Event]:
    events = []
    for start in range(0, count, batch):
        events += [happen(system("t"), value=n) for n in range(start, min(start + batch, count))]
        sequencer.seal_batch()
    return events


def test_every_event_gets_a_place_and_a_proof_that_a_stranger_can_check():
    events = log_of(300)
    head = queries.latest_checkpoint()
    assert head.size == 300
    assert sorted(Sequence.objects.values_list("index", flat=True)) == list(range(300))
    for event in (events[0], events[255], events[299]):
        sealed = queries.sealed(event.id)
        leaf = merkle.leaf_hash(sealed.salt + sealed.text)
        shown = proof.verify(
            proof.TlogProof.parse(sealed.proof.encode()), leaf, settings.LOG_ORIGIN, keys.verifiers()
        )
        assert shown.checkpoint.size == 300
        assert len(sealed.proof.encode()) <= 1024


def test_a_later_checkpoint_is_consistent_with_an_earlier_one():
    log_of(40, batch=15)
    small, large = Checkpoint.objects.order_by("size").first(), Checkpoint.objects.order_by("size").last()
    path = queries.consistency(small.size, large.size)
    assert merkle.verify_consistency(small.size, large.size, path, bytes(small.root), bytes(large.root))


def test_an_untouched_log_has_no_fault(capsys):
    log_of(260)
    assert list(verification.verify()) == []
    call_command("record", "verify")
    assert capsys.readouterr().out.startswith("ok\t260 events")


def _flip(data: bytes, generator: random.Random) -> bytes:
    at, bit = generator.randrange(len(data)), 1 << generator.randrange(8)
    return data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :]


def _edit(model, pk, column, generator):
    """Flip one bit of a stored value past the triggers; answers the old value, to be put back."""
    old = getattr(model.objects.get(pk=pk), column)
    if isinstance(old, str):
        raw = old.encode()
        while True:
            try:
                new = _flip(raw, generator).decode()
                if "\0" not in new:
                    break
            except UnicodeDecodeError:
                continue
    else:
        new = _flip(bytes(old), generator)
    model.objects.filter(pk=pk).update(**{column: new})
    return old


TARGETS = [(EventBody, "data"), (EventBody, "salt"), (EventBody, "private"), (Event, "leaf_hash"), (Tile, "data")]
TARGETS += [(Checkpoint, "note"), (Checkpoint, "root")]


@pytest.mark.parametrize(("model", "column"), TARGETS, ids=lambda v: getattr(v, "__name__", v))
def test_any_flipped_bit_is_found_and_named_to_its_tile(model, column):
    log_of(270, batch=90)
    triggers.remove()
    generator = random.Random(f"{model.__name__}{column}")
    for pk in generator.sample(list(model.objects.order_by("pk").values_list("pk", flat=True)), 3):
        old = _edit(model, pk, column, generator)
        faults = list(verification.verify())
        assert faults
        assert all(fault.tile.startswith("tile/") for fault in faults)
        model.objects.filter(pk=pk).update(**{column: old})
    assert list(verification.verify()) == []
    triggers.install()


def test_a_changed_column_is_named_and_the_command_fails(capsys):
    events = log_of(3)
    triggers.remove()
    Event.objects.filter(pk=events[1].id).update(subject="test:2")
    with pytest.raises(CommandError):
        call_command("record", "verify")
    assert "columns subject" in capsys.readouterr().out
    triggers.install()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record_event SET type = 'x'",
        "DELETE FROM record_event",
        "UPDATE record_eventbody SET data = 'x'",
        "UPDATE record_eventbody SET private = NULL",
        "DELETE FROM record_eventkey",
        "DELETE FROM record_sequence",
        "UPDATE record_checkpoint SET size = 9",
        "DELETE FROM record_tile",
    ],
)
def test_the_database_itself_refuses_to_change_the_record(statement):
    log_of(2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_missing_triggers_are_named():
    assert triggers.missing() == []
    triggers.remove()
    assert "record_event_update_refused" in triggers.missing()
    triggers.install()
    assert triggers.missing() == []


def test_rotation_rewraps_keys_and_touches_no_body():
    event = log_of(3)[0]
    before = bytes(EventBody.objects.get(pk=event.id).private)
    assert services.rotate_wrapping_key(system("t")) == 3
    assert bytes(EventBody.objects.get(pk=event.id).private) == before
    assert EventKey.objects.get(pk=event.id).key_id == wrapping.current_wrapping_key()[0]
    assert queries.private_part(event.id) == {"value": 0}


def test_after_a_new_signing_key_old_checkpoints_still_verify():
    log_of(2)
    services.rotate_signing_key(system("t"))
    log_of(2)
    assert list(verification.verify()) == []


def test_reading_sensitive_data_stands_in_a_stream_of_its_own():
    services.note_sensitive_read(system("t"), subject="person:1", fields=["id_number"], purpose="核对当事人身份")
    event = Event.objects.get(type="record.sensitive_read")
    assert event.stream == "access:person:1"


def test_an_officer_sees_the_events_of_his_own_subtree_only():
    happen(Actor("a", "officer", "/x/"), value=1)
    happen(Actor("b", "officer", "/y/"), value=2)
    reader = Actor("c", "officer", "/x/", abilities=frozenset({Ability("record.read", "/x/")}))
    assert [e.agency for e in queries.visible_to(reader)] == ["/x/"]
    assert not queries.visible_to(Actor("d", "officer", "/x/")).exists()


def test_a_follower_gets_each_event_in_order_and_again_after_a_fault(monkeypatch):
    seen, fail = [], {"once": True}

    def handle(envelope):
        if envelope["data"]["value"] == 1 and fail.pop("once", None):
            raise RuntimeError("the first try fails")
        seen.append(envelope["data"]["value"])

    monkeypatch.setitem(relay.FOLLOWERS, "t", relay.Follower("t", frozenset({"test.happened"}), handle))
    log_of(3)
    relay.relay()
    assert seen == [0]
    relay.relay()
    assert seen == [0, 1, 2]
    assert relay.relay() == 0


def test_a_proof_is_checked_without_the_database(django_assert_num_queries):
    event = log_of(300)[7]
    sealed = queries.sealed(event.id)
    leaf, known = merkle.leaf_hash(sealed.salt + sealed.text), keys.verifiers()
    with django_assert_num_queries(0):
        assert proof.verify(sealed.proof, leaf, settings.LOG_ORIGIN, known).checkpoint.size == 300
