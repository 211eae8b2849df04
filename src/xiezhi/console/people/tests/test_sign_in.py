"""Signing in, being locked out, the authenticator, sessions; all over HTTP."""

import json
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client

from xiezhi import clock
from xiezhi.jobs import queue
from xiezhi.jobs.worker import run_until_idle
from xiezhi.people import services
from xiezhi.people.models import Account
from xiezhi.people.tests import house
from xiezhi.record.models import Event, EventBody

PASSWORD = "Shilifu-2026-mima"


@pytest.fixture
def lin(db):
    """An account of a body of two levels, without roles."""
    cache.clear()
    services.create_agency(
        house.SETUP, parent="/", code="sl", name="示例局", short="示例局", kind="agency", district="329901"
    )
    return services.create_account(house.SETUP, username="lin", name="示例林", unit="/sl/", password=PASSWORD)


def sign_in(client, username="lin", password=PASSWORD, **more):
    return client.post("/accounts/login/", {"login": username, "password": password}, **more)


def events(type_):
    return Event.objects.filter(type=f"people.{type_}")


def body(event):
    return EventBody.objects.get(event=event).data


def enrol(account):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(account, secret)
    return secret


def code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


class TestPassword:
    def test_signing_in_is_an_act_in_the_access_stream(self, lin):
        client = Client()
        assert sign_in(client)["Location"] == "/console/"
        event = events("signed_in").get()
        assert event.stream == f"access:account:{lin.id}"
        assert '"method":"password"' in body(event)
        assert client.get("/console/").status_code == 200

    def test_where_he_wanted_to_go_he_arrives(self, lin):
        client = Client()
        page = client.get(client.get("/accounts/sessions/")["Location"]).content.decode()
        assert 'value="/accounts/sessions/"' in page
        answer = client.post(
            "/accounts/login/", {"login": "lin", "password": PASSWORD, "next": "/accounts/sessions/"}
        )
        assert answer["Location"] == "/accounts/sessions/"

    def test_a_strange_host_is_never_gone_to(self, lin):
        answer = Client().post(
            "/accounts/login/", {"login": "lin", "password": PASSWORD, "next": "https://example.org/"}
        )
        assert answer["Location"] == "/console/"

    @pytest.mark.parametrize(("username", "password"), [("lin", "wrong"), ("nobody", PASSWORD)])
    def test_a_wrong_name_and_a_wrong_password_read_alike_and_the_name_stays(self, lin, username, password):
        answer = sign_in(Client(), username, password)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "用户名或密码不正确。" in text
        assert f'value="{username}"' in text
        assert not events("signed_in").exists()

    def test_a_deactivated_account_does_not_get_in(self, lin):
        services.deactivate_account(house.SETUP, account=lin.id, reason="离职")
        client = Client()
        sign_in(client)
        assert client.get("/console/").status_code == 302

    def test_a_demonstration_account_gets_into_no_real_office(self, lin, settings):
        Account.objects.update(demo=True)
        assert sign_in(Client()).status_code == 302
        settings.DEMO_ACCOUNTS_SIGN_IN = False
        client = Client()
        answer = sign_in(client)
        assert answer.status_code == 403
        assert "演示账号" in answer.content.decode()
        assert client.get("/console/").status_code == 302

    def test_a_session_ends_with_its_account(self, lin):
        client = Client()
        sign_in(client)
        services.deactivate_account(house.SETUP, account=lin.id, reason="离职")
        assert client.get("/console/").status_code == 302

    def test_the_login_page_is_strict_about_scripts_and_styles(self, lin):
        answer = Client().get("/accounts/login/")
        assert "'unsafe-inline'" not in answer["Content-Security-Policy"]
        for forbidden in ("style=", "<script>", "onclick="):
            assert forbidden not in answer.content.decode()

    @pytest.mark.parametrize(
        "address",
        [
            "signup/",
            "email/",
            "password/reset/",
            "password/set/",
            "3rdparty/",
            "3rdparty/signup/",
            "confirm-email/",
        ],
    )
    def test_what_administrators_do_nobody_does_for_himself(self, lin, address):
        assert Client().get(f"/accounts/{address}").status_code == 404
        client = Client()
        sign_in(client)
        assert client.get(f"/accounts/{address}").status_code == 404
        assert client.post(f"/accounts/{address}", {"username": "x"}).status_code == 404

    def test_changing_ones_password_needs_the_old_one_and_is_an_act(self, lin):
        client = Client()
        sign_in(client)
        new = {"password1": "Another-2026-mima", "password2": "Another-2026-mima"}
        wrong = client.post("/accounts/password/change/", {"oldpassword": "wrong", **new})
        assert wrong.status_code == 200
        assert not events("password_changed").exists()
        client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
        assert events("password_changed").count() == 1
        assert Account.objects.get().check_password("Another-2026-mima")
        assert client.get("/console/").status_code == 200

    def test_the_rules_for_a_new_password_stand_as_a_list(self, lin):
        client = Client()
        sign_in(client)
        page = client.get("/accounts/password/change/").content.decode()
        assert "<ul><li>" in page
        assert "&lt;" not in page

    def test_a_weak_new_password_is_refused_in_chinese(self, lin):
        client = Client()
        sign_in(client)
        answer = client.post(
            "/accounts/password/change/",
            {"oldpassword": PASSWORD, "password1": "12345678", "password2": "12345678"},
        )
        assert "密码" in answer.content.decode()
        assert Account.objects.get().check_password(PASSWORD)


