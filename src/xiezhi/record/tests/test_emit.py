import pytest

from xiezhi.core.actor import system
from xiezhi.record import acts, types
from xiezhi.record.models import Event, StreamHead


class Sample(types.Data):
    value: int


types.event_type("test.happened", "测试", Sample, Sample)


@acts.act("test.happened")
def happen(actor, *, value=1, write=True):
    if write:
        return acts.emit(stream="test:1", subject="test:1", data={"value": value}, private={"value": value})
    return None


@pytest.mark.django_db
def test_events_of_a_stream_are_chained():
    first, second = happen(system("t")), happen(system("t"), value=2)
    assert (first.prev, second.prev) == (None, first.id)
    assert StreamHead.objects.get(stream="test:1").count == 2


@pytest.mark.django_db
def test_an_act_that_writes_no_event_is_refused():
    with pytest.raises(acts.ActWithoutEvent):
        happen(system("t"), write=False)
    assert not Event.objects.exists()
