"""Two who set up the same at the top of the tree, where there is no row above to wait at."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from xiezhi.core.actor import system
from xiezhi.core.errors import Invalid
from xiezhi.people import flow, services
from xiezhi.people.approval_kinds import PLAN
from xiezhi.people.models import Agency, ApprovalRoute

pytestmark = pytest.mark.django_db(transaction=True)
SETUP = system("setup")
HANDS = 6


def at_once(act):
    """What ``act`` gave each of :data:`HANDS` threads: its answer, or what it raised."""
    start = threading.Barrier(HANDS)

    def one(_number):
        start.wait()
        try:
            return act()
        except Exception as error:  # noqa: BLE001 - the test tells which it is
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as hands:
        return list(hands.map(one, range(HANDS)))


def test_one_route_is_adopted_and_the_others_are_told():
    services.install_default_roles(SETUP)
    steps = [flow.Step("局长意见", ("director",))]
    told = at_once(
        lambda: services.adopt_route(
            SETUP, kind=PLAN, agency="/", steps=steps, source="示例〔2026〕1号", valid_from=date(2026, 1, 1)
        )
    )
    assert [type(one) for one in told if not isinstance(one, ApprovalRoute)] == [Invalid] * (HANDS - 1)
    assert ApprovalRoute.objects.count() == 1


def test_one_root_is_set_up_and_the_others_are_told():
    told = at_once(
        lambda: services.create_agency(
            SETUP, parent="/", code="tz", name="示例局", short="示例局", kind="agency", district="329901"
        )
    )
    assert [type(one) for one in told if not isinstance(one, Agency)] == [Invalid] * (HANDS - 1)
    assert Agency.objects.count() == 1
