"""Roles within a subtree, deny by default, and what an actor is today."""

from datetime import UTC, date, datetime, timedelta

import pytest

from xiezhi import clock
from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.people import queries, services
from xiezhi.people.abilities import ABILITIES, ENFORCEMENT
from xiezhi.people.models import Account, Officer, Role
from xiezhi.people.roles import DEFAULT_ROLES


def test_the_default_roles_name_only_known_abilities():
    for role in DEFAULT_ROLES:
        assert role.abilities <= set(ABILITIES), role.code


def test_who_administers_accounts_neither_draws_nor_decides_nor_enforces():
    admin = next(role for role in DEFAULT_ROLES if role.code == "administrator")
    assert not admin.abilities & (ENFORCEMENT | {"inspection.draw", "approval.submit", "approval.authorise"})


def test_an_account_without_a_role_may_do_nothing(bureau):
    services.create_account(bureau.SETUP, username="xin", name="示例新", unit=bureau.SQUAD_1)
    actor = bureau.actor("xin")
    assert actor.abilities == frozenset()
    assert (actor.kind, actor.agency, actor.district) == ("officer", bureau.SQUAD_1, "329901")
    assert not any(actor.may(name, bureau.SQUAD_1) for name in ABILITIES)


def test_a_role_counts_within_its_subtree_and_nowhere_else(bureau):
    zhou = bureau.actor("zhou")
    assert zhou.may("inspection.plan", bureau.SQUAD_1)
    for path in (bureau.SQUAD_2, bureau.DETACHMENT, bureau.BUREAU, "/"):
        assert not zhou.may("inspection.plan", path)
    assert bureau.actor("zhi").may("inspection.plan", bureau.SQUAD_2)


def test_a_path_that_merely_begins_alike_is_no_part_of_the_subtree(bureau):
    services.create_agency(
        bureau.SETUP,
        parent=bureau.DETACHMENT,
        code="d10",
        name="十大队",
        short="十大队",
        kind="division",
        district="329901",
    )
    assert not bureau.actor("zhou").may("inspection.plan", "/sl/jc/d10/")


@pytest.mark.parametrize(
    ("day", "held"),
    [(date(2026, 3, 31), False), (date(2026, 4, 1), True), (date(2026, 4, 30), True), (date(2026, 5, 1), False)],
)
def test_a_role_counts_from_its_first_to_its_last_day(bureau, day, held):
    services.assign_role(
        bureau.SETUP,
        account=bureau.account("mei").id,
        role="overseer",
        agency=bureau.BUREAU,
        valid_from=date(2026, 4, 1),
        valid_to=date(2026, 4, 30),
    )
    with bureau.at(day):
        assert bureau.actor("mei").may("oversight.read", bureau.BUREAU) == held


def test_days_are_those_of_shanghai(bureau):
    services.assign_role(
        bureau.SETUP,
        account=bureau.account("mei").id,
        role="overseer",
        agency=bureau.BUREAU,
        valid_from=date(2026, 4, 1),
    )
    midnight = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)
    with clock.fixed(midnight - timedelta(seconds=1)):
        assert not bureau.actor("mei").may("oversight.read", bureau.BUREAU)
    with clock.fixed(midnight):
        assert bureau.actor("mei").may("oversight.read", bureau.BUREAU)


def test_an_inactive_account_is_the_public(bureau):
    account = services.deactivate_account(bureau.SETUP, account=bureau.account("zhou").id, reason="离职")
    assert queries.actor_of(account) == PUBLIC
    assert queries.actor_of(None) == PUBLIC


def test_a_party_has_no_ability(bureau):
    account = services.create_account(
        bureau.SETUP, username="firm", name="示例建设〇一有限公司", kind=Account.PARTY
    )
    actor = queries.actor_of(account)
    assert (actor.kind, actor.abilities) == ("party", frozenset())
    with pytest.raises(Invalid):
        services.assign_role(bureau.SETUP, account=account.id, role="officer", agency=bureau.SQUAD_1)


def test_he_acts_for_another_unit_only_where_he_holds_a_role(bureau):
    assert queries.actor_of(bureau.account("zhi"), bureau.SQUAD_2).agency == bureau.SQUAD_2
    with pytest.raises(Denied):
        queries.actor_of(bureau.account("zhou"), bureau.SQUAD_2)


