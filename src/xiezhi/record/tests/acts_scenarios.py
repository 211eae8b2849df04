"""A valid call of every service of the record, for the walk over all acts."""

from xiezhi.core.actor import system
from xiezhi.record import services
from xiezhi.record.tests.sample import happen

ACTOR = system("test")


def _erase():
    event = happen(ACTOR)
    return services.erase_body, (ACTOR, event.id), {"ground": "《个人信息保护法》第四十七条", "approver": "a-2"}


SCENARIOS = {
    "xiezhi.record.services.erase_body": _erase,
    "xiezhi.record.services.rotate_wrapping_key": lambda: (services.rotate_wrapping_key, (ACTOR,), {}),
    "xiezhi.record.services.rotate_signing_key": lambda: (services.rotate_signing_key, (ACTOR,), {}),
    "xiezhi.record.services.note_sensitive_read": lambda: (
        services.note_sensitive_read,
        (ACTOR,),
        {"subject": "person:1", "fields": ["name"], "purpose": "核对"},
    ),
}
