"""A key is its issuer's hand: it holds no more than he does, nothing that asks for a person, and answers as him."""

from datetime import timedelta

import pytest

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor, system
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.jobs import actors, queue
from xiezhi.people import services as people
from xiezhi.people.abilities import PERSONAL
from xiezhi.people.models import Officer
from xiezhi.people.queries import actor_of
from xiezhi.web import keys, services
from xiezhi.web.models import ApiKey
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db


def issue(actor, *scopes, agency="/tz/"):
    until = clock.now() + timedelta(days=9)
    return services.issue_key(actor, name="示例系统", agency=agency, scopes=list(scopes), expires_at=until)


def test_what_is_held_below_is_not_handed_on_for_the_whole():
    unit = signing_in.agency()
    below = signing_in.agency("dui", parent=unit)
    keeper = signing_in.account_with("api.manage_keys", unit=unit)
    reader = signing_in.account_with("registry.read", username="other", path=below.path)
    keeper.assignments.create(
        role=reader.assignments.get().role, agency=below.path, valid_from=reader.assignments.get().valid_from
    )
    with pytest.raises(Invalid) as refused:
        issue(actor_of(keeper), "registry.read")
    assert "registry.read" in refused.value.fields["scopes"][0]
    assert issue(actor_of(keeper), "registry.read", agency=below.path)


@pytest.mark.parametrize("ability", sorted(PERSONAL))
def test_what_asks_for_a_person_is_granted_to_no_key(ability):
    signing_in.agency()
    with pytest.raises(Invalid):
        issue(system("test"), ability)


def test_an_old_key_loses_what_asks_for_a_person():
    signing_in.agency()
    key, token = issue(system("test"), "registry.read")
    ApiKey.objects.filter(pk=key.pk).update(scopes=["people.assign_roles", "registry.read"])
    assert {ability.name for ability in keys.authorise(token).abilities} == {"registry.read"}


def test_what_the_officer_may_not_do_himself_his_key_may_not_either():
    account = signing_in.account_with("api.manage_keys", "people.manage_officers")
    officer = people.register_officer(system("test"), unit="/tz/", name="示例执")
    account.officer = Officer.objects.get(pk=officer.pk)
    account.save()
    # Keys no longer hold it; that one answers as its issuer must not hang on that.
    holds = frozenset({Ability("people.manage_officers", "/tz/")})
    program = Actor("key:of-before", "officer", "/tz/", "999900", holds, person=str(account.pk))
    relation = people.declare_relation(program, officer=officer.id, kind="relative", entity="X")
    with pytest.raises(Refused) as refused:
        people.end_relation(program, relation=relation.id, on=relation.valid_from, reason="x")
    assert refused.value.refusal.rule_id == "xz-relation-self"


def test_a_job_of_a_key_still_answers_as_its_issuer():
    account = signing_in.account_with("api.manage_keys", "people.read")
    _key, token = issue(actor_of(account), "people.read")
    job = queue.enqueue(keys.authorise(token), "web.export", export="00000000-0000-0000-0000-000000000000")
    assert actors.of(job).person == str(account.pk)


@pytest.mark.parametrize(
    "ability", ["people.manage_officers", "lawbase.manage", "inspection.plan", "jobs.cancel", "record.erase"]
)
def test_what_decides_for_the_house_is_a_persons(ability):
    assert ability in PERSONAL


class TestIssuerToday:
    def key_of(self, *scopes):
        account = signing_in.account_with("api.manage_keys", "registry.read", "record.read")
        return account, issue(actor_of(account), *scopes)[1]

    def test_a_right_that_the_issuer_lost_is_lost_to_his_key(self):
        account, token = self.key_of("registry.read", "record.read")
        role = account.assignments.get().role
        role.abilities = ["api.manage_keys", "registry.read"]
        role.save()
        assert {a.name for a in keys.authorise(token).abilities} == {"registry.read"}

    def test_where_he_still_holds_a_part_the_key_reaches_that_part(self):
        account, token = self.key_of("registry.read")
        account.assignments.update(agency=signing_in.agency("dui", parent=signing_in.agency()).path)
        assert keys.authorise(token).abilities == {Ability("registry.read", "/tz/dui/")}
        account.assignments.update(agency="/")
        assert keys.authorise(token).abilities == {Ability("registry.read", "/tz/")}

    def test_an_issuer_whose_account_is_closed_opens_nothing(self, client):
        account, token = self.key_of("registry.read")
        asking = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/v1/me", headers=asking).status_code == 200
        job = queue.enqueue(keys.authorise(token), "web.export", export="00000000-0000-0000-0000-000000000000")
        people.deactivate_account(system("test"), account=account.pk, reason="离职")
        assert client.get("/api/v1/me", headers=asking).status_code == 401
        with pytest.raises(Denied):
            actors.of(job)


def test_the_administrator_issues_keys_that_read_the_registry():
    signing_in.agency()
    people.install_default_roles(system("test"))
    account = people.create_account(system("test"), username="admin", name="示例管", unit="/tz/")
    people.assign_role(system("test"), account=account.pk, role="administrator", agency="/")
    assert issue(actor_of(account), "registry.read")
