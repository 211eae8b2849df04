import pytest
from django.test import Client

from xiezhi import clock
from xiezhi.people.tests import house


@pytest.fixture
def bureau(db):
    """The synthetic bureau, on 10 March 2026."""
    with clock.fixed(house.NOW):
        house.build()
        yield house


@pytest.fixture
def browser(bureau):
    """``browser("lin")``: a browser in which lin is signed in."""

    def signed_in(username):
        client = Client()
        client.force_login(house.account(username), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
