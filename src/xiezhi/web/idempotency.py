"""One operation id, one act: the API's ``Idempotency-Key``, a form's hidden ``_operation``, the event's cause.

The first request with an id runs in one transaction with the record of its answer; a repeat gets that answer. Only
answers that changed something are kept: after a refusal the same id may be tried again. Two at once: the second
waits at the unique constraint and then gets the first one's answer.
"""

import hashlib
import uuid
from collections.abc import Callable

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.record.acts import caused_by

from . import problems
from .models import IdempotencyRecord

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
FIELD = "_operation"
KEPT_HEADERS = ("Content-Type", "ETag", "Location", "HX-Redirect")


class BadOperationId(ValueError):
    """The operation id is not a UUID."""


class Idempotency:
    """Stands below ``CurrentActor``: an id counts for the actor who sent it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            key = operation_id(request)
        except BadOperationId:
            text = _("Idempotency-Key 须为 UUID。")
            return problems.respond(request, problems.of_kind("invalid", text))
        if key is None:
            return self.get_response(request)
        with transaction.atomic():
            record = _claim(request, key)
            if record is None:
                return _stored_answer(request, key)
            with caused_by(key):
                response = self.get_response(request)
            _keep(request, record, response)
        return response


def operation_id(request: HttpRequest) -> uuid.UUID | None:
    """The id that the request carries, ``None`` for none; :class:`BadOperationId` when it is no UUID."""
    if request.method not in UNSAFE or getattr(request, "signed_by", "") == "":
        return None
    given = request.headers.get("Idempotency-Key") or ""
    if not given and not request.path.startswith("/api/"):
        given = request.POST.get(FIELD, "")
    if not given:
        return None
    try:
        return uuid.UUID(given)
    except ValueError:
        raise BadOperationId(given) from None


def _claim(request: HttpRequest, key: uuid.UUID) -> IdempotencyRecord | None:
    try:
        with transaction.atomic():
            return IdempotencyRecord.objects.create(
                actor=request.actor.id,  # type: ignore[attr-defined]
                key=key,
                request_hash=_hash(request),
                recorded_at=clock.now(),
            )
    except IntegrityError:
        return None


def _hash(request: HttpRequest) -> str:
    """Over method, address and body; of an upload the parts' names and sizes, its bytes being gone by now."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type == "multipart/form-data":
        fields = sorted(
            (k, v) for k in request.POST for v in request.POST.getlist(k) if k != "csrfmiddlewaretoken"
        )
        files = sorted((k, f.name, f.size) for k, f in request.FILES.items())
        digest.update(repr((fields, files)).encode())
    else:
        digest.update(request.body)
    return digest.hexdigest()


def _stored_answer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    record = IdempotencyRecord.objects.get(actor=request.actor.id, key=key)  # type: ignore[attr-defined]
    if record.request_hash != _hash(request):
        text = _("同一个操作编号已用于另一项内容不同的操作，请换用新的编号。")
        return problems.respond(request, problems.of_kind("invalid", text))
    if not record.status:
        text = _("该操作已办理。密钥明文只在首次答复中给出一次，系统不留存；如已遗失，请吊销后另行签发。")
        return problems.respond(request, problems.of_kind("done", text))
    response = HttpResponse(bytes(record.body), status=record.status)
    for name, value in record.headers.items():
        response[name] = value
    response["Idempotent-Replay"] = "true"
    return response


def _keep(request: HttpRequest, record: IdempotencyRecord, response: HttpResponse) -> None:
    if response.status_code >= 500:
        transaction.set_rollback(True)
        return
    done = response.status_code < 400 if request.path.startswith("/api/") else _redirects(response)
    if not done or response.streaming:
        record.delete()
        return
    if getattr(request, "answers_once", False):
        # What is shown once is not kept in clear to be shown again; status 0: done, the answer not kept.
        return
    record.status = response.status_code
    record.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
    record.body = response.content
    record.save()


def _redirects(response: HttpResponse) -> bool:
    """A form that was taken answers with a redirect; one that comes back with errors must stay open."""
    return response.status_code in (302, 303) or "HX-Redirect" in response
