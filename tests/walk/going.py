"""Going through the house: one request, its answer in the words of the table, nothing left behind."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from xiezhi.people.models import Account
from xiezhi.record.models import Event

from .addresses import API, BODIES, NEVER, QUERIES, Stop
from .house import WALKERS, House

# An address outside of the house: what is for this machine alone must not answer it.
VISITOR = "203.0.113.9"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Answer:
    """``word`` as in the table; ``events`` that the request wrote; ``text`` of the response's body."""

    word: str
    events: int
    response: HttpResponse
    text: str


@dataclass
class Walk:
    """The house with everyone signed in. A request's changes are rolled back before the next."""

    house: House
    clients: dict[str, tuple[Client, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for column in WALKERS:
            self.clients[column] = _signed_in(self.house.accounts[column])

    def at(self, stop: Stop) -> Mapping[str, Answer]:
        """What each walker gets."""
        return {column: self.go(column, stop) for column in WALKERS}

    def go(self, column: str, stop: Stop) -> Answer:
        """One walker's request."""
        client, session = self.clients[column]
        client.cookies = SimpleCookie({"sessionid": session} if session else {})
        before = Event.objects.count()
        with transaction.atomic():
            response = self._send(client, stop)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            written = Event.objects.count() - before
            transaction.set_rollback(True)
        return Answer(_word(response), written, response, body.decode(errors="replace"))

    def _send(self, client: Client, stop: Stop) -> HttpResponse:
        url = stop.url(self.house.things)
        if stop.address.startswith(API):
            if stop.method == "GET":
                return client.get(url, QUERIES.get(stop.address))
            body = json.dumps(BODIES.get(stop.address, {}))
            return client.generic(stop.method, url, body, "application/json", headers={"If-Match": NEVER})
        # Refusals as JSON: drawing the same page of refusal a thousand times would take a third of the walk.
        more = {"headers": {"Accept": "application/json"}} if stop.address.startswith("/console/") else {}
        return client.get(url, **more) if stop.method == "GET" else client.post(url, {}, **more)


def _signed_in(account: Account | None) -> tuple[Client, str]:
    client = Client(raise_request_exception=False, REMOTE_ADDR=VISITOR)
    if account is None:
        return client, ""
    client.force_login(account, backend=BACKEND)
    return client, client.cookies["sessionid"].value


def _word(response: HttpResponse) -> str:
    """The status; a redirect to the sign-in page says so."""
    if response.status_code in {301, 302} and response["Location"].startswith("/accounts/login/"):
        return f"{response.status_code} sign-in"
    return str(response.status_code)
