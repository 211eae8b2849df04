"""What every act of the app begins with: the row locked, the ability held, the revision current.

Abilities are lines of ``people.abilities``.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound, Stale
from xiezhi.core.paper.contract import plain
from xiezhi.people.models import Agency

from . import subjects
from .models import Document, DocumentNumber, SealUse

DRAFT = "documents.draft"
SIGN = "documents.sign"
SEAL = "documents.seal"
NUMBERS = "documents.numbers"
TEMPLATES = "documents.templates"
PUBLISH = "documents.publish_templates"
READ_PRIVATE = "documents.read_private"


def allowed(actor: Actor, agency: str, *abilities: str) -> None:
    """:class:`Denied` unless the actor holds one of ``abilities`` there."""
    if not any(actor.may(ability, agency) for ability in abilities):
        raise Denied(abilities[0], agency)


def readable(actor: Actor) -> QuerySet[Document]:
    """Documents in the actor's reach, but for those about somebody whose name is still sealed for him."""
    return subjects.open_to(actor, Document.objects.visible_to(actor), keeps=SEAL)


def locked_document(actor: Actor, key: uuid.UUID, rev: int, *abilities: str) -> Document:
    """The document, locked until the transaction ends, its ``rev`` one higher."""
    rows = readable(actor).select_for_update(of=("self",)).select_related("template")
    return _taken(actor, rows.filter(pk=key).first(), key, rev, abilities)


def locked_number(
    actor: Actor, key: uuid.UUID, rev: int, *abilities: str, by_holder: bool = False
) -> DocumentNumber:
    """The number, likewise; ``by_holder``: who has the blank form needs no ability."""
    mine = Q(pk__in=DocumentNumber.objects.visible_to(actor).values("pk")) | Q(holder=actor.id)
    rows = DocumentNumber.objects.select_for_update(of=("self",)).select_related("blank_of")
    row = rows.filter(mine, pk=key).first()
    held = by_holder and row is not None and row.holder == actor.id
    return _taken(actor, row, key, rev, () if held else abilities)


def allowed_number(actor: Actor, row: DocumentNumber, *abilities: str) -> None:
    """:class:`Denied` unless he holds one of ``abilities`` there, or the blank form itself."""
    if row.holder != actor.id:
        allowed(actor, row.agency, *abilities)


def _taken(actor: Actor, row, key: uuid.UUID, rev: int, abilities: Sequence[str]):  # type: ignore[no-untyped-def]
    if row is None:
        raise NotFound(str(key))
    if abilities:
        allowed(actor, row.agency, *abilities)
    if row.rev != rev:
        raise Stale(rev, row.rev)
    row.rev += 1
    row.save(update_fields=["rev"])
    return row


def scope(row: Document | SealUse) -> dict[str, str]:
    """Arguments of ``emit`` that say whose event it is."""
    document = row if isinstance(row, Document) else row.document
    return {
        "stream": document.stream_name,
        "subject": f"document:{document.id}",
        "agency": document.agency,
        "district": document.district,
    }


def day_of(moment: datetime) -> date:
    """The day in Shanghai: what a document bears and what a year begins by."""
    return clock.day(moment)


def body_of(path: str) -> Agency:
    """The body at or above ``path`` in whose name a document goes out; a division has no numbers of its own."""
    parts = path.replace("\0", "").strip("/").split("/")
    above = ["/" + "/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
    bodies = Agency.objects.filter(path__in=above, kind=Agency.AGENCY).order_by("-path")
    found = max(bodies, key=lambda body: len(body.path), default=None)
    if found is None:
        raise Invalid({"agency": [_("没有路径为 %(path)s 的机构。") % {"path": path}]})
    return found


def demand_text(**texts: str) -> None:
    """:class:`Invalid` naming every field that is blank or holds control characters."""
    faults = {name: [_("请填写此项。")] for name, text in texts.items() if not text.strip()}
    faults |= {n: [_("不能含控制字符。")] for n, text in texts.items() if text.strip() != plain(text, lines=False)}
    if faults:
        raise Invalid(faults)


def subject_of(actor: Actor, subject: str) -> str:
    """The subject as it is stored; :class:`Invalid` where its name is not open to the actor."""
    stored = subjects.canonical(subject)
    if subjects.is_sealed(actor, stored):
        raise Invalid({"subject": [_("该对象的名称尚未向您开启，不能为其起草文书。")]})
    return stored
