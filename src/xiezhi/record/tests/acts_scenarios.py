"""A valid call of every service of the record, for the walk over all acts."""

from xiezhi.core.actor import system
from xiezhi.record import replaying, services, verification
from xiezhi.record.models import StreamHead
from xiezhi.record.tests.sample import happen

ACTOR = system("test")


def _erase():
    event = happen(ACTOR)
    return services.erase_body, (ACTOR, event.id), {"ground": "《个人信息保护法》第四十七条", "approver": "a-2"}


def _repair():
    happen(ACTOR)
    StreamHead.objects.filter(pk="test:1").update(count=9)
    return services.repair_state, (ACTOR, replaying.replay()), {"model": "record.StreamHead", "key": "test:1"}


SCENARIOS = {
    "xiezhi.record.services.note_check": lambda: (services.note_check, (ACTOR, verification.check()), {}),
    "xiezhi.record.services.repair_state": _repair,
    "xiezhi.record.services.erase_body": _erase,
    "xiezhi.record.services.rotate_wrapping_key": lambda: (services.rotate_wrapping_key, (ACTOR,), {}),
    "xiezhi.record.services.forget_wrapping_keys": lambda: (services.forget_wrapping_keys, (ACTOR,), {}),
    "xiezhi.record.services.rotate_signing_key": lambda: (services.rotate_signing_key, (ACTOR,), {}),
    "xiezhi.record.services.note_sensitive_read": lambda: (
        services.note_sensitive_read,
        (ACTOR,),
        {"subject": "person:1", "fields": ["name"], "purpose": "核对"},
    ),
}
