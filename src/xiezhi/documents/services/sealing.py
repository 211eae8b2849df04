"""用印 as it is done: request, registration by the keeper of the seal, print–seal–scan back; or an electronic seal."""

import io
import uuid
from typing import IO

from django.utils.translation import gettext as _

from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.documents import gate, guards, scans, seals
from xiezhi.documents.codes import Sealing, SealWay, State
from xiezhi.documents.models import Document, SealUse
from xiezhi.record.acts import act, emit


@act("documents.seal_requested")
def request_seal(
    actor: Actor, document: uuid.UUID, *, rev: int, purpose: str, way: str = SealWay.PAPER, copies: int = 1
) -> SealUse:
    """Ask for the seal on a signed document, on ``copies`` (1–20) of it."""
    row = gate.locked_document(actor, document, rev, gate.DRAFT, gate.SIGN)
    gate.demand_text(purpose=purpose)
    if way not in SealWay.values:
        raise Invalid({"way": [_("请选择用印方式。")]})
    if not 1 <= copies <= 20:
        raise Invalid({"copies": [_("份数须在 1 与 20 之间。")]})
    guards.demand(
        guards.in_state(row, (State.SIGNED,), _("申请用印")),
        guards.sealing_in(row, (Sealing.OWED,), _("申请用印")),
        guards.electronic_seal_ready(way == SealWay.PAPER or seals.provider().ready, str(seals.provider().title)),
    )
    use = SealUse.objects.create(
        district=row.district,
        agency=row.agency,
        sensitivity=row.sensitivity,
        stream=row.stream,
        document=row,
        way=way,
        copies=copies,
        purpose=purpose.strip()[:200],
        state=Sealing.REQUESTED,
        requested_by=actor.id,
    )
    emit(**gate.scope(row), data={"use": str(use.id), "document": str(row.id), "way": way, "copies": copies})
    use.refresh_from_db()
    return use


@act("documents.seal_registered", "documents.scan_returned")
def register_seal(actor: Actor, document: uuid.UUID, *, rev: int, seal_name: str) -> SealUse:
    """The keeper of the seal enters its use in his register. An electronic seal is put on in the same act."""
    row = gate.locked_document(actor, document, rev, gate.SEAL)
    gate.demand_text(seal_name=seal_name)
    guards.demand(
        guards.in_state(row, (State.SIGNED,), _("登记用印")),
        guards.sealing_in(row, (Sealing.REQUESTED,), _("登记用印")),
    )
    use = _open_use(row)
    emit(
        "documents.seal_registered",
        **gate.scope(row),
        data={"use": str(use.id), "document": str(row.id), "seal_name": seal_name.strip()[:80]},
    )
    if use.way == SealWay.ELECTRONIC:
        with store.open(str(row.pdf_id)) as file:
            sealed = seals.provider().seal(file.read(), seal_name=seal_name)
        _returned(row, use, io.BytesIO(sealed))
    use.refresh_from_db()
    return use


@act("documents.scan_returned")
def return_scan(actor: Actor, document: uuid.UUID, *, rev: int, scan: IO[bytes]) -> SealUse:
    """The sealed paper was scanned: its picture stays with the document."""
    row = gate.locked_document(actor, document, rev, gate.SEAL, gate.DRAFT)
    guards.demand(
        guards.in_state(row, (State.SIGNED,), _("回传扫描件")),
        guards.sealing_in(row, (Sealing.REGISTERED,), _("回传扫描件")),
    )
    use = _open_use(row)
    _returned(row, use, scan)
    use.refresh_from_db()
    return use


def _open_use(row: Document) -> SealUse:
    found: SealUse = row.seal_uses.exclude(state=Sealing.SEALED).latest("requested_at")
    return found


def _returned(row: Document, use: SealUse, scan: IO[bytes]) -> None:
    blob = scans.keep(scan)
    emit(
        "documents.scan_returned",
        **gate.scope(row),
        data={"use": str(use.id), "document": str(row.id), "scan": blob.sha256},
    )
