"""A valid call of every service of notify, for the walk over all acts."""

from django.test import override_settings

from xiezhi.core.actor import system
from xiezhi.notify import services
from xiezhi.notify.sms import Receipt

ACTOR = system("test")
MAIL = {"key": "walk:1", "to": "li@example.cn", "subject": "测试", "body": "正文"}


class Accepting:
    """An SMS service that takes everything."""

    configured = True

    def send(self, number, template, params, *, key):
        return Receipt(accepted=True, reference=f"r-{key}")


def _ordered():
    return services.send_mail(ACTOR, **MAIL)


def _requeue():
    message = services.send_sms(ACTOR, key="walk:2", number="13800000000", template="t", params={})
    return _requeue_with_a_service, (ACTOR, message.pk), {}


def _requeue_with_a_service(actor, message_id):
    with override_settings(SMS_PROVIDER=f"{Accepting.__module__}.{Accepting.__qualname__}"):
        return services.requeue(actor, message_id)


SCENARIOS = {
    "xiezhi.notify.services.send_mail": lambda: (services.send_mail, (ACTOR,), MAIL),
    "xiezhi.notify.services.send_sms": lambda: (
        services.send_sms,
        (ACTOR,),
        {"key": "walk:3", "number": "13800000000", "template": "t", "params": {"code": "1"}},
    ),
    "xiezhi.notify.services.record_sent": lambda: (
        services.record_sent,
        (ACTOR, _ordered().pk),
        {"reference": "<x@y>"},
    ),
    "xiezhi.notify.services.record_failed": lambda: (
        services.record_failed,
        (ACTOR, _ordered().pk),
        {"reason": "550"},
    ),
    "xiezhi.notify.services.requeue": _requeue,
}
