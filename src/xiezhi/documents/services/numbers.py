"""Numbers outside of a signature: reserved, void, and on blank forms that officers take along."""

import uuid
from datetime import date, datetime, time
from typing import IO

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.documents import allotting, gate, guards, pages, press, scans
from xiezhi.documents.codes import NumberState
from xiezhi.documents.models import Document, DocumentNumber, Template, new_code
from xiezhi.people import queries as people
from xiezhi.people.models import Account
from xiezhi.record.acts import act, at, emit

MOST = 50


@act("documents.number_reserved")
def reserve_number(
    actor: Actor, *, template: Template, agency: str, reason: str, count: int = 1
) -> list[DocumentNumber]:
    """Put the next ``count`` (≤ 50) numbers by; each is used or voided later, and stands in the register till then."""
    gate.allowed(actor, agency, gate.NUMBERS)
    gate.demand_text(reason=reason)
    body = gate.body_of(agency)
    rows = [allotting.allot(template, body, at(), NumberState.RESERVED) for _number in range(_few(count))]
    for row in rows:
        emit(
            **allotting.scope(row),
            data={"type": template.title, "number": str(row.id), "text": row.text, "reason": reason.strip()[:200]},
        )
        row.refresh_from_db()
    return rows


@act("documents.number_voided")
def void_number(actor: Actor, number: uuid.UUID, *, rev: int, reason: str) -> DocumentNumber:
    """A number that no document took is void, with its reason; it is never given again."""
    row = gate.locked_number(actor, number, rev, gate.NUMBERS)
    gate.demand_text(reason=reason)
    states = (NumberState.RESERVED, NumberState.HANDED, NumberState.RETURNED)
    guards.demand(guards.number_in(row, states, _("作废")))
    emit(
        **allotting.scope(row),
        data={"number": str(row.id), "text": row.text, "reason": reason.strip()[:200]},
    )
    row.refresh_from_db()
    return row


@act("documents.blank_issued")
def issue_blank(
    actor: Actor, *, template: Template, agency: str, holder: Account, count: int = 1
) -> list[DocumentNumber]:
    """Print ``count`` (≤ 50) pre-numbered blank forms and hand them to an officer, who answers for each."""
    gate.allowed(actor, agency, gate.NUMBERS)
    if holder.unit is None or not holder.is_active or not holder.unit.path.startswith(gate.body_of(agency).path):
        raise Invalid({"holder": [_("领用人须是本机构在用的账号。")]})
    if not people.actor_of(holder).may(gate.SIGN, holder.unit.path):
        raise Invalid({"holder": [_("领用人须有签发文书的权限，请选择执法人员。")]})
    body = gate.body_of(agency)
    made = []
    for _number in range(_few(count)):
        row = allotting.allot(template, body, at(), NumberState.HANDED)
        row.code, row.blank_of = new_code(), template
        page = pages.blank(
            template, {"agency": body.name, "number": row.text}, code=row.code, mark=pages.mark_of(body)
        )
        row.blank_pdf = store.put(press.pdf(page, at()), media_type="application/pdf")
        row.save(update_fields=["code", "blank_of", "blank_pdf"])
        emit(
            **allotting.scope(row),
            data={
                "type": template.title,
                "template": str(template.id),
                "number": str(row.id),
                "text": row.text,
                "code": row.code,
                "holder": str(holder.id),
                "sha256": row.blank_pdf_id,
            },
        )
        row.refresh_from_db()
        made.append(row)
    return made


@act("documents.blank_returned")
def return_blank(actor: Actor, number: uuid.UUID, *, rev: int) -> DocumentNumber:
    """An unused blank form comes back; it is voided next, or lies in the drawer and stays in the register."""
    row = gate.locked_number(actor, number, rev, gate.NUMBERS)
    guards.demand(guards.number_in(row, (NumberState.HANDED,), _("交回")))
    emit(**allotting.scope(row), data={"number": str(row.id), "text": row.text})
    row.refresh_from_db()
    return row


@act("documents.blank_used")
def use_blank(
    actor: Actor,
    number: uuid.UUID,
    *,
    rev: int,
    title: str,
    signed_on: date,
    scan: IO[bytes],
    subject: str = "",
) -> Document:
    """A blank form was filled by hand on the spot: its picture becomes the document that bears its number.

    signed_on   the day written on it, in Shanghai; not before the form was handed out, not in the future
    scan        PDF, JPEG or PNG
    """
    row = gate.locked_number(actor, number, rev, gate.NUMBERS, gate.SIGN, by_holder=True)
    gate.demand_text(title=title)
    subject = gate.subject_of(actor, subject)
    guards.demand(guards.number_in(row, (NumberState.HANDED,), _("归入")))
    if not gate.day_of(row.given_at) <= signed_on <= gate.day_of(at()):
        raise Invalid({"signed_on": [_("须在领用之日与今天之间。")]})
    blob = scans.keep(scan)
    body = gate.body_of(row.agency)
    document = Document.objects.create(
        district=row.district,
        agency=_unit_of(row),
        sensitivity=2,
        code=row.code or "",
        template=row.blank_of,
        title=title.strip()[:200],
        subject=subject,
        synthetic=pages.is_synthetic(body),
    )
    emit(
        **gate.scope(document),
        data={
            "number": str(row.id),
            "text": row.text,
            "document": str(document.id),
            "code": document.code,
            "type": row.type_title,
            "scan": blob.sha256,
            "size": blob.size,
            "signed_on": signed_on.isoformat(),
        },
        occurred_at=datetime.combine(signed_on, time(12), clock.SHANGHAI),
    )
    document.refresh_from_db()
    return document


def _unit_of(row: DocumentNumber) -> str:
    """Where the officer sits who filled the form: his unit reads what he wrote."""
    holder = Account.objects.filter(pk=row.holder).select_related("unit").first()
    unit = holder.unit.path if holder and holder.unit else row.agency
    return unit if unit.startswith(row.agency) else row.agency


def _few(count: int) -> int:
    if not 1 <= count <= MOST:
        raise Invalid({"count": [_("一次 1 至 %(most)s 个。") % {"most": MOST}]})
    return count
