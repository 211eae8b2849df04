"""Roles, who holds them, and the approval matrix (read)."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from xiezhi.api.auth import SIGNED_IN
from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.people import queries, services
from xiezhi.people.models import RoleAssignment
from xiezhi.web.concurrency import rev_of

from .officers import EndIn
from .shared import Code, Day, Line, Loose, Path, holder, one, versioned

router = Router(auth=SIGNED_IN)
ASSIGN, DEFINE, READ = "people.assign_roles", "people.manage_roles", "people.read"


class RoleOut(Schema):
    """A role: a named set of abilities."""

    id: UUID
    code: str
    name: str
    abilities: list[str]
    rev: int


class RoleChange(Schema):
    """A role's name and all that it is to hold."""

    name: Annotated[Line, Field(max_length=40)]
    abilities: Annotated[list[Code], Field(max_length=200)]


class AssignmentOut(Schema):
    """``account`` holds ``role`` (a code) in the subtree of ``agency`` on days from … to, both included."""

    id: UUID
    account: UUID
    name: str
    role: str
    agency: str
    valid_from: date
    valid_to: date | None
    document: str

    @staticmethod
    def resolve_account(row: RoleAssignment) -> UUID:
        return row.account_id

    @staticmethod
    def resolve_name(row: RoleAssignment) -> str:
        return row.account.name

    @staticmethod
    def resolve_role(row: RoleAssignment) -> str:
        return row.role.code


class AssignmentIn(Schema):
    """Who is to hold which role where; ``valid_from`` defaults to today."""

    account: UUID
    role: Annotated[Code, Field(max_length=40)]
    agency: Path
    valid_from: Day | None = None
    valid_to: Day | None = None
    document: Annotated[Loose, Field(max_length=80)] = ""


class StepOut(Schema):
    """A step: several ``roles`` countersign; a ``meeting`` step records the number of its minutes."""

    title: str
    roles: list[str]
    meeting: bool


class RouteOut(Schema):
    """A version of the way that acts of ``kind`` take in the subtree of ``agency``, after the applicant."""

    id: UUID
    kind: str
    agency: str
    version: int
    steps: list[StepOut]
    source: str
    valid_from: date
    valid_to: date | None

    @staticmethod
    def resolve_steps(row: Any) -> list[dict[str, Any]]:
        return [step.as_json() for step in row.path]


@router.get("/roles", response=Page[RoleOut], summary="角色列表", operation_id="list_roles")
def list_roles(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Roles with what they hold, by code."""
    return paged(request, response, queries.roles(holder(request)).order_by(), paging, order=["code"])


@router.get("/roles/{uuid:role}", response=RoleOut, summary="角色", operation_id="get_role")
def get_role(request: HttpRequest, response: HttpResponse, role: UUID) -> object:
    """One role, ``rev`` as ETag."""
    return versioned(response, one(queries.roles(holder(request)), role))


@router.put("/roles/{uuid:role}", response=RoleOut, summary="变更角色", operation_id="change_role")
def change_role(request: HttpRequest, response: HttpResponse, role: UUID, payload: RoleChange) -> object:
    """Needs ``people.manage_roles`` over the whole tree; a role that one holds oneself is another's to change."""
    actor = holder(request, DEFINE)
    row = one(queries.roles(actor), role)
    changed = services.define_role(actor, code=row.code, rev=rev_of(request), **payload.dict())
    return versioned(response, changed)


@router.get("/assignments", response=Page[AssignmentOut], summary="任职列表", operation_id="list_assignments")
def list_assignments(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Assignments in subtrees where the actor reads people, and his own, newest first."""
    rows = queries.assignments(holder(request)).order_by()
    return paged(request, response, rows, paging, order=["-valid_from"])


@router.post("/assignments", response={201: AssignmentOut}, summary="授予角色", operation_id="assign_role")
def assign(request: HttpRequest, payload: AssignmentIn) -> Status:
    """Needs ``people.assign_roles`` over the agency; nobody gives himself a role."""
    return Status(201, services.assign_role(holder(request, ASSIGN), **payload.dict()))


@router.post(
    "/assignments/{uuid:assignment}/end", response=AssignmentOut, summary="收回角色", operation_id="end_assignment"
)
def end(request: HttpRequest, assignment: UUID, payload: EndIn) -> object:
    """``on`` is the last day of the role."""
    actor = holder(request, ASSIGN)
    row = one(queries.assignments(actor), assignment)
    return services.end_assignment(actor, assignment=row.pk, **payload.dict())


@router.get("/routes", response=Page[RouteOut], summary="审批流程列表", operation_id="list_routes")
def list_routes(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """The approval matrix with its versions, by kind, agency and version."""
    rows = queries.routes(holder(request, READ)).order_by()
    return paged(request, response, rows, paging, order=["kind", "agency", "-version"])
