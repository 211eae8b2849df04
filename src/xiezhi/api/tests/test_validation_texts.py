"""What does not fit is told in Chinese, by the field's own name; a header that proves nothing is 401, not CSRF."""

import re
import uuid
from typing import get_args

import pytest
from pydantic_core.core_schema import ErrorType

from xiezhi.api import validation
from xiezhi.api.root import api
from xiezhi.api.tests.asking import Asker
from xiezhi.people.abilities import ABILITIES
from xiezhi.web.tests import signing_in

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"\b(?!true|false|JSON|UUID|T\d)[A-Za-z]{3,}")
CTX = dict.fromkeys(
    ("min_length", "max_length", "actual_length", "gt", "ge", "lt", "le", "pattern", "expected", "error"), 3
)


@pytest.mark.parametrize("ctx", [CTX, {}, None], ids=["full", "empty", "none"])
def test_every_kind_of_error_has_chinese_words(ctx):
    told = {kind: validation.text_of({"type": kind, "ctx": ctx}) for kind in get_args(ErrorType)}
    assert len(told) > 80
    for kind, text in told.items():
        assert CHINESE.search(text), kind
        assert not ENGLISH.search(text), kind
        assert "%(" not in text, kind


@pytest.mark.parametrize(
    ("loc", "place"),
    [
        (("body", "payload", "steps", 0, "title"), "steps.0.title"),
        (("body", "payload", "start", "date"), "start"),
        (("body", "payload", "at", "function-after[_sensible(), datetime]"), "at"),
        (("body", "payload", "date"), "date"),
        (("query", "limit"), "limit"),
        (("path", "key_id"), "key_id"),
        (("body", "payload"), ""),
    ],
)
def test_a_place_is_named_as_the_document_names_it(loc, place):
    assert validation.place(loc) == place


def operations():
    schema = api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            if method in ("post", "put", "patch") and "application/json" in operation.get("requestBody", {}).get(
                "content", {}
            ):
                yield method.upper(), re.sub(r"\{[^}]+\}", lambda _: str(uuid.UUID(int=7)), path)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "body", [{}, {"name": 7, "unit": ["x"], "valid_from": "soon", "text": "\x00", "steps": 7, "scopes": "x"}, [1]]
)
def test_every_operation_tells_what_does_not_fit_in_chinese(body):
    asker = Asker(signing_in.account_with(*ABILITIES, path="/"))
    told = []
    # The content of a law item is itself called payload.
    for method, path in operations():
        status, problem = asker.post(path.removeprefix("/api/v1"), body, rev=1, method=method)
        assert status < 500, path
        for error in problem.get("errors", []) if status == 422 else []:
            told.append(path)
            assert not re.search(r"payload[.]|body|function", error["field"]), (path, error)
            for text in error["messages"]:
                assert CHINESE.search(text), (path, error)
                assert not ENGLISH.search(text), (path, error)
    assert len(set(told)) > 15


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["Bearer xz_no_no", "Bearer", "Bearer eyJhbGciOi.x.y", "Token abc", "xz_a_b"])
def test_a_header_that_proves_nothing_is_401_whatever_stands_beside_it(given):
    client = signing_in.browser_of(signing_in.account_with("people.read"), enforce_csrf_checks=True)
    header = {"Authorization": given}
    for response in (
        client.get("/api/v1/me", headers=header),
        client.post("/api/v1/notifications/read", headers=header),
    ):
        assert response.status_code == 401
        assert response.json()["type"] == "urn:xiezhi:problem:unauthenticated"


@pytest.mark.django_db
def test_a_stranger_who_writes_is_asked_to_sign_in_and_a_session_is_told_of_the_token(client):
    strange = type(client)(enforce_csrf_checks=True)
    assert strange.post("/api/v1/notifications/read").status_code == 401
    known = signing_in.browser_of(signing_in.account_with("people.read"), enforce_csrf_checks=True)
    problem = known.post("/api/v1/notifications/read").json()
    assert problem["type"] == "urn:xiezhi:problem:csrf"
    assert "X-CSRFToken" in problem["remedy"]
    assert "Bearer" in problem["remedy"]
    assert "页面" not in problem["title"] + problem["remedy"]
