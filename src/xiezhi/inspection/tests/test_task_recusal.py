"""Recusal (回避) after the draw: the reserve goes, and the tie bars the officer from then on."""

from datetime import timedelta

import pytest
from django.urls import reverse

from xiezhi.core.errors import Invalid
from xiezhi.inspection import dispatch
from xiezhi.inspection.codes import Duty
from xiezhi.inspection.models import TaskOfficer
from xiezhi.inspection.tests import sending, staff, visited
from xiezhi.inspection.tests.changing import asked, desk, signed
from xiezhi.people import queries as people_queries
from xiezhi.people import services as people
from xiezhi.people.models import Approval, DeclaredRelation
from xiezhi.record import queries as record
from xiezhi.record.models import Event, EventBody

pytestmark = pytest.mark.django_db


@pytest.fixture
def task():
    return visited.released()


@pytest.fixture
def accounts(task):
    return desk(task)


@pytest.fixture
def eve(task):
    with sending.day(task.window_from - timedelta(days=1)):
        yield


def tie(task, **given):
    leader = task.officers.get(duty=Duty.LEADER)
    return {
        "change": "reassign", "officer": leader.officer_id, "why": "recusal", "relation": "relative",
        "entity": task.target.code,
    } | given  # fmt: skip


def test_once_approved_the_reserve_goes_and_the_tie_stands_among_his_relations(task, accounts, eve):
    leader = task.officers.get(duty=Duty.LEADER)
    approval = asked(task, accounts, **tie(task))
    assert "回避" in approval.title
    assert not DeclaredRelation.objects.exists()
    signed(approval, accounts)
    assert TaskOfficer.objects.get(pk=leader.pk).duty == Duty.REPLACED
    declared = DeclaredRelation.objects.get()
    assert (declared.officer_id, declared.kind, declared.entity) == (
        leader.officer_id,
        "relative",
        task.target.code,
    )
    barred = people_queries.recused(
        [leader.officer_id],
        first=task.window_from,
        last=task.window_to,
        entities=list(dispatch.firms(task.target.code)),
    )
    assert leader.officer_id in barred


def test_the_record_says_that_it_was_a_recusal_and_not_whose_nor_from_which_firm(task, accounts, eve):
    signed(asked(task, accounts, **tie(task)), accounts)
    replaced = Event.objects.get(stream=task.stream, type="inspection.task_officer_replaced")
    assert record.envelope(replaced.pk)["data"]["why"] == "recusal"
    bodies = EventBody.objects.filter(event__stream=task.stream).values_list("data", flat=True)
    assert not any(task.target.code in body or "relative" in body for body in bodies)


def test_what_he_declared_himself_is_not_entered_twice(task, accounts, eve):
    leader = task.officers.get(duty=Duty.LEADER)
    people.declare_relation(sending.SETUP, officer=leader.officer_id, kind="relative", entity=task.target.code)
    signed(asked(task, accounts, **tie(task)), accounts)
    assert DeclaredRelation.objects.count() == 1


def test_the_tie_is_entered_even_where_the_last_reserve_is_gone_meanwhile(task, accounts, eve):
    approval = asked(task, accounts, **tie(task))
    task.officers.filter(duty=Duty.RESERVE).update(duty=Duty.REPLACED)
    signed(approval, accounts)
    assert task.officers.get(duty=Duty.LEADER).officer_id == tie(task)["officer"]
    assert DeclaredRelation.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"why": "mood"}, "why"),
        ({"relation": ""}, "relation"),
        ({"entity": " "}, "entity"),
        ({"entity": "9" * 19}, "entity"),
    ],
)
def test_a_recusal_names_the_tie_and_the_firm(task, accounts, eve, given, field):
    with pytest.raises(Invalid) as caught:
        asked(task, accounts, **tie(task, **given))
    assert set(caught.value.fields) == {field}


def test_a_leader_asks_for_it_on_the_page(task, accounts, eve):
    signs = staff.client(accounts["signs"])
    page = reverse("inspection:change_task", args=[task.pk])
    told = tie(task) | {"rev": task.rev, "reason": "检查人员申请回避。"}
    answer = signs.post(page, told)
    assert answer.url == reverse("console:approval", args=[Approval.objects.get().pk])
