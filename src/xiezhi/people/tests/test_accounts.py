"""Accounts: opening, closing, passwords, sessions, the authenticator that a body can demand."""

from dataclasses import replace
from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.db import IntegrityError

from xiezhi import clock
from xiezhi.core.actor import Ability, Actor
from xiezhi.core.errors import Denied, Invalid, Refused
from xiezhi.people import queries, services
from xiezhi.people.models import Account, ApprovalRoute
from xiezhi.record.models import Event, EventBody


def manages(path):
    return Ability("people.manage_accounts", path)


def session_of(account):
    store = SessionStore()
    store.save(must_create=True)
    UserSession.objects.create(user=account, ip="192.0.2.1", session_key=store.session_key, user_agent="t")
    return store.session_key


def exists(key):
    return SessionStore().exists(key)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("username", {"username": "LIN"}),
        ("username", {"username": ""}),
        ("unit", {"unit": ""}),
        ("password", {"password": "12345678"}),
        ("agency", {"unit": "/nowhere/"}),
    ],
)
def test_an_account_that_cannot_be_is_refused_by_field(bureau, field, changes):
    given = {"username": "xin", "name": "示例新", "unit": bureau.SQUAD_1, "password": bureau.PASSWORD}
    with pytest.raises(Invalid) as raised:
        services.create_account(bureau.SETUP, **{**given, **changes})
    assert set(raised.value.fields) == {field}


def test_names_go_into_the_private_part_and_passwords_nowhere(bureau):
    services.create_account(
        bureau.SETUP, username="xin-8841", name="示例新", unit=bureau.SQUAD_1, password=bureau.PASSWORD
    )
    body = EventBody.objects.get(
        event__type="people.account_created", event__subject__endswith=str(bureau.account("xin-8841").id)
    )
    assert "xin-8841" not in body.data
    assert "示例新" not in body.data
    assert body.private


def test_without_a_password_it_cannot_be_guessed(bureau):
    account = services.create_account(bureau.SETUP, username="xin", name="示例新", unit=bureau.SQUAD_1)
    assert not account.has_usable_password()


def test_one_person_has_one_account(bureau):
    officer = bureau.officer_account().officer
    with pytest.raises(Invalid) as raised:
        services.create_account(
            bureau.SETUP, username="again", name="示例", unit=bureau.SQUAD_1, officer=officer.id
        )
    assert set(raised.value.fields) == {"officer"}


def test_deactivation_ends_the_sessions_at_once(bureau):
    key = session_of(bureau.account("lin"))
    services.deactivate_account(bureau.SETUP, account=bureau.account("lin").id, reason="离职")
    assert not exists(key)
    assert not bureau.account("lin").is_active


def test_nobody_deactivates_himself(bureau):
    with pytest.raises(Refused):
        services.deactivate_account(bureau.actor("admin"), account=bureau.account("admin").id, reason="x")


def test_a_reset_ends_the_sessions_and_is_the_administrators(bureau):
    key = session_of(bureau.account("lin"))
    services.reset_password(bureau.actor("admin"), account=bureau.account("lin").id, password="Another-2026-pass")
    assert not exists(key)
    assert bureau.account("lin").check_password("Another-2026-pass")
    with pytest.raises(Denied):
        services.reset_password(bureau.actor("zhou"), account=bureau.account("lin").id, password="Yet-another-99")


def test_one_changes_ones_own_password_only(bureau):
    with pytest.raises(Denied):
        services.change_password(
            bureau.actor("admin"), account=bureau.account("lin").id, password="Another-2026-pass"
        )


def test_sessions_are_revoked_one_by_one_or_all(bureau):
    lin = bureau.account("lin")
    first, second = session_of(lin), session_of(lin)
    chosen = UserSession.objects.get(session_key=first).pk
    assert services.revoke_sessions(bureau.actor("lin"), account=lin.id, sessions=[chosen]) == 1
    assert (exists(first), exists(second)) == (False, True)
    assert services.revoke_sessions(bureau.actor("admin"), account=lin.id) == 1
    assert not exists(second)
    assert Event.objects.filter(stream=f"access:account:{lin.id}", type="people.sessions_revoked").count() == 2


def test_who_looks_after_the_unit_alone_ends_no_session_of_one_who_acts_elsewhere(bureau):
    lin = bureau.account("lin")
    kept = session_of(lin)
    keeper = Actor("keeper", "officer", bureau.SQUAD_1, "329901", frozenset({manages(bureau.SQUAD_1)}))
    services.assign_role(bureau.SETUP, account=lin.id, role="overseer", agency=bureau.DETACHMENT)
    with pytest.raises(Denied):
        services.revoke_sessions(keeper, account=lin.id)
    assert exists(kept)
    services.revoke_sessions(replace(keeper, abilities=frozenset({manages(bureau.BUREAU)})), account=lin.id)
    assert not exists(kept)


