"""Signing in through an OIDC provider: a small one that runs in this very process, on a local port."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from xiezhi.people import services
from xiezhi.people.models import Account
from xiezhi.people.tests import house
from xiezhi.record.models import Event, EventBody
from xiezhi.settings.sign_in import oidc


class Provider:
    """Authorisation code flow with PKCE; ``subject`` is who the next browser turns out to be."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.subject, self.codes = "u-1", {}
        self.audience = "xiezhi"
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def authorise(self, address):
        """What a browser that is sent to ``address`` brings back: the query of the redirect to us."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked["code_challenge"]
        return f"{urlsplit(asked['redirect_uri']).path}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form):
        challenge = self.codes.pop(form["code"], None)
        shown = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        if challenge != shown.decode():
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.url, "aud": self.audience, "sub": self.subject, "iat": now, "exp": now + 60}
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})
        return 200, {"access_token": self.subject, "token_type": "Bearer", "id_token": signed}

    def _handler(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/.well-known/openid-configuration":
                    names = ("authorization", "token", "userinfo")
                    answer = {f"{name}_endpoint": f"{provider.url}/{name}" for name in names}
                    self._say(200, {**answer, "issuer": provider.url, "jwks_uri": f"{provider.url}/jwks"})
                elif self.path == "/userinfo":
                    subject = self.headers["Authorization"].removeprefix("Bearer ")
                    self._say(200, {"sub": subject, "name": "示例林", "email": "lin@example.org"})
                else:
                    self._say(404, {})

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self._say(*provider.token({name: values[0] for name, values in parse_qs(raw).items()}))

            def _say(self, status, answer):
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        return Handler

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def running():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(running, db, settings):
    running.subject, running.audience = "u-1", "xiezhi"
    settings.SOCIALACCOUNT_PROVIDERS = oidc(running.url, "xiezhi", "secret", "示例统一身份", "sub")
    cache.clear()
    services.create_agency(
        house.SETUP, parent="/", code="sl", name="示例局", short="示例局", kind="agency", district="329901"
    )
    account = services.create_account(house.SETUP, username="lin", name="示例林", unit="/sl/")
    services.link_identity(house.SETUP, account=account.id, provider="oidc", subject="u-1")
    return running


def come_back(client, provider):
    away = client.post("/accounts/oidc/oidc/login/?process=login")
    assert away.status_code == 302
    return client.get(provider.authorise(away["Location"]))


def test_the_sign_in_page_offers_it(provider):
    page = Client().get("/accounts/login/").content.decode()
    assert "示例统一身份" in page
    assert "/accounts/oidc/oidc/login/" in page


def test_a_linked_identity_gets_in_and_it_is_an_act(provider):
    client = Client()
    assert come_back(client, provider)["Location"] == "/console/"
    assert client.get("/console/").status_code == 200
    event = Event.objects.get(type="people.signed_in")
    assert '"method":"oidc"' in EventBody.objects.get(event=event).data


def test_what_the_provider_tells_about_the_person_is_not_kept(provider):
    come_back(Client(), provider)
    assert SocialAccount.objects.get().extra_data == {}
    assert Account.objects.get().email == ""


def test_an_unknown_identity_is_refused_and_no_account_is_made(provider):
    provider.subject = "u-unknown"
    client = Client()
    answer = come_back(client, provider)
    assert answer.status_code == 403
    assert "没有绑定本平台的账号" in answer.content.decode()
    assert client.get("/console/").status_code == 302
    assert (Account.objects.count(), SocialAccount.objects.count()) == (1, 1)


def test_the_same_mail_address_links_nothing_by_itself(provider):
    Account.objects.filter(username="lin").update(email="lin@example.org")
    provider.subject = "u-unknown"
    assert come_back(Client(), provider).status_code == 403


def test_a_deactivated_account_is_refused(provider):
    services.deactivate_account(house.SETUP, account=Account.objects.get().id, reason="离职")
    client = Client()
    come_back(client, provider)
    assert client.get("/console/").status_code == 302


def test_an_unlinked_identity_is_refused(provider):
    services.unlink_identity(house.SETUP, account=Account.objects.get().id, provider="oidc", subject="u-1")
    assert come_back(Client(), provider).status_code == 403


def test_a_token_for_another_client_is_refused(provider):
    provider.audience = "someone-else"
    client = Client()
    come_back(client, provider)
    assert client.get("/console/").status_code == 302


def test_an_answer_to_a_question_not_asked_is_refused(provider):
    client = Client()
    answer = client.get("/accounts/oidc/oidc/login/callback/?code=code-0&state=forged")
    assert "统一身份登录未完成" in answer.content.decode()
    assert client.get("/console/").status_code == 302


def test_one_who_signs_in_is_not_to_link_a_second_identity_by_himself(provider):
    client = Client()
    come_back(client, provider)
    provider.subject = "u-2"
    away = client.post("/accounts/oidc/oidc/login/?process=connect")
    client.get(provider.authorise(away["Location"]))
    assert SocialAccount.objects.count() == 1
