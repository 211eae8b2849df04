"""Every act of people: it writes its event, rolls back with it, and what it projects can be rebuilt."""

import json

import pytest

from xiezhi.core.actor import PUBLIC
from xiezhi.core.errors import Denied, NotFound
from xiezhi.people import services
from xiezhi.people.tests.acts_scenarios import SCENARIOS
from xiezhi.record import acts, projections
from xiezhi.record.models import Event, EventBody

# Who just signs in, is locked out or mends his authenticator is noted by the sign-in itself.
NOTED_BY_THE_SIGN_IN = {
    f"xiezhi.people.services.sign_in.{name}"
    for name in ("note_sign_in", "note_lockout", "note_authenticator_change")
}
ACTS = sorted(name for name in acts.ACTS if name.startswith("xiezhi.people."))


def test_every_service_of_people_is_an_act_with_a_scenario():
    assert sorted(SCENARIOS) == ACTS
    assert {f"{f.__module__}.{f.__name__}" for f in map(services.__dict__.get, services.__all__)} == set(ACTS)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_denied_to_the_public_writes_its_event_and_is_rebuilt_by_replay(name):
    service, args, kwargs = SCENARIOS[name]()
    before = set(Event.objects.values_list("id", flat=True))
    if name not in NOTED_BY_THE_SIGN_IN:
        with pytest.raises((Denied, NotFound)):
            service(PUBLIC, **kwargs)
        assert Event.objects.count() == len(before)
    service(*args, **kwargs)
    fresh = Event.objects.exclude(id__in=before)
    assert fresh
    assert set(fresh.values_list("type", flat=True)) <= set(service.act_types)
    bodies = EventBody.objects.order_by("event__recorded_at", "event_id").values_list("data", flat=True)
    assert list(projections.replay(json.loads(body) for body in bodies)) == []