class TestLockout:
    def fail(self, client, times, **more):
        return [sign_in(client, password=f"wrong-{n}", **more).status_code for n in range(times)]

    def test_after_five_failures_the_pair_of_name_and_address_is_locked_out(self, lin):
        client = Client()
        assert self.fail(client, 5) == [200, 200, 200, 200, 429]
        answer = sign_in(client)
        assert answer.status_code == 429
        assert answer["Retry-After"] == "900"
        text = answer.content.decode()
        assert "连续登录失败 5 次，暂停登录 15 分钟" in text
        assert "联系本单位系统管理员重置密码" in text
        assert not events("signed_in").exists()

    def test_it_is_one_event_with_a_count_and_no_name(self, lin):
        client = Client()
        self.fail(client, 7)
        event = events("sign_in_locked").get()
        assert event.actor == "system:sign-in"
        assert '"failures":5' in body(event)
        assert "示例林" not in body(event)

    def test_too_many_sign_ins_from_one_address_are_answered_in_chinese_with_what_to_do(self, lin, settings):
        settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
        client = Client()
        assert [client.get("/accounts/login/").status_code, *self.fail(client, 3)] == [200, 200, 200, 429]
        answer = sign_in(client, password="falsch")
        assert answer.status_code == 429
        text = answer.content.decode()
        assert 'lang="zh-' in text
        assert "请一分钟后再试" in text

    def test_an_unknown_name_is_locked_out_alike(self, lin):
        client = Client()
        answers = [sign_in(client, "nobody", "x").status_code for _ in range(6)]
        assert answers == [200, 200, 200, 200, 429, 429]
        assert "nobody" not in body(events("sign_in_locked").get())

    def test_another_address_may_still_sign_in(self, lin):
        self.fail(Client(), 5)
        assert sign_in(Client(REMOTE_ADDR="192.0.2.9")).status_code == 302

    def test_the_same_name_in_another_case_is_counted_with_it(self, lin):
        client = Client()
        self.fail(client, 4)
        sign_in(client, "LIN", "wrong")
        assert sign_in(client).status_code == 429

    def test_neither_name_nor_address_nor_browser_is_kept_in_clear(self, lin):
        sign_in(Client(REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT="Browser/1"), "lin", "wrong")
        kept = json.dumps(AccessAttempt.objects.values().get(), default=str)
        assert not [word for word in ("192.0.2.9", "Browser/1", '"lin"', "=lin") if word in kept]

    def test_after_a_week_nothing_is_kept_of_it(self, lin):
        sign_in(Client(), "lin", "wrong")
        AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(days=8))
        queue.enqueue(house.SETUP, "web.clear")
        run_until_idle(loops=False)
        assert not AccessAttempt.objects.exists()

    def test_the_lock_ends_by_itself(self, lin, settings):
        settings.AXES_COOLOFF_TIME = timedelta(seconds=0)
        client = Client()
        self.fail(client, 5)
        assert sign_in(client).status_code == 302

    def test_a_new_password_from_the_administrator_lets_him_in_at_once(self, lin):
        self.fail(Client(), 5)
        services.install_default_roles(house.SETUP)
        admin = services.create_account(
            house.SETUP, username="admin", name="示例管", unit="/sl/", password=PASSWORD
        )
        services.assign_role(house.SETUP, account=admin.id, role="administrator", agency="/")
        keeper, fresh = Client(), "Another-2026-pass"
        assert sign_in(keeper, "admin").status_code == 302
        assert keeper.post(f"/console/people/accounts/{lin.pk}/password/", {"password": fresh}).status_code == 302
        assert sign_in(Client(), password=PASSWORD).status_code == 200
        assert sign_in(Client(), password=fresh).status_code == 302

    def test_failures_before_a_sign_in_are_counted_with_it(self, lin):
        client = Client()
        self.fail(client, 3)
        sign_in(client)
        assert '"failures":3' in body(events("signed_in").get())

    def test_a_forged_forwarding_header_moves_nobody_to_another_address(self, lin):
        client = Client()
        for n in range(5):
            sign_in(client, password="wrong", headers={"X-Forwarded-For": f"198.51.100.{n}"})
        assert sign_in(client, headers={"X-Forwarded-For": "198.51.100.99"}).status_code == 429

    def test_behind_our_proxy_the_entry_that_it_added_counts(self, lin, settings):
        settings.TRUSTED_PROXIES = 1
        client = Client()
        for n in range(5):
            sign_in(client, password="wrong", headers={"X-Forwarded-For": f"10.0.0.{n}, 198.51.100.7"})
        assert sign_in(client, headers={"X-Forwarded-For": "198.51.100.7"}).status_code == 429
        assert sign_in(client, headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 302


class TestAuthenticator:
    def test_with_an_authenticator_the_password_alone_does_not_do(self, lin):
        secret = enrol(lin)
        client = Client()
        assert sign_in(client)["Location"] == "/accounts/2fa/authenticate/"
        assert client.get("/console/").status_code == 302
        assert client.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
        assert client.get("/console/").status_code == 302
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
        assert client.get("/console/").status_code == 200
        assert '"method":"totp"' in body(events("signed_in").get())

    def test_codes_cannot_be_tried_without_end(self, lin):
        secret = enrol(lin)
        client = Client()
        sign_in(client)
        for _ in range(12):
            client.post("/accounts/2fa/authenticate/", {"code": "000000"})
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
        assert client.get("/console/").status_code == 302

    def test_demanded_by_the_body_it_is_set_up_before_anything_else(self, lin):
        services.demand_agency_totp(house.SETUP, agency="/sl/", demanded=True)
        client = Client()
        sign_in(client)
        for address in ("/console/", "/accounts/sessions/", "/accounts/2fa/"):
            assert client.get(address)["Location"] == "/accounts/2fa/totp/activate/"
        answer = client.get("/api/v1/me", headers={"Accept": "application/json"})
        assert answer.status_code == 403
        assert "动态口令" in answer.json()["detail"]
        page = client.get("/accounts/2fa/totp/activate/")
        assert b'src="data:image/svg+xml' in page.content
        assert "img-src 'self' data:" in page["Content-Security-Policy"]
        secret = page.context["form"].secret
        answer = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)})
        assert answer.status_code == 302
        assert client.get("/console/").status_code == 200
        changes = [json.loads(body(event))["data"] for event in events("authenticator_changed")]
        assert sorted((c["change"], c["kind"]) for c in changes) == [
            ("added", "recovery_codes"),
            ("added", "totp"),
        ]

    def test_one_may_always_leave(self, lin):
        services.demand_account_totp(house.SETUP, account=lin.id, demanded=True)
        client = Client()
        sign_in(client)
        assert client.post("/accounts/logout/").status_code == 302
        assert not UserSession.objects.filter(user=lin).exists() or client.get("/console/").status_code == 302

    def test_a_recovery_code_gets_in_once(self, lin):
        enrol(lin)
        codes = RecoveryCodes.activate(lin).get_unused_codes()
        first, second = Client(), Client()
        for client in (first, second):
            sign_in(client)
            client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert first.get("/console/").status_code == 200
        assert second.get("/console/").status_code == 302

    def test_secrets_are_stored_under_the_houses_key(self, lin):
        secret = enrol(lin)
        stored = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
        assert secret not in stored
        assert stored.startswith("w")

    def test_a_lost_authenticator_is_reset_by_another(self, lin):
        enrol(lin)
        services.reset_authenticator(house.SETUP, account=lin.id)
        client = Client()
        assert sign_in(client)["Location"] == "/console/"


