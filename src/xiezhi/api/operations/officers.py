"""Officers with their certificates and leave. A write names in ``If-Match`` the officer's ``rev`` that was read."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema, Status
from pydantic import Field

from xiezhi.api.auth import SIGNED_IN
from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.core.errors import NotFound
from xiezhi.people import queries, services
from xiezhi.people.models import Certificate, Leave, Officer
from xiezhi.people.services.officers import LEAVES
from xiezhi.web.concurrency import rev_of

from .shared import Code, Day, Line, Path, Text, holder, versioned

router = Router(auth=SIGNED_IN)
READ, MANAGE, PRIVATE = "people.read", "people.manage_officers", "people.read_private"
Name = Annotated[Line, Field(max_length=60)]
Skills = Annotated[list[Code], Field(max_length=30)]


class OfficerOut(Schema):
    """An officer; ``unit`` is the path of his agency or division, ``state`` is ``serving`` or ``left``."""

    id: UUID
    name: str
    unit: str
    skills: list[str]
    state: str
    rev: int

    @staticmethod
    def resolve_unit(row: Officer) -> str:
        return row.agency


class CertificateOut(Schema):
    """An enforcement certificate; ``revoked_on`` is the first day on which it holds no more."""

    id: UUID
    number: str
    scope: str
    scopes: list[str]
    authority: str
    valid_from: date
    valid_to: date | None
    revoked_on: date | None


class LeaveOut(Schema):
    """Days on which he is not at hand, both included."""

    id: UUID
    kind: str
    valid_from: date
    valid_to: date | None
    cancelled: bool


class OfficerDetail(OfficerOut):
    """With certificates; ``leaves`` is null for readers without ``people.read_private`` there."""

    certificates: list[CertificateOut]
    leaves: list[LeaveOut] | None

    @staticmethod
    def resolve_certificates(row: Officer) -> list[Certificate]:
        return list(row.certificates.order_by("valid_from", "id"))

    @staticmethod
    def resolve_leaves(row: Officer, context: Any) -> list[Leave] | None:
        actor = context["request"].actor
        private = actor.may(PRIVATE, row.agency) or actor.may(MANAGE, row.agency)
        return list(row.leaves.order_by("-valid_from", "-id")) if private else None


class OfficerIn(Schema):
    """Whom to register, in the unit at a path."""

    unit: Path
    name: Name
    skills: Skills = []


class OfficerChange(Schema):
    """What is left out stays."""

    unit: Path | None = None
    name: Name | None = None
    skills: Skills | None = None


class ReasonIn(Schema):
    """Why."""

    reason: Text


class EndIn(ReasonIn):
    """Why, and from which day on."""

    on: Day


class CertificateIn(Schema):
    """A certificate as printed; ``scopes`` are codes of the fields that it covers."""

    number: Annotated[Line, Field(max_length=40)]
    scope: Line
    authority: Name
    valid_from: Day
    valid_to: Day | None = None
    scopes: Skills = []


class LeaveIn(Schema):
    """Leave: ``kind`` as in the console, days both included."""

    kind: Annotated[str, Field(pattern=f"^({'|'.join(LEAVES)})$")]
    valid_from: Day
    valid_to: Day


@router.get("/officers", response=Page[OfficerOut], summary="执法人员列表", operation_id="list_officers")
def list_officers(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Officers of the agencies in which the actor holds ``people.read``, by unit and name."""
    rows = queries.officers(holder(request, READ)).order_by()
    return paged(request, response, rows, paging, order=["agency", "name"])


@router.post("/officers", response={201: OfficerOut}, summary="登记执法人员", operation_id="register_officer")
def register(request: HttpRequest, response: HttpResponse, payload: OfficerIn) -> Status:
    """Needs ``people.manage_officers`` over the unit."""
    return Status(201, versioned(response, services.register_officer(holder(request, MANAGE), **payload.dict())))


@router.get("/officers/{uuid:officer}", response=OfficerDetail, summary="执法人员", operation_id="get_officer")
def get_officer(request: HttpRequest, response: HttpResponse, officer: UUID) -> object:
    """One officer with his certificates, ``rev`` as ETag."""
    return versioned(response, queries.officer(holder(request, READ), officer))


@router.patch(
    "/officers/{uuid:officer}", response=OfficerOut, summary="变更执法人员", operation_id="change_officer"
)
def change(request: HttpRequest, response: HttpResponse, officer: UUID, payload: OfficerChange) -> object:
    """Move him, correct his name, set his skills."""
    actor, row = _officer(request, officer)
    given = payload.dict(exclude_unset=True)
    return versioned(response, services.change_officer(actor, officer=row.pk, rev=rev_of(request), **given))


@router.post(
    "/officers/{uuid:officer}/release", response=OfficerOut, summary="执法人员离任", operation_id="release_officer"
)
def release(request: HttpRequest, response: HttpResponse, officer: UUID, payload: ReasonIn) -> object:
    """He serves no more; what he did stays his."""
    actor, row = _officer(request, officer)
    released = services.release_officer(actor, officer=row.pk, rev=rev_of(request), **payload.dict())
    return versioned(response, released)


@router.post(
    "/officers/{uuid:officer}/certificates",
    response={201: CertificateOut},
    summary="登记执法证",
    operation_id="record_certificate",
)
def record_certificate(request: HttpRequest, officer: UUID, payload: CertificateIn) -> Status:
    """A number is registered once an authority."""
    actor, row = _officer(request, officer)
    return Status(201, services.record_certificate(actor, officer=row.pk, rev=rev_of(request), **payload.dict()))


@router.post(
    "/certificates/{uuid:certificate}/revocation",
    response=CertificateOut,
    summary="注销执法证",
    operation_id="revoke_certificate",
)
def revoke_certificate(request: HttpRequest, certificate: UUID, payload: EndIn) -> object:
    """It holds no more from day ``on``."""
    actor, row = _of_officer(request, Certificate, certificate)
    return services.revoke_certificate(actor, certificate=row.pk, rev=rev_of(request), **payload.dict())


@router.post(
    "/officers/{uuid:officer}/leaves", response={201: LeaveOut}, summary="登记请假", operation_id="record_leave"
)
def record_leave(request: HttpRequest, officer: UUID, payload: LeaveIn) -> Status:
    """On these days he is not drawn and not sent."""
    actor, row = _officer(request, officer)
    return Status(201, services.record_leave(actor, officer=row.pk, rev=rev_of(request), **payload.dict()))


@router.post("/leaves/{uuid:leave}/cancellation", response=LeaveOut, summary="销假", operation_id="cancel_leave")
def cancel_leave(request: HttpRequest, leave: UUID) -> object:
    """The leave was not taken; a second time changes nothing."""
    actor, row = _of_officer(request, Leave, leave)
    return services.cancel_leave(actor, leave=row.pk, rev=rev_of(request))


def _officer(request: HttpRequest, key: UUID) -> tuple[Any, Officer]:
    actor = holder(request, MANAGE)
    return actor, queries.officer(actor, key)


def _of_officer(request: HttpRequest, model: type[Any], key: UUID) -> tuple[Any, Any]:
    """A certificate or a leave of an officer that the actor may see."""
    actor = holder(request, MANAGE)
    row = model.objects.filter(pk=key, officer__in=queries.officers(actor).values("pk")).first()
    if row is None:
        raise NotFound(f"{model.__name__} {key}")
    return actor, row
