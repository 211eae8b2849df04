"""Approvals: what waits for the actor, the form with every opinion, and giving one's own.

None is submitted here: each is asked for by the act it is about, which alone knows what it concerns and whose it is.

An act names in ``If-Match`` the ``rev`` that was read. A key has no person behind it and gives no opinion.
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.people import queries, services
from xiezhi.people.models import Approval, ApprovalOpinion
from xiezhi.web.concurrency import rev_of, set_etag

from .shared import Loose, Text, holder

router = Router()
Role = Annotated[Loose, Field(max_length=40)]


class ApprovalOut(Schema):
    """An approval. ``step`` 0 is the applicant; ``waiting`` are roles that owe an opinion now."""

    id: UUID
    kind: str
    subject: str
    title: str
    agency: str
    state: str
    step: int
    round: int
    waiting: list[str]
    submitted_by: str
    submitted_at: datetime
    decided_at: datetime | None
    rev: int

    @staticmethod
    def resolve_waiting(row: Approval) -> list[str]:
        return list(row.place.waiting)

    @staticmethod
    def resolve_submitted_by(row: Approval) -> str:
        return row.submitted_by.name


class OpinionOut(Schema):
    """What one said: ``decision`` is submit, agree, return, resubmit or withdraw; ``for_whom``: as substitute."""

    number: int
    round: int
    step: int
    step_title: str
    role: str
    decision: str
    text: str
    minutes: str
    return_to: int | None
    name: str
    for_whom: str
    at: datetime

    @staticmethod
    def resolve_for_whom(row: ApprovalOpinion) -> str:
        return row.principal_name


class ApprovalForm(ApprovalOut):
    """The form as it stands."""

    opinions: list[OpinionOut]

    @staticmethod
    def resolve_opinions(row: Approval) -> list[ApprovalOpinion]:
        return list(row.opinions.all())


class AgreementIn(Schema):
    """``role``: needed only by one who could speak in several; ``minutes``: at a meeting step."""

    text: Text
    role: Role = ""
    minutes: Annotated[Loose, Field(max_length=80)] = ""


class ReturnIn(Schema):
    """Why, and to which earlier step; 0 is the applicant."""

    text: Text
    to_step: Annotated[int, Field(ge=0, le=50)] = 0
    role: Role = ""


class ResubmissionIn(Schema):
    """What was mended; ``title`` only where it changes."""

    text: Text
    title: Annotated[Loose, Field(max_length=200)] = ""


class WithdrawalIn(Schema):
    """Why the applicant takes it back."""

    text: Text


@router.get("", response=Page[ApprovalOut], summary="审批列表", operation_id="list_approvals")
def list_approvals(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Approvals that the actor may see, newest first."""
    rows = queries.approvals(holder(request)).order_by()
    return paged(request, response, rows, paging, order=["-submitted_at"])


@router.get("/inbox", response=list[ApprovalOut], summary="待办审批", operation_id="list_approval_inbox")
def inbox(request: HttpRequest) -> list[Approval]:
    """What waits for this very person: his turn, or returned to him; oldest first."""
    return queries.inbox(holder(request))


@router.get("/{uuid:approval}", response=ApprovalForm, summary="审批表", operation_id="get_approval")
def get_approval(request: HttpRequest, response: HttpResponse, approval: UUID) -> object:
    """One approval with every opinion, ``rev`` as ETag."""
    return _form(holder(request), response, approval)


@router.post(
    "/{uuid:approval}/agreement", response=ApprovalForm, summary="同意（会签）", operation_id="agree_approval"
)
def agree(request: HttpRequest, response: HttpResponse, approval: UUID, payload: AgreementIn) -> object:
    """Agree at the present step; at a countersigned one each role agrees. The last agreement approves."""
    return _act(request, response, approval, services.agree, payload)


@router.post("/{uuid:approval}/return", response=ApprovalForm, summary="退回", operation_id="return_approval")
def send_back(request: HttpRequest, response: HttpResponse, approval: UUID, payload: ReturnIn) -> object:
    """Return it with a reason; what lies after is owed anew."""
    return _act(request, response, approval, services.return_approval, payload)


@router.post(
    "/{uuid:approval}/resubmission", response=ApprovalForm, summary="重新提交", operation_id="resubmit_approval"
)
def resubmit(request: HttpRequest, response: HttpResponse, approval: UUID, payload: ResubmissionIn) -> object:
    """The applicant submits a returned approval again."""
    return _act(request, response, approval, services.resubmit, payload)


@router.post(
    "/{uuid:approval}/withdrawal", response=ApprovalForm, summary="撤回审批", operation_id="withdraw_approval"
)
def withdraw(request: HttpRequest, response: HttpResponse, approval: UUID, payload: WithdrawalIn) -> object:
    """The applicant takes it back."""
    return _act(request, response, approval, services.withdraw, payload)


def _act(request: HttpRequest, response: HttpResponse, approval: UUID, service: Any, payload: Schema) -> Approval:
    actor = holder(request)
    queries.approval(actor, approval)
    service(actor, approval=approval, rev=rev_of(request), **payload.dict())
    return _form(actor, response, approval)


def _form(actor: Any, response: HttpResponse, approval: UUID) -> Approval:
    row = queries.approval(actor, approval)
    set_etag(response, row.rev)
    return row
