import pytest
from django.test import Client

from xiezhi import clock
from xiezhi.documents.tests import desk
from xiezhi.people.tests import house

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def office(db):
    """The office at noon of 10 March 2026."""
    with clock.fixed(house.NOW):
        desk.build()
        yield desk


@pytest.fixture
def browser(office):
    """user name → a browser in which he is signed in."""
    made = {}

    def of(username: str) -> Client:
        if username not in made:
            made[username] = Client()
            made[username].force_login(house.account(username), backend=BACKEND)
        return made[username]

    return of
