"""A document's life: draft, approval, signature, issue, void, correction."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.core.paper.contract import Checked
from xiezhi.documents import allotting, approval, gate, guards, pages, press, queries
from xiezhi.documents.codes import EFFECTIVE, NumberState, Sealing, SealKind, State
from xiezhi.documents.models import Document, DocumentNumber, Template
from xiezhi.documents.wording import said
from xiezhi.people import services as people
from xiezhi.people.models import Agency, Approval
from xiezhi.record.acts import act, at, emit


@act("documents.drafted")
def draft_document(
    actor: Actor,
    *,
    template: Template,
    agency: str,
    title: str,
    values: Mapping[str, Any],
    subject: str = "",
) -> Document:
    """Begin a document with the template version in force today; it keeps that one.

    agency   path of the unit that writes it
    title    what it is about, for lists; no personal data
    values   by field of the contract; what is missing is listed, not refused. :class:`Invalid` by field.
    """
    gate.allowed(actor, agency, gate.DRAFT)
    gate.demand_text(title=title, subject=subject or title)
    subject = gate.subject_of(actor, subject)
    body = gate.body_of(agency)
    current = queries.in_force(template.code, agency, gate.day_of(at()))
    guards.demand(guards.template_in_force(template, current))
    return _begin(actor, template, body, agency, values, title=title, subject=subject)


@act("documents.saved")
def save_draft(
    actor: Actor, document: uuid.UUID, *, values: Mapping[str, Any], rev: int, title: str = ""
) -> Document:
    """Replace what was typed. Refused while the draft is in approval."""
    row = gate.locked_document(actor, document, rev, gate.DRAFT)
    guards.demand(
        guards.in_state(row, (State.DRAFT,), _("修改")), guards.not_in_approval(row, approval.is_pending(row))
    )
    checked = _checked(row.template, values)
    if title.strip() and title != row.title:
        gate.demand_text(title=title)
        row.title = title.strip()[:200]
        row.save(update_fields=["title"])
    emit(
        **gate.scope(row),
        data={"document": str(row.id), "missing": [one.name for one in checked.missing]},
        private={"values": checked.values},
    )
    row.refresh_from_db()
    return row


@act("documents.approval_asked")
def ask_approval(actor: Actor, document: uuid.UUID, *, rev: int, text: str) -> Approval:
    """Ask for the approval of the draft as it stands; ``text`` is the applicant's opinion, first on the form.

    :raises Refused: no draft, or the matrix names no route, or its approval is open
    """
    row = gate.locked_document(actor, document, rev, gate.DRAFT)
    guards.demand(guards.in_state(row, (State.DRAFT,), _("提交审批")))
    asked = people.submit(
        actor,
        kind=row.template.approval or approval.DOCUMENT,
        subject=approval.subject(row),
        title=f"{row.template.title}：{row.title}"[:200],
        agency=row.agency,
        text=text,
        stream=row.stream_name,
    )
    emit(**gate.scope(row), data={"document": str(row.id), "approval": str(asked.id)})
    return asked


@act("documents.signed")
def sign_document(actor: Actor, document: uuid.UUID, *, rev: int, number: uuid.UUID | None = None) -> Document:
    """Sign: the number is given out (or a reserved one taken), the page is set, its hash goes into the record.

    :raises Refused: something required is missing; approval is asked for and was not given to this very text
    """
    row = gate.locked_document(actor, document, rev, gate.SIGN)
    checked = _checked(row.template, queries.values(row))
    today = gate.day_of(at())
    leave = approval.granted(row)
    guards.demand(
        guards.in_state(row, (State.DRAFT,), _("签发")),
        guards.complete(row, [one.label for one in checked.missing]),
        guards.not_in_approval(row, approval.running(row) is not None),
        guards.approved(row, approval.wanted(row, today), approval.asked_at(leave) if leave else None),
    )
    body = gate.body_of(row.agency)
    given = _number(actor, row, body, number)
    filled = {
        "number": given.text if given else "",
        "agency": body.name,
        "signed_on": today.isoformat(),
        "signer": queries.names([actor.id]).get(actor.id, ""),
        "opinions": approval.opinions(row),
    }
    page = pages.filled(row.template, checked.values, filled, code=row.code, mark=pages.mark_of(body))
    made = press.pdf(page, at())
    blob = store.put(made, media_type="application/pdf")
    emit(
        **gate.scope(row),
        data={
            "document": str(row.id),
            "code": row.code,
            "type": row.template.title,
            "template": str(row.template_id),
            "version": row.template.version,
            "number": filled["number"],
            "number_id": str(given.id) if given else None,
            "sha256": blob.sha256,
            "size": len(made),
            "engine": press.engine(),
            "signed_on": filled["signed_on"],
            "seal": row.template.seal != SealKind.NONE,
            "corrects": str(row.corrects_id) if row.corrects_id else None,
        },
        private={"page": page},
    )
    row.refresh_from_db()
    return row


@act("documents.issued")
def issue_document(actor: Actor, document: uuid.UUID, *, rev: int) -> Document:
    """It goes out. Refused while a seal that it must bear is not on it."""
    row = gate.locked_document(actor, document, rev, gate.SIGN, gate.DRAFT)
    guards.demand(
        guards.his_own(row, queries.is_his(actor, row)),
        guards.in_state(row, (State.SIGNED,), _("制发")),
        guards.sealing_in(row, (Sealing.NONE, Sealing.SEALED), _("制发")),
    )
    emit(**gate.scope(row), data={"document": str(row.id), "number": row.number})
    row.refresh_from_db()
    return row


@act("documents.voided")
def void_document(actor: Actor, document: uuid.UUID, *, rev: int, reason: str) -> Document:
    """It no longer counts; its number is void with it and is never given again. A draft is thrown away."""
    row = gate.locked_document(actor, document, rev, gate.SIGN, gate.DRAFT, gate.NUMBERS)
    gate.demand_text(reason=reason)
    guards.demand(
        guards.his_own(row, row.state == State.DRAFT or queries.is_his(actor, row)),
        guards.in_state(row, (State.DRAFT, *EFFECTIVE), _("作废")),
        guards.not_in_approval(row, row.state == State.DRAFT and approval.running(row) is not None),
    )
    if row.state != State.DRAFT:
        gate.allowed(actor, row.agency, gate.SIGN, gate.NUMBERS)
    number = DocumentNumber.objects.select_for_update().filter(document=row.id).first()
    emit(
        **gate.scope(row),
        data={
            "document": str(row.id),
            "number": row.number,
            "number_id": str(number.id) if number else None,
            "reason": reason.strip()[:200],
            # A void correction corrects nothing: the original may be corrected again.
            "corrects": str(row.corrects_id) if row.corrects_id and row.state != State.DRAFT else None,
        },
    )
    row.refresh_from_db()
    return row


@act("documents.drafted")
def correct_document(actor: Actor, document: uuid.UUID, *, rev: int) -> Document:
    """Begin the document that corrects this one, with what was typed there; once signed, the old one says so."""
    row = gate.locked_document(actor, document, rev, gate.DRAFT)
    guards.demand(guards.his_own(row, queries.is_his(actor, row)), guards.in_state(row, EFFECTIVE, _("更正")))
    open_ = Document.objects.filter(corrects=row, state=State.DRAFT).first()
    if open_ is not None or row.corrected_by is not None:
        raise Invalid({"": [_("这件文书已经有更正文书，请办理那一件。")]})
    return _begin(
        actor,
        row.template,
        gate.body_of(row.agency),
        row.agency,
        queries.values(row),
        title=row.title,
        subject=row.subject,
        stream=row.stream,
        corrects=row,
    )


def _begin(
    actor: Actor,
    template: Template,
    body: Agency,
    agency: str,
    values: Mapping[str, Any],
    *,
    title: str,
    subject: str,
    stream: str = "",
    corrects: Document | None = None,
) -> Document:
    checked = _checked(template, values)
    row = Document.objects.create(
        district=body.district,
        agency=agency,
        stream=stream,
        sensitivity=2 if template.contract.sensitive else 1,
        template=template,
        title=title.strip()[:200],
        subject=subject,
        corrects=corrects,
        synthetic=pages.is_synthetic(body),
    )
    emit(
        **gate.scope(row),
        data={
            "document": str(row.id),
            "type": template.title,
            "template": str(template.id),
            "version": template.version,
            "corrects": str(corrects.id) if corrects else None,
            "seal": template.seal != SealKind.NONE,
            "missing": [one.name for one in checked.missing],
        },
        private={"values": checked.values},
    )
    row.refresh_from_db()
    return row


def _checked(template: Template, values: Mapping[str, Any]) -> Checked:
    checked = template.contract.check(values)
    if checked.faults:
        raise Invalid({name: [said(fault)] for name, fault in checked.faults.items()})
    return checked


def _number(actor: Actor, row: Document, body: Agency, reserved: uuid.UUID | None) -> DocumentNumber | None:
    """The reserved number that was chosen, or the next one; None where the type bears none."""
    if not row.template.numbering:
        return None
    if reserved is None:
        return allotting.allot(row.template, body, at(), NumberState.USED)
    number = (
        DocumentNumber.objects.select_for_update()
        .filter(pk=reserved, agency=body.path, template_code=row.template.code)
        .first()
    )
    if number is None:
        raise Invalid({"number": [_("没有这个预留文号。")]})
    guards.demand(
        guards.number_in(number, (NumberState.RESERVED,), _("使用")),
        guards.number_of_year(number, gate.day_of(at()).year),
    )
    return number
