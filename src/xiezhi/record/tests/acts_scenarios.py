"""A valid call of every service of the record, for the walk over all acts."""

from xiezhi import clock
from xiezhi.core.actor import system
from xiezhi.record import replaying, services, verification
from xiezhi.record.models import StreamHead
from xiezhi.record.tests.approver import approver
from xiezhi.record.tests.sample import happen

ACTOR = system("test")


def _erase():
    event = happen(ACTOR)
    given = {"ground": "《个人信息保护法》第四十七条", "approver": approver()}
    return services.erase_body, (ACTOR, event.id), given


def _forget():
    with clock.fixed(clock.now() - 2 * services.REST):
        services.rotate_wrapping_key(ACTOR)
    return services.forget_wrapping_keys, (ACTOR,), {}


def _repair():
    happen(ACTOR)
    StreamHead.objects.filter(pk="test:1").update(count=9)
    return services.repair_state, (ACTOR, replaying.replay()), {"model": "record.StreamHead", "key": "test:1"}


SCENARIOS = {
    "xiezhi.record.services.note_check": lambda: (services.note_check, (ACTOR, verification.check()), {}),
    "xiezhi.record.services.repair_state": _repair,
    "xiezhi.record.services.erase_body": _erase,
    "xiezhi.record.services.rotate_wrapping_key": lambda: (services.rotate_wrapping_key, (ACTOR,), {}),
    "xiezhi.record.services.forget_wrapping_keys": _forget,
    "xiezhi.record.services.rotate_signing_key": lambda: (services.rotate_signing_key, (ACTOR,), {}),
    "xiezhi.record.services.note_sensitive_read": lambda: (
        services.note_sensitive_read,
        (ACTOR,),
        {"subject": "person:1", "fields": ["name"], "purpose": "核对"},
    ),
}