class TestEnforcement:
    def test_a_certified_officer_may_enforce(self, bureau):
        actor = queries.actor_of(bureau.officer_account())
        assert actor.may("inspection.visit", bureau.SQUAD_1)

    def test_rule_处罚法_42_without_a_valid_certificate_he_may_not(self, bureau):
        account = bureau.officer_account()
        for day, allowed in ((date(2026, 12, 31), True), (date(2027, 1, 1), False)):
            with bureau.at(day):
                actor = queries.actor_of(account)
                assert actor.may("inspection.visit", bureau.SQUAD_1) == allowed
                assert actor.may("approval.submit", bureau.SQUAD_1)

    def test_from_the_day_of_revocation_he_may_not(self, bureau):
        account = bureau.officer_account()
        certificate = account.officer.certificates.get()
        services.revoke_certificate(bureau.SETUP, certificate=certificate.id, on=date(2026, 3, 10), reason="调岗")
        assert not queries.actor_of(account).may("inspection.visit", bureau.SQUAD_1)

    def test_one_who_left_may_not(self, bureau):
        account = bureau.officer_account()
        services.release_officer(bureau.SETUP, officer=account.officer_id, reason="退休")
        account = Account.objects.get(pk=account.pk)
        assert account.officer.state == Officer.LEFT
        assert not queries.actor_of(account).may("inspection.visit", bureau.SQUAD_1)

    def test_an_account_that_is_no_officer_may_not(self, bureau):
        assert not bureau.actor("lin").may("inspection.visit", bureau.SQUAD_1)

    def test_rule_处罚法_42_an_assistant_gets_no_enforcing_role(self, bureau):
        assistant = services.register_assistant(bureau.SETUP, unit=bureau.SQUAD_1, name="示例辅")
        account = services.create_account(
            bureau.SETUP, username="fu", name="示例辅", unit=bureau.SQUAD_1, assistant=assistant.id
        )
        with pytest.raises(Refused) as refused:
            services.assign_role(bureau.SETUP, account=account.id, role="officer", agency=bureau.SQUAD_1)
        assert refused.value.refusal.rule_id == "处罚法-42"
        services.assign_role(bureau.SETUP, account=account.id, role="overseer", agency=bureau.SQUAD_1)
        # Even where the role is given enforcement later, the assistant gains none.
        role = Role.objects.get(code="overseer")
        services.define_role(
            bureau.SETUP,
            code="overseer",
            name=role.name,
            abilities=[*role.abilities, "inspection.visit"],
            rev=role.rev,
        )
        assert not bureau.actor("fu").may("inspection.visit", bureau.SQUAD_1)


class TestGiving:
    def test_nobody_gives_himself_a_role(self, bureau):
        with pytest.raises(Refused) as refused:
            services.assign_role(
                bureau.actor("admin"), account=bureau.account("admin").id, role="director", agency=bureau.BUREAU
            )
        assert refused.value.refusal.rule_id == "xz-role-self"

    def test_nobody_widens_a_role_that_he_holds(self, bureau):
        with pytest.raises(Refused) as refused:
            services.define_role(
                bureau.actor("admin"), code="administrator", name="系统管理员", abilities=list(ABILITIES)
            )
        assert refused.value.refusal.rule_id == "xz-role-self"

    def test_an_administrator_of_one_body_gives_nothing_outside_it(self, bureau):
        services.assign_role(
            bureau.SETUP, account=bureau.account("dai").id, role="administrator", agency=bureau.DETACHMENT
        )
        dai = bureau.actor("dai")
        services.assign_role(dai, account=bureau.account("mei").id, role="overseer", agency=bureau.SQUAD_1)
        for path in (bureau.BUREAU, "/"):
            with pytest.raises(Denied):
                services.assign_role(dai, account=bureau.account("mei").id, role="overseer", agency=path)

    def test_an_ability_outside_the_catalogue_is_refused(self, bureau):
        with pytest.raises(Invalid) as raised:
            services.define_role(bureau.SETUP, code="x", name="x", abilities=["everything"])
        assert "everything" in str(raised.value)

    def test_an_ended_role_is_not_lengthened(self, bureau):
        held = bureau.account("mei").assignments.get()
        services.end_assignment(bureau.SETUP, assignment=held.id, on=date(2026, 3, 1), reason="轮岗")
        with pytest.raises(Invalid):
            services.end_assignment(bureau.SETUP, assignment=held.id, on=date(2026, 4, 1), reason="延长")

    def test_installing_the_default_roles_again_leaves_changed_ones_alone(self, bureau):
        services.define_role(bureau.SETUP, code="overseer", name="督察", abilities=["people.read"])
        assert services.install_default_roles(bureau.SETUP) == []
        assert Role.objects.get(code="overseer").name == "督察"


class TestGrants:
    def officer_row(self, bureau):
        row = services.register_officer(bureau.SETUP, unit=bureau.SQUAD_1, name="示例执")
        Officer.objects.filter(pk=row.pk).update(stream="case:1")
        return row

    def test_a_grant_opens_one_stream_from_its_beginning_to_its_end(self, bureau):
        row = self.officer_row(bureau)
        mei = bureau.actor("mei")
        assert row not in queries.officers(mei)
        services.open_grant(bureau.SETUP, stream="case:1", account=mei.id, role="协办", agency=bureau.SQUAD_1)
        assert row in queries.officers(mei)
        services.close_grant(bureau.SETUP, stream="case:1", account=mei.id, role="协办", agency=bureau.SQUAD_1)
        with clock.fixed(bureau.NOW + timedelta(seconds=1)):
            assert row not in queries.officers(mei)

    def test_a_grant_is_given_by_one_who_may(self, bureau):
        with pytest.raises(Denied):
            services.open_grant(
                bureau.actor("dai"), stream="case:1", account="x", role="协办", agency=bureau.SQUAD_1
            )


def test_lists_of_accounts_and_roles_begin_with_what_the_actor_may_see(bureau):
    seen = {account.username for account in queries.accounts(bureau.actor("zhou"))}
    assert seen == {"lin", "zhou"}
    assert {a.account.username for a in queries.assignments(bureau.actor("zhou"))} == {"lin", "zhou"}
    assert not queries.accounts(PUBLIC).exists()
    assert not queries.roles(PUBLIC).exists()
    assert queries.accounts(bureau.actor("admin")).count() == len(bureau.PEOPLE)


def test_an_account_of_no_unit_signs_in_and_may_do_nothing(db):
    actor = queries.actor_of(Account.objects.create_user("nobody", "a-long-password"))
    assert (actor.kind, actor.agency, actor.abilities) == ("officer", "", frozenset())
