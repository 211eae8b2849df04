"""The API keeps what ``openapi.yaml`` promises, asked well and badly by stranger, limited key, administrator."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django.conf
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.walk import house as houses
from tests.walk.addresses import OBJECTS, PARAMETER

from xiezhi import clock
from xiezhi.people import services as people
from xiezhi.people.roles import DEFAULT_ROLES
from xiezhi.web import services as web

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "openapi.yaml"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# PostgreSQL is the stricter of the two (NUL, ranges of numbers): there we ask the more.
EXAMPLES = 3 if django.conf.settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else 8
TOKEN = "t" * 32
Asking = tuple[houses.House, dict[str, dict[str, str]], dict[str, dict[str, str]]]

SCHEMA = schemathesis.openapi.from_path(DOCUMENT)
SCHEMA.config.update(base_url="http://testserver")
SCHEMA.app = get_wsgi_application()
OPERATIONS = {f"{o.method.upper()} {o.path}": o for o in (found.ok() for found in SCHEMA.get_all_operations())}


@pytest.fixture(scope="module")
def asking(django_db_setup: None, django_db_blocker: Any) -> Iterator[Asking]:
    """The walk's house, and what each asker sends along."""
    with django_db_blocker.unblock(), transaction.atomic():
        house = houses.build()
        session = _admin()
        headers = {"anonymous": {}, "limited": _limited(), "admin": {"X-CSRFToken": TOKEN}}
        yield house, headers, {"limited": {}, "admin": session}
        transaction.set_rollback(True)


@contextmanager
def one_connection() -> Iterator[None]:
    """A request's beginning and end would close the connection that holds our transaction.

    Around each call: Django's test client, which does the same, connects the signals again.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def _limited() -> dict[str, str]:
    _key, secret = web.issue_key(
        houses.SETUP,
        name="示例系统",
        agency=houses.OURS,
        scopes=["registry.read"],
        expires_at=clock.now() + timedelta(days=1),
    )
    return {"Authorization": f"Bearer {secret}"}


def _admin() -> dict[str, str]:
    """A session that holds every role everywhere, so that refusals for want of an ability hide nothing."""
    account = people.create_account(houses.SETUP, username="walk-all", name="示例全部", unit=houses.OURS)
    for role in DEFAULT_ROLES:
        people.assign_role(houses.SETUP, account=account.id, role=role.code, agency="/")
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["sessionid"].value
    return {"sessionid": session, "csrftoken": TOKEN}


def test_the_document_is_what_the_code_says():
    call_command("openapi", check=True, out=DOCUMENT)


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_keeps_its_contract_with_everyone(asking, name, mode):
    """Each case is put by all three askers: making it up costs more than the answers."""
    house, headers, cookies = asking
    operation = OPERATIONS[name]

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def ask(case: Any, real: bool) -> None:
        if real and case.path_parameters:
            case.path_parameters = _real(house, operation.path)
        made_up = dict(case.cookies or {})
        for asker, own in headers.items():
            # Made-up proofs are the stranger's; the other two bring their own.
            case.cookies = dict(cookies[asker]) if own else made_up
            if own:
                case.headers.pop("Authorization", None)
            with one_connection(), transaction.atomic():
                response = case.call(headers=own)
                transaction.set_rollback(True)
            note(f"asked by {asker}")
            case.validate_response(response, checks=CHECKS)
            assert response.status_code < 400 or response.headers["content-type"] == ["application/problem+json"]

    ask()


@pytest.mark.django_db
@pytest.mark.parametrize(("asker", "status"), [("anonymous", 401), ("limited", 200), ("admin", 200)])
def test_each_asker_is_who_he_says(asking, asker, status):
    """Else every answer would be a 401, and the contract would hold for want of a conversation."""
    _house, headers, cookies = asking
    case = OPERATIONS["GET /api/v1/me"].Case(cookies=cookies.get(asker, {}))
    with one_connection():
        assert case.call(headers=headers[asker]).status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted({operation.path for operation in OPERATIONS.values()}))
def test_a_method_that_an_address_does_not_know_is_a_problem(address):
    url = PARAMETER.sub(str(clock.new_id()), address)
    offered = {operation.method.upper() for operation in OPERATIONS.values() if operation.path == address}
    for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} - offered):
        response = Client().generic(method, url)
        assert response.status_code == 405, method
        assert response["Content-Type"] == "application/problem+json"
        assert set(response["Allow"].split(", ")) == offered


def _real(house: houses.House, address: str) -> dict[str, str]:
    """Ids of objects that are there."""
    known: dict[str, tuple[str, ...]] = {}
    for beginning in sorted((b for b in OBJECTS if address.startswith(b)), key=len):
        known |= OBJECTS[beginning]
    names = [next(filter(None, groups)) for groups in PARAMETER.findall(address)]
    found = {name: known[name][0] for name in names}
    return {name: house.things.get(key, key.removeprefix("text:")) for name, key in found.items()}