def test_anothers_sessions_are_not_mine_to_revoke(bureau):
    mine = session_of(bureau.account("mei"))
    with pytest.raises(Denied):
        services.revoke_sessions(bureau.actor("mei"), account=bureau.account("lin").id)
    # Naming another's session beside one's own account ends nothing.
    other = UserSession.objects.get(session_key=session_of(bureau.account("lin"))).pk
    assert services.revoke_sessions(bureau.actor("mei"), account=bureau.account("mei").id, sessions=[other]) == 0
    assert exists(mine)


class TestAuthenticator:
    def enrol(self, account):
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})

    def test_nobody_must_enrol_unless_it_is_demanded(self, bureau):
        assert not queries.must_enrol(bureau.account("lin"))

    def test_a_body_above_him_demands_it(self, bureau):
        services.demand_agency_totp(bureau.SETUP, agency=bureau.DETACHMENT, demanded=True)
        assert queries.must_enrol(bureau.account("lin"))
        assert not queries.must_enrol(bureau.account("gui"))
        self.enrol(bureau.account("lin"))
        assert not queries.must_enrol(bureau.account("lin"))

    def test_his_own_account_demands_it(self, bureau):
        services.demand_account_totp(bureau.SETUP, account=bureau.account("lin").id, demanded=True)
        assert queries.must_enrol(bureau.account("lin"))

    def test_demonstration_accounts_are_exempt_in_the_demonstration_only(self, bureau, settings):
        account = services.create_account(
            bureau.SETUP, username="demo", name="示例", unit=bureau.SQUAD_1, must_use_totp=True, demo=True
        )
        assert queries.must_enrol(account)
        settings.DEMO = True
        assert not queries.must_enrol(account)


def test_an_identity_belongs_to_one_account(bureau):
    lin, mei = bureau.account("lin"), bureau.account("mei")
    services.link_identity(bureau.SETUP, account=lin.id, provider="oidc", subject="u-1")
    with pytest.raises(Invalid):
        services.link_identity(bureau.SETUP, account=mei.id, provider="oidc", subject="u-1")
    services.unlink_identity(bureau.SETUP, account=lin.id, provider="oidc", subject="u-1")
    services.link_identity(bureau.SETUP, account=mei.id, provider="oidc", subject="u-1")


def test_a_lockout_counts_and_names_nobody(bureau):
    services.note_lockout(bureau.SETUP, username="nobody-here", failures=5)
    services.note_lockout(bureau.SETUP, username="lin", failures=5)
    bodies = "".join(EventBody.objects.filter(event__type="people.sign_in_locked").values_list("data", flat=True))
    assert "nobody-here" not in bodies
    assert '"failures":5' in bodies


def test_a_name_is_one_accounts_in_whatever_case(bureau):
    with pytest.raises(IntegrityError):
        Account.objects.create_user("LIN")


def test_one_route_of_an_act_is_open_at_a_place(bureau):
    route = ApprovalRoute.objects.get(valid_to=None)
    route.pk, route.version = clock.new_id(), 2
    with pytest.raises(IntegrityError):
        route.save(force_insert=True)


RESETS = {
    "password": lambda actor, row: services.reset_password(actor, account=row.id, password="Another-2026-pass"),
    "authenticator": lambda actor, row: services.reset_authenticator(actor, account=row.id),
    "deactivated": lambda actor, row: services.deactivate_account(actor, account=row.id, reason="x"),
    "identity": lambda actor, row: services.link_identity(actor, account=row.id, provider="oidc", subject="s"),
}


@pytest.mark.parametrize("reset", sorted(RESETS))
@pytest.mark.parametrize("begins", [date(2026, 1, 1), date(2026, 6, 1)], ids=["present", "future"])
def test_who_holds_a_wider_role_is_not_his_units_administrators_to_take_over(bureau, reset, begins):
    services.assign_role(
        bureau.SETUP, account=bureau.account("dai").id, role="administrator", agency=bureau.DETACHMENT
    )
    wide = bureau.account("fa")
    services.assign_role(bureau.SETUP, account=wide.id, role="director", agency="/", valid_from=begins)
    with pytest.raises(Denied):
        RESETS[reset](bureau.actor("dai"), wide)
    RESETS[reset](bureau.actor("dai"), bureau.account("lin"))
