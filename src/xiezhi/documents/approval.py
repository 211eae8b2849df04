"""Approval of documents: which approval a document asks for, and whether it has it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as now
from django.utils.translation import gettext_noop as _

from xiezhi.core.paper import page
from xiezhi.people import flow
from xiezhi.people import queries as people
from xiezhi.people.approval_kinds import INSPECTION, approval_kind
from xiezhi.people.models import Approval, ApprovalOpinion

from .gate import day_of
from .models import Document

DOCUMENT = approval_kind("documents.sign", _("文书签发"))
KINDS = (INSPECTION, DOCUMENT)


def subject(document: Document) -> str:
    """How an approval names the document."""
    return f"document:{document.id}"


def wanted(document: Document, day: Any) -> bool:
    """Does the template name an approval, and the matrix a way for it, on that day?"""
    kind = document.template.approval
    return bool(kind) and people.route_in_force(kind, document.agency, day) is not None


def running(document: Document) -> Approval | None:
    """Its own that is neither given nor withdrawn; one returned to the applicant runs too."""
    row = document.approval
    return row if row is not None and row.state in flow.OPEN else None


def is_pending(document: Document) -> bool:
    """Do others have to speak now? Then the text stands still; returned to the applicant, he mends it."""
    row = running(document)
    return row is not None and row.state == flow.PENDING


def asked_at(row: Approval) -> datetime:
    """When the applicant last submitted the text that was approved."""
    said = row.opinions.filter(decision__in=(ApprovalOpinion.SUBMIT, ApprovalOpinion.RESUBMIT))
    return said.latest("number").at  # type: ignore[no-any-return]


def granted(document: Document) -> Approval | None:
    """The approval that the document's own asking submitted, once it is given; never another of the same subject."""
    row = document.approval
    return row if row is not None and row.state == flow.APPROVED else None


def opinions(document: Document) -> list[dict[str, str]]:
    """What was said on the approval, as the form prints it."""
    approval = granted(document) if document.template.approval else None
    if approval is None:
        return []
    said = approval.opinions.filter(round=approval.round).exclude(decision=ApprovalOpinion.WITHDRAW)
    return [
        {
            "step": opinion.step_title,
            "text": opinion.text,
            "name": _signature(opinion),
            "on": page.day(day_of(opinion.at).isoformat()),
        }
        for opinion in said.order_by("number")
    ]


def _signature(opinion: ApprovalOpinion) -> str:
    """The name under an opinion, and for whom a substitute spoke."""
    if not opinion.principal_name:
        return opinion.name
    return now("%(name)s（代%(principal)s）") % {"name": opinion.name, "principal": opinion.principal_name}
