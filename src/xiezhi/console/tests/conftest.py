import pytest
from django.test import Client

from xiezhi.core.actor import Ability, Actor
from xiezhi.people.models import Account
from xiezhi.web import identity


@pytest.fixture
def sign_in(db, monkeypatch):
    """``sign_in("lawbase.read", …)``: a browser of one who holds these abilities in ``over``; ``.actor`` is he."""
    held: dict[str, Actor] = {}
    monkeypatch.setattr(identity, "actor_of", lambda account: held[str(account.pk)])

    def enter(*abilities: str, name: str = "officer", over: str = "/a/") -> Client:
        account = Account.objects.create_user(name, "a-long-password")
        client = Client()
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        client.actor = held[str(account.pk)] = Actor(
            str(account.pk), "officer", "/a/", "321202", frozenset(Ability(each, over) for each in abilities)
        )
        return client

    return enter
