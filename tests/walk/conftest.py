"""The walk's one database: built once, rolled back when the module is done."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from tests.walk import house
from tests.walk.going import Walk


@contextmanager
def everyone_in_the_house() -> Iterator[Walk]:
    """The walk in one transaction that is rolled back; six thousand lines of log are left unwritten."""
    logging.disable(logging.WARNING)
    try:
        with transaction.atomic():
            yield Walk(house.build())
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def walk(django_db_setup: None, django_db_blocker: Any) -> Iterator[Walk]:
    with django_db_blocker.unblock(), everyone_in_the_house() as found:
        yield found
