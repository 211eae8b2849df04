"""The approval machine, pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiezhi.people import flow
from xiezhi.people.flow import Place, Step

ROUTE = (Step("大队长", ("a",)), Step("会签", ("b", "c")), Step("局长", ("d",)))


def test_a_step_that_countersigns_waits_for_all_of_its_roles():
    place = flow.agree(ROUTE, flow.begin(ROUTE), "a")
    assert place == Place("pending", 2, 1, ("b", "c"))
    place = flow.agree(ROUTE, place, "c")
    assert place == Place("pending", 2, 1, ("b",))
    assert flow.agree(ROUTE, place, "b") == Place("pending", 3, 1, ("d",))


def test_the_last_agreement_approves():
    assert flow.agree(ROUTE, Place("pending", 3, 1, ("d",)), "d") == Place("approved", 3, 1, ())


def test_a_return_to_an_earlier_step_makes_it_and_all_after_it_owed_anew():
    place = flow.send_back(ROUTE, Place("pending", 3, 1, ("d",)), "d", 2)
    assert place == Place("pending", 2, 2, ("b", "c"))


def test_a_return_to_the_applicant_waits_for_nobody_else():
    assert flow.send_back(ROUTE, flow.begin(ROUTE), "a", 0) == Place("returned", 0, 2, ())


@pytest.mark.parametrize("to", [-1, 2, 3])
def test_nothing_is_returned_to_the_present_or_a_later_step(to):
    with pytest.raises(ValueError):
        flow.send_back(ROUTE, Place("pending", 2, 1, ("b", "c")), "b", to)


@pytest.mark.parametrize("place", [Place("approved", 3, 1, ()), Place("withdrawn", 1, 1, ())])
def test_what_is_decided_or_withdrawn_stays(place):
    with pytest.raises(ValueError):
        flow.withdraw(place)
    with pytest.raises(ValueError):
        flow.agree(ROUTE, place, "a")


@pytest.mark.parametrize(
    "stored",
    [[], [{"title": "", "roles": ["a"]}], [{"title": "x", "roles": []}], [{"title": "x", "roles": ["a", "a"]}]],
)
def test_a_route_needs_steps_with_titles_and_distinct_roles(stored):
    with pytest.raises(ValueError):
        flow.steps_from(stored)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2), st.integers(0, 9)), max_size=40))
def test_however_it_wanders_every_step_agreed_after_the_last_return_before_it_is_approved(moves):
    place, since = flow.begin(ROUTE), []
    for agrees, to, pick in moves:
        if place.state != flow.PENDING:
            break
        role = place.waiting[pick % len(place.waiting)]
        if agrees:
            since.append((place.step, role))
            place = flow.agree(ROUTE, place, role)
        elif to < place.step:
            place = flow.send_back(ROUTE, place, role, to)
            since = [said for said in since if said[0] < to]
            if place.state == flow.RETURNED:
                place, since = flow.begin(ROUTE, place.round), []
    if place.state == flow.APPROVED:
        assert sorted(since) == [(1, "a"), (2, "b"), (2, "c"), (3, "d")]


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True), st.booleans())
def test_steps_survive_being_stored(roles, meeting):
    step = Step("步骤", tuple(roles), meeting)
    assert flow.steps_from([step.as_json()]) == (step,)
    assert step.countersigned == (len(roles) > 1)
