"""Rights are denied by default and hold in subtrees of agencies."""

import pytest

from xiezhi.core.actor import PUBLIC, Ability, Actor, system

LEADER = Actor(
    "officer:1",
    "officer",
    "/sl/jc/",
    "329901",
    frozenset(
        {Ability("draw", "/sl/jc/"), Ability("draw", "/sl/jc/d1/"), Ability("draw", "/xh/"), Ability("read", "/")}
    ),
)


@pytest.mark.parametrize(
    ("actor", "ability", "path", "may"),
    [
        (LEADER, "draw", "/sl/jc/", True),
        (LEADER, "draw", "/sl/jc/d2/", True),
        (LEADER, "draw", "/sl/", False),
        (LEADER, "publish", "/sl/jc/", False),
        (PUBLIC, "read", "/sl/jc/", False),
        (system("sequencer"), "publish", "/sl/jc/", True),
    ],
)
def test_an_ability_holds_below_its_agency_and_nowhere_else(actor, ability, path, may):
    assert actor.may(ability, path) is may


def test_the_subtrees_of_an_ability_are_named_without_those_inside_them():
    assert LEADER.paths("draw") == ("/sl/jc/", "/xh/")
    assert LEADER.paths("publish") == ()
    assert system("sequencer").paths("publish") == ("/",)
    assert PUBLIC.paths("read") == ()


def test_a_component_acts_under_its_own_name():
    assert (system("relay").id, system("relay").kind) == ("system:relay", "system")
