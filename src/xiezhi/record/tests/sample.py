"""A small event type and service, so that the record is tested without any business."""

from xiezhi.record import acts, types


class Sample(types.Data):
    value: int


types.event_type("test.happened", "测试", Sample, Sample)


def happen(actor, *, value=1, write=True, stream="test:1"):
    return _happen(actor, value=value, write=write, stream=stream)


@acts.act("test.happened")
def _happen(actor, *, value, write, stream):
    if write:
        return acts.emit(stream=stream, subject=stream, data={"value": value}, private={"value": value})
    return None
