"""Derived state is corrupted past the triggers: replay names it, ``--repair`` mends it, and that is an act too."""

import threading
import uuid

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Denied
from xiezhi.people import services as people
from xiezhi.people.models import Account
from xiezhi.people.tests import house
from xiezhi.record import replaying, sequencer, services, verification
from xiezhi.record.models import Event, EventBody, Pending, StreamHead
from xiezhi.record.tests.approver import approver
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db
OPERATOR = system("operator")


@pytest.fixture
def lin(db):
    """An account that was deactivated: a column that an event determines."""
    people.create_agency(
        house.SETUP, parent="/", code="sl", name="示例局", short="示例局", kind="agency", district="329901"
    )
    account = people.create_account(
        house.SETUP, username="lin", name="示例林", unit="/sl/", password="Shilifu-2026-mima"
    )
    people.deactivate_account(house.SETUP, account=account.id, reason="离职")
    return account


def named():
    return {(d.model, d.key, d.column) for d in replaying.replay().differences()}


def replay(*options):
    call_command("record", "replay", *options)


def repairs():
    return [body.data for body in EventBody.objects.filter(event__type="record.state_repaired").order_by("pk")]


def test_a_projected_row_and_a_stream_head_are_named_mended_and_clean(lin, capsys):
    stream = f"account:{lin.id}"
    Account.objects.filter(pk=lin.id).update(is_active=True)
    StreamHead.objects.filter(pk=stream).update(count=77, last=uuid.uuid4())
    with pytest.raises(CommandError, match="3 derived values"):
        replay()
    out = capsys.readouterr().out
    assert f"people.Account\t{lin.id}\tis_active\tstored True\treplayed False" in out
    assert f"record.StreamHead\t{stream}\tcount\tstored 77\treplayed 2" in out
    replay("--repair")
    assert capsys.readouterr().out.endswith("every derived value is what the record leads to\n")
    assert named() == set()
    assert not Account.objects.get(pk=lin.id).is_active
    told = "".join(repairs())
    assert '"model":"people.Account"' in told
    assert '"columns":["is_active"]' in told
    assert '"columns":["count","last"]' in told
    # The stream goes on where it stood.
    people.activate_account(house.SETUP, account=lin.id, reason="返岗")
    sequencer.seal_all()
    assert list(verification.verify()) == []
    assert named() == set()


def test_a_clean_record_is_repaired_by_nothing(lin):
    replay("--repair")
    assert repairs() == []


def test_a_head_that_is_gone_and_one_of_no_stream(lin):
    StreamHead.objects.filter(pk=f"account:{lin.id}").delete()
    StreamHead.objects.create(stream="nowhere:1", last=uuid.uuid4(), count=3)
    replay("--repair")
    assert named() == set()
    assert not StreamHead.objects.filter(pk="nowhere:1").exists()
    assert StreamHead.objects.get(pk=f"account:{lin.id}").count == 2


def test_the_head_of_the_stream_that_tells_of_repairs_is_mended_first(lin):
    StreamHead.objects.filter(pk=f"account:{lin.id}").update(count=5)
    replay("--repair")
    StreamHead.objects.filter(pk=services.REPAIRS).update(last=uuid.uuid4(), count=0)
    StreamHead.objects.filter(pk=f"account:{lin.id}").update(count=5)
    replay("--repair")
    assert named() == set()
    assert len(repairs()) == 3


def test_an_event_that_fell_off_the_waiting_list_is_named_by_verify_and_put_back(lin):
    event = happen(OPERATOR)
    Pending.objects.filter(pk=event.pk).delete()
    sequencer.seal_all()
    assert [f.what for f in verification.verify()] == ["sequence"]
    assert named() == {("record.Pending", str(event.pk), "event")}
    replay("--repair")
    sequencer.seal_all()
    assert list(verification.verify()) == []


def test_a_chain_that_leads_nowhere_is_a_fault():
    happen(OPERATOR)
    StreamHead.objects.filter(pk="test:1").update(last=uuid.UUID(int=1))
    torn = happen(OPERATOR)
    sequencer.seal_all()
    assert [(f.what, str(torn.pk) in f.detail) for f in verification.verify()] == [("chain", True)]


def test_a_row_that_is_gone_is_named_and_can_not_be_made_up(lin, capsys):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_account SET is_active = %s", [True])
    found = replaying.replay()
    key = str(lin.id)
    elsewhere = str(uuid.uuid4())
    found.state[Account, elsewhere] = found.state.pop((Account, key))
    assert {(d.key, d.stored) for d in found.differences()} >= {(elsewhere, "(no row)")}
    assert services.repair_state(OPERATOR, found, model="people.Account", key=elsewhere) == []


def test_what_an_event_erased_whole_had_set_is_left(lin, capsys):
    event = Event.objects.get(type="people.account_deactivated")
    services.erase_body(OPERATOR, event.id, ground="依据", approver=approver(), whole=True)
    Account.objects.filter(pk=lin.id).update(name="示例改")
    found = replaying.replay()
    assert "people.Account" in found.unknown
    assert services.repair_state(OPERATOR, found, model="people.Account", key=str(lin.id)) == []
    assert not Account.objects.get(pk=lin.id).is_active


def test_an_act_after_the_fold_is_not_undone_by_the_repair(lin):
    found = replaying.replay()
    people.activate_account(house.SETUP, account=lin.id, reason="返岗")
    assert list(found.differences()) == []
    assert services.repair_state(OPERATOR, found, model="people.Account", key=str(lin.id)) == []
    assert Account.objects.get(pk=lin.id).is_active
    sequencer.seal_all()
    assert list(found.differences()) == []


def test_a_person_has_no_right_to_repair(lin):
    with pytest.raises(Denied):
        services.repair_state(
            Actor("a", "officer", "/sl/"), replaying.replay(), model="people.Account", key=str(lin.id)
        )


def test_repair_goes_with_replay_only():
    with pytest.raises(CommandError, match="replay only"):
        call_command("record", "verify", "--repair")


@pytest.mark.django_db(transaction=True)
def test_mended_while_the_house_goes_on_working():
    for _ in range(5):
        happen(OPERATOR, stream="busy:1")
    StreamHead.objects.filter(pk="busy:1").update(count=1)
    stop = threading.Event()
    written = []

    def work():
        try:
            while not stop.is_set():
                written.append(happen(OPERATOR, stream="busy:1"))
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        replay("--repair")
    finally:
        stop.set()
        worker.join()
    assert StreamHead.objects.get(pk="busy:1").count == 5 + len(written)
    assert named() == set()
