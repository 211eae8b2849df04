"""The walk's one database: built once, rolled back when the module is done."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from tests.walk import house
from tests.walk.going import Walk

from xiezhi.console.people import middleware
from xiezhi.web import identity


@contextmanager
def everyone_in_the_house() -> Iterator[Walk]:
    """The walk in one transaction that is rolled back; six thousand lines of log are left unwritten.

    Who a walker is and what he may do is found out by the real code once: every request is rolled back, so that it
    is the same six thousand times, and asking again took a third of the walk.
    """
    logging.disable(logging.WARNING)
    try:
        with (
            transaction.atomic(),
            patch.object(identity, "actor_of", _once(identity.actor_of)),
            patch.object(middleware, "must_enrol", _once(middleware.must_enrol)),
        ):
            yield Walk(house.build())
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


def _once(ask: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """``ask``, once an account; what it raises is not kept."""
    known: dict[object, Any] = {}

    def answer(account: Any) -> Any:
        if account.pk not in known:
            known[account.pk] = ask(account)
        return known[account.pk]

    return answer


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    with django_db_blocker.unblock(), everyone_in_the_house() as found:
        yield found