class TestSessions:
    def test_one_sees_and_ends_ones_other_sessions(self, lin):
        here, there = Client(), Client(HTTP_USER_AGENT="别处的浏览器")
        sign_in(here)
        sign_in(there)
        assert "别处的浏览器" in here.get("/accounts/sessions/").content.decode()
        other = UserSession.objects.get(user_agent="别处的浏览器")
        here.post("/accounts/sessions/", {"session": other.pk})
        assert there.get("/console/").status_code == 302
        assert here.get("/console/").status_code == 200
        assert events("sessions_revoked").count() == 1

    def test_all_others_at_once(self, lin):
        clients = [Client() for _ in range(3)]
        for client in clients:
            sign_in(client)
        clients[0].post("/accounts/sessions/")
        assert [client.get("/console/").status_code for client in clients] == [200, 302, 302]

    def test_anothers_session_is_not_ended(self, lin):
        services.create_account(house.SETUP, username="mei", name="示例梅", unit="/sl/", password=PASSWORD)
        mine, other = Client(), Client()
        sign_in(mine)
        sign_in(other, "mei")
        mine.post("/accounts/sessions/", {"session": UserSession.objects.get(user__username="mei").pk})
        assert other.get("/console/").status_code == 200


def test_every_page_of_ones_own_security_opens(lin):
    secret = enrol(lin)
    RecoveryCodes.activate(lin)
    client = Client()
    sign_in(client)
    client.post("/accounts/2fa/authenticate/", {"code": code(secret)})
    for address in (
        "2fa/",
        "2fa/totp/deactivate/",
        "2fa/recovery-codes/",
        "2fa/recovery-codes/generate/",
        "password/change/",
        "sessions/",
        "reauthenticate/",
        "2fa/reauthenticate/",
        "logout/",
    ):
        answer = client.get(f"/accounts/{address}")
        text = answer.content.decode()
        assert answer.status_code == 200, address
        assert "style=" not in text
        for english in ("Sign", "Password", "code", "Email"):
            assert f">{english}" not in text, address


def test_an_older_sign_in_is_confirmed_before_the_authenticator_changes(lin, settings):
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    client = Client()
    sign_in(client)
    assert client.get("/accounts/2fa/totp/activate/")["Location"].startswith("/accounts/reauthenticate/")
