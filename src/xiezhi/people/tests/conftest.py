import pytest

from xiezhi import clock
from xiezhi.people.tests import house


@pytest.fixture
def bureau(db):
    """The synthetic bureau, on 10 March 2026."""
    with clock.fixed(house.NOW):
        house.build()
        yield house
