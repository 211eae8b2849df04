from datetime import UTC, datetime

import pytest

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.core.canonical import NotCanonical
from xiezhi.record import acts, sequencer, types
from xiezhi.record.models import Event, Sequence, StreamHead
from xiezhi.record.tests.sample import happen

pytestmark = pytest.mark.django_db


def test_events_of_a_stream_are_chained():
    first, second = happen(system("t")), happen(system("t"), value=2)
    assert (first.prev, second.prev) == (None, first.id)
    assert StreamHead.objects.get(stream="test:1").count == 2


def test_an_act_that_writes_no_event_is_refused():
    with pytest.raises(acts.ActWithoutEvent):
        happen(system("t"), write=False)
    assert not Event.objects.exists()


def test_the_first_argument_of_a_service_is_the_actor():
    with pytest.raises(TypeError):
        happen("someone")


def test_an_event_outside_an_act_is_refused():
    with pytest.raises(acts.UndeclaredEvent):
        acts.emit("test.happened", stream="s", subject="s", data={"value": 1})


def test_data_that_the_schema_does_not_know_is_refused():
    with pytest.raises(ValueError, match="value"):
        happen(system("t"), value="three")
    with pytest.raises(NotCanonical):
        happen(system("t"), value=2**60)
    assert not Event.objects.exists()


def test_a_type_is_declared_once():
    class Other(types.Data):
        pass

    with pytest.raises(ValueError, match="twice"):
        types.event_type("test.happened", "又一次", Other)


def test_the_outer_form_is_cloudevents_without_the_private_part():
    from xiezhi.record import queries

    event = happen(system("t"))
    outer = types.cloud_event(queries.envelope(event.id), "log")
    assert outer["specversion"] == "1.0"
    assert outer["type"] == "cn.xiezhi.test.happened.v1"
    assert len(outer["privatehash"]) == 64
    assert types.schema("test.happened", 1)["required"] == ["value"]


def test_events_of_one_stream_in_one_millisecond_keep_their_order_in_the_log():
    with clock.fixed(datetime(2026, 3, 2, tzinfo=UTC)):
        made = [happen(system("t"), value=n).id for n in range(20)]
        sequencer.seal_all()
    assert list(Sequence.objects.order_by("index").values_list("event_id", flat=True)) == made
