"""What the operations of the registry take and answer."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from .models import Entity, Permit, Site

MOST = 200


class Paging(Schema):
    """``after`` is the ``next`` of the page before; an unusable one is 422."""

    after: Annotated[str, Field(max_length=2000)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST)] = 50
    q: Annotated[str, Field(max_length=200)] = ""


class EntityOut(Schema):
    """A market entity. ``capital`` is in hundredths of ``capital_currency``."""

    id: UUID
    code: str
    name: str
    kind: str
    state: str
    established_on: date | None
    entity_type: str
    capital: int | None
    capital_currency: str
    business_scope: str
    province: str
    city: str
    county: str
    address: str
    merged_into: UUID | None
    rev: int
    updated_at: datetime

    @staticmethod
    def resolve_merged_into(obj: Entity) -> UUID | None:
        return obj.merged_into_id


class ProjectOut(Schema):
    """A construction project: ``area`` in m², ``cost`` in fen."""

    id: UUID
    number: str
    name: str
    kind: str
    state: str
    address: str
    area: int | None
    cost: int | None
    rev: int
    updated_at: datetime


class PermitOut(Schema):
    """A permit. ``unverified``: its number has not the usual form of its kind."""

    id: UUID
    kind: str
    number: str
    entity: UUID
    project: UUID | None
    issuer: str
    content: str
    issued_on: date
    valid_until: date | None
    state: str
    unverified: bool
    rev: int

    @staticmethod
    def resolve_entity(obj: Permit) -> UUID:
        return obj.entity_id

    @staticmethod
    def resolve_project(obj: Permit) -> UUID | None:
        return obj.project_id


class SiteOut(Schema):
    """Where a project is built: degrees in WGS-84; ``datum`` is the one in which the position was given."""

    id: UUID
    project: UUID
    name: str
    address: str
    latitude: float
    longitude: float
    datum: str
    rev: int

    @staticmethod
    def resolve_project(obj: Site) -> UUID:
        return obj.project_id


class ImportOut(Schema):
    """An import: ``rows`` by outcome as the dry run found them, ``results`` as they are now."""

    id: UUID
    target: str
    filename: str
    source: str
    state: str
    reason: str
    headers: list[str]
    columns: dict[str, str]
    rows: dict[str, int]
    results: dict[str, int]
    job: UUID | None
    created_at: datetime


class RejectedOut(Schema):
    """A row of the file: its line, and what there is to say of it."""

    number: int
    outcome: str
    name: str
    code: str
    changes: list[dict[str, str | int | None]]
    reasons: list[dict[str, str]]


class EntityPage(Schema):
    items: list[EntityOut]
    next: str


class ProjectPage(Schema):
    items: list[ProjectOut]
    next: str


class PermitPage(Schema):
    items: list[PermitOut]
    next: str


class SitePage(Schema):
    items: list[SiteOut]
    next: str


class ImportPage(Schema):
    items: list[ImportOut]
    next: str


class ImportRows(Schema):
    """Rows of one outcome; ``next`` is the ``after`` of the next page, 0 at the end."""

    items: list[RejectedOut]
    next: int


class ColumnsIn(Schema):
    """Header → field; left out: what was proposed."""

    columns: dict[str, str] | None = None
