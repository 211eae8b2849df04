"""No form says what is wrong in Django's words: each field of each form has those of the house."""

import copy
import importlib
from collections.abc import Iterator

import pytest
from allauth.core import context
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.core import validators
from django.test import RequestFactory

from xiezhi.console.people import sign_in_forms
from xiezhi.web.forms import Form, speak


def classes() -> list[type[forms.BaseForm]]:
    importlib.import_module("xiezhi.command.urls")  # every page, and with it every form
    found = [
        one
        for one in below(forms.BaseForm)
        if one.__module__.startswith("xiezhi.") and ".tests" not in one.__module__
    ]
    return sorted(set(found), key=lambda one: (one.__module__, one.__qualname__))


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def djangos(field: forms.Field) -> Iterator[str]:
    """What the field would say in words that are Django's own."""
    for kind in type(field).__mro__:
        for code, text in getattr(kind, "default_error_messages", {}).items():
            if kind.__module__.startswith("django.") and str(text) and field.error_messages.get(code) == text:
                yield f"{code}: {text}"
    for validator in field.validators:
        standard = getattr(type(validator), "message", None)
        if type(validator) is validators.DecimalValidator:
            yield from () if validator.messages is not validators.DecimalValidator.messages else ["decimals"]
        elif type(validator).__module__ == validators.__name__ and standard == getattr(validator, "message", None):
            yield f"{type(validator).__name__}: {standard}"


def test_every_form_speaks_as_the_house_does():
    ours = [one for one in classes() if one.__module__ != sign_in_forms.__name__]
    assert len(ours) > 40
    for one in ours:
        assert issubclass(one, Form), one
        for name, field in one.base_fields.items():
            spoken = copy.deepcopy(field)
            speak(spoken)
            assert list(djangos(spoken)) == [], f"{one.__module__}.{one.__qualname__}.{name}"


@pytest.mark.parametrize("kind", [one for one in classes() if one.__module__ == sign_in_forms.__name__])
@pytest.mark.django_db
def test_every_form_of_signing_in_does_too(kind):
    request = RequestFactory().get("/")
    request.session, request.user = SessionStore(), get_user_model()(username="x")
    with context.request_context(request):
        form = kind() if kind is sign_in_forms.LoginForm else kind(user=request.user)
    for name, field in form.fields.items():
        assert list(djangos(field)) == [], name


def test_an_empty_sign_in_asks_to_be_filled_in(client, db):
    page = client.post("/accounts/login/", {}).content.decode()
    assert page.count("请填写或选择此项。") >= 2
    assert "必填项" not in page
