"""Erasure: what it takes away, who approves it, and that nothing else is taken away beside it."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Invalid, Refused
from xiezhi.record import queries, sequencer, services, triggers, verification
from xiezhi.record.models import EventBody, EventKey
from xiezhi.record.tests.approver import approver
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db
KEEPER = system("t")
GROUND = "《个人信息保护法》第四十七条"


@pytest.fixture
def other():
    """The id of an account that may approve."""
    return approver()


@pytest.fixture
def event(other):
    event = happen(KEEPER, value=2)
    happen(KEEPER, value=3)
    sequencer.seal_all()
    return event


def faults():
    sequencer.seal_all()
    return [(fault.what, fault.detail) for fault in verification.verify()]


def erase(event, other, **more):
    return services.erase_body(KEEPER, event.id, ground=GROUND, approver=other, **more)


def by_sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_erasing_a_private_part_deletes_its_key_and_leaves_the_tree_whole(event, other):
    assert queries.private_part(event.id) == {"value": 2}
    erase(event, other)
    assert queries.private_part(event.id) is None
    assert not EventKey.objects.filter(pk=event.id).exists()
    assert faults() == []


def test_erasing_whole_keeps_the_leaf_hash_and_the_root(event, other):
    erase(event, other, whole=True)
    assert queries.envelope(event.id) is None
    assert faults() == []


def test_whole_after_a_part_is_as_good_as_whole_at_once(event, other):
    erase(event, other)
    erase(event, other, whole=True)
    assert queries.envelope(event.id) is None
    assert faults() == []


def test_after_an_erasure_of_a_part_the_rest_is_not_taken_away_in_silence(event, other):
    erase(event, other)
    with pytest.raises(DatabaseError, match="append-only"):
        by_sql("UPDATE record_eventbody SET data = NULL")
    triggers.remove()
    EventBody.objects.filter(pk=event.id).update(data=None)
    triggers.install()
    ((what, detail),) = faults()
    assert what == "body"
    assert str(event.id) in detail


def test_an_erasure_of_the_whole_of_one_event_is_none_of_another(event, other):
    erase(happen(KEEPER), other, whole=True)
    erase(event, other)
    with pytest.raises(DatabaseError, match="append-only"):
        by_sql("UPDATE record_eventbody SET data = NULL WHERE data LIKE %s", f"%{event.id}%")


@pytest.mark.parametrize("column", ["data", "private"])
def test_what_was_erased_is_not_written_back(event, other, column):
    kept = getattr(EventBody.objects.get(pk=event.id), column)
    erase(event, other, whole=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        EventBody.objects.filter(pk=event.id).update(**{column: kept})


def test_a_trigger_of_an_earlier_version_gives_way(event, other):
    """On an installation that migrates, the trigger has its name already."""
    triggers.remove()
    if connection.vendor == "sqlite":
        by_sql(
            "CREATE TRIGGER record_eventbody_update_refused BEFORE UPDATE ON record_eventbody"
            " WHEN FALSE BEGIN SELECT 1; END"
        )
    triggers.install()
    with pytest.raises(DatabaseError, match="append-only"):
        by_sql("UPDATE record_eventbody SET data = NULL")


def test_the_erasure_itself_stays(event, other):
    told = erase(event, other, whole=True)
    with pytest.raises(Refused) as refused:
        erase(told, other, whole=True)
    assert refused.value.refusal.rule_id == "xz-erasure-kept"


class TestApprover:
    @pytest.mark.parametrize("given", ["", "a-2", "示例领导", "system:operator", str(uuid.UUID(int=7))])
    def test_is_an_account(self, event, given):
        with pytest.raises(Invalid) as invalid:
            erase(event, given)
        assert set(invalid.value.fields) == {"approver"}
        assert queries.private_part(event.id) == {"value": 2}

    @pytest.mark.parametrize(
        "who", [{"ability": "record.read"}, {"place": "/elsewhere/"}, {"is_active": False}], ids=str
    )
    def test_holds_the_right_at_that_place_today(self, event, who):
        with pytest.raises(Invalid) as invalid:
            erase(event, approver("mei", **who))
        assert set(invalid.value.fields) == {"approver"}

    @pytest.mark.parametrize("form", ["{}", "account:{}", " {} ", "account:{hex}"])
    @pytest.mark.parametrize("who", ["{}", "account:{}"])
    def test_is_another_than_who_asks_however_either_is_written(self, event, other, form, who):
        abilities = frozenset({Ability("record.erase", "/")})
        actor = Actor(who.format(other), "officer", "/x/", abilities=abilities)
        given = form.format(other, hex=uuid.UUID(other).hex.upper())
        with pytest.raises(Invalid, match="另一人"):
            services.erase_body(actor, event.id, ground=GROUND, approver=given)
        key = Actor("key:1", "officer", "/x/", abilities=abilities, person=who.format(other))
        with pytest.raises(Invalid, match="另一人"):
            services.erase_body(key, event.id, ground=GROUND, approver=given)

    def test_is_told_as_the_id_of_his_account(self, event, other):
        told = erase(event, f"account:{other}")
        assert queries.envelope(told.id)["data"]["approver"] == other
