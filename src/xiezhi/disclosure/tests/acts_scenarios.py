"""A valid call of every act, for the walk over all services."""

from datetime import timedelta

from xiezhi import clock
from xiezhi.core.actor import PUBLIC
from xiezhi.disclosure import jobs, services
from xiezhi.disclosure.codes import Kind
from xiezhi.disclosure.models import Delivery, Publication
from xiezhi.disclosure.tests import showing
from xiezhi.inspection import services as inspection
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import cases, visited


def _note_due():
    task = showing.released()
    return services.note_due, (jobs.ACTOR,), {"kind": Kind.RESULT, "subject": task.pk, "source": clock.new_id()}


def _note_change():
    row = showing.prepared()
    task = Task.objects.select_related("draw").get(pk=row.subject)
    with visited.on_the_day(task, 4):
        given = {"reason": "程序有误", "explanation": "示例说明", "document": "示监函〔2026〕3号"}
        inspection.void_draw(cases.LI, task.draw.pk, rev=task.draw.rev, **given)
    return (
        services.note_change,
        (jobs.ACTOR,),
        {"publication": row.pk, "change": "voided", "source": clock.new_id()},
    )


def _prepare():
    row = showing.due()
    return services.prepare, (showing.PREPARER, row.pk), {"rev": row.rev}


def _send_back():
    row = showing.prepared()
    return services.send_back, (showing.SIGNER, row.pk), {"rev": row.rev, "reason": "请核对。"}


def _sign():
    row = showing.prepared()
    return services.sign, (showing.SIGNER, row.pk), {"rev": row.rev}


def _correct():
    row = showing.signed()
    return services.correct, (showing.PREPARER, row.pk), {"rev": row.rev, "reason": "名称登记有误。"}


def _withdraw():
    row = showing.signed()
    return services.withdraw, (showing.SIGNER, row.pk), {"rev": row.rev, "ground": "wrong", "text": "有误。"}


def _expire():
    row = showing.signed()
    Publication.objects.filter(pk=row.pk).update(expires_on=row.published_at.date() - timedelta(days=1))
    return services.expire, (jobs.ACTOR, row.pk), {}


def _delivery(channel: str) -> Delivery:
    return Delivery.objects.get(publication=showing.signed(), channel=channel)


def _note_delivered():
    row = _delivery("portal")
    return services.note_delivered, (jobs.ACTOR, row.pk), {"digest": row.digest, "receipt": "/"}


def _report_by_hand():
    return services.report_by_hand, (showing.PREPARER, _delivery("national").pk), {"receipt": "示公示〔2026〕7号"}


def _object_to():
    return services.object_to, (PUBLIC, showing.signed().pk), dict(showing.OBJECTION)


def _answer():
    made = services.object_to(PUBLIC, showing.signed().pk, **showing.OBJECTION)
    return (
        services.answer,
        (showing.SIGNER, made.pk),
        {"rev": made.rev, "state": "rejected", "text": "经核实无误。"},
    )


_PACKAGE = "xiezhi.disclosure.services"
SCENARIOS = {
    f"{_PACKAGE}.sourcing.note_due": _note_due,
    f"{_PACKAGE}.sourcing.note_change": _note_change,
    f"{_PACKAGE}.signing.prepare": _prepare,
    f"{_PACKAGE}.signing.send_back": _send_back,
    f"{_PACKAGE}.signing.sign": _sign,
    f"{_PACKAGE}.changes.correct": _correct,
    f"{_PACKAGE}.changes.withdraw": _withdraw,
    f"{_PACKAGE}.changes.expire": _expire,
    f"{_PACKAGE}.deliveries.note_delivered": _note_delivered,
    f"{_PACKAGE}.deliveries.report_by_hand": _report_by_hand,
    f"{_PACKAGE}.objections.object_to": _object_to,
    f"{_PACKAGE}.objections.answer": _answer,
}
