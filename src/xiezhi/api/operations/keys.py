"""API keys."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import AfterValidator, Field

from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.core.errors import Denied, NotFound
from xiezhi.web import queries, services

from .shared import readable

router = Router()
ABILITY = "api.manage_keys"


class KeyOut(Schema):
    """A key without its secret."""

    id: UUID
    name: str
    prefix: str
    agency: str
    scopes: list[str]
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None


class KeyIn(Schema):
    """What to issue."""

    name: Annotated[str, Field(min_length=1, max_length=100), AfterValidator(readable)]
    agency: Annotated[str, Field(max_length=200)]
    scopes: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=50)]
    expires_at: datetime


class KeySecret(KeyOut):
    """A fresh key with its secret, which is never shown again."""

    secret: str


@router.get("", response=Page[KeyOut], summary="接口密钥列表", operation_id="list_keys")
def list_keys(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Keys of the agencies whose keys the actor manages."""
    return paged(request, response, queries.keys_visible_to(_manager(request)), paging, order=["-issued_at"])


@router.post("", response={201: KeySecret}, summary="签发接口密钥", operation_id="issue_key")
def issue_key(request: HttpRequest, payload: KeyIn) -> object:
    """Issue a key. The secret is answered once: a repeat under the same Idempotency-Key gets 409."""
    key, secret = services.issue_key(_manager(request), **payload.dict())
    request.answers_once = True  # type: ignore[attr-defined]
    key.secret = secret  # type: ignore[attr-defined]
    return key


@router.get("/{uuid:key_id}", response=KeyOut, summary="接口密钥", operation_id="get_key")
def get_key(request: HttpRequest, key_id: UUID) -> object:
    """One key."""
    key = queries.keys_visible_to(_manager(request)).filter(pk=key_id).first()
    if key is None:
        raise NotFound
    return key


@router.delete("/{uuid:key_id}", response=KeyOut, summary="吊销接口密钥", operation_id="revoke_key")
def revoke_key(request: HttpRequest, key_id: UUID) -> object:
    """Revoke a key for good."""
    return services.revoke_key(_manager(request), key_id=key_id)


def _manager(request: HttpRequest):  # type: ignore[no-untyped-def]
    actor = request.actor  # type: ignore[attr-defined]
    if not actor.paths(ABILITY):
        raise Denied(ABILITY)
    return actor
