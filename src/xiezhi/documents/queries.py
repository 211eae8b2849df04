"""Reading documents, numbers, templates: ``visible_to`` first; the public reads by code alone."""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from xiezhi import clock
from xiezhi.core.actor import Actor, system
from xiezhi.core.errors import Denied, NotFound
from xiezhi.core.paper import numbering
from xiezhi.people import queries as people
from xiezhi.record import queries as record
from xiezhi.record.models import Event

from . import gate, subjects
from .codes import EFFECTIVE, NumberState, State, TemplateState
from .models import ALPHABET, NATIONAL, READ, Document, DocumentNumber, NumberSeries, SealUse, Template


def visible_to(actor: Actor) -> QuerySet[Document]:
    """Documents of the agencies in which the actor may read them, and of streams granted to him.

    None about somebody whose name is sealed for him, but for the keeper of the seal, who prints them.
    """
    return gate.readable(actor).select_related("template")


def document(actor: Actor, key: uuid.UUID) -> Document:
    """One of them; ``NotFound``."""
    row = visible_to(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"document {key}")
    return row  # type: ignore[no-any-return]


def values(document: Document) -> dict[str, Any]:
    """What was typed. Callers show sensitive fields to those alone who :func:`may_read_private`, and note it."""
    if document.values_event is None:
        return {}
    private = record.private_part(document.values_event)
    return dict(private["values"]) if private else {}


def typed_by(document: Document) -> str:
    """Actor id of who saved it last."""
    found = Event.objects.filter(pk=document.values_event).values_list("actor", flat=True).first()
    return found or ""


def is_his(actor: Actor, document: Document) -> bool:
    """Issues, corrects, voids: who wrote or signed it, works on its subject or leads that, keeps the register."""
    return (
        actor.id in (document.signed_by, typed_by(document))
        or actor.may(gate.NUMBERS, document.agency)
        or subjects.concerns(actor, document.subject)
    )


def printed(document: Document) -> dict[str, Any] | None:
    """The exact input of the signed page; None for a blank form filled by hand, or where it was erased."""
    private = None if document.signed_event is None else record.private_part(document.signed_event)
    return dict(private["page"]) if private else None


def may_read_private(actor: Actor, document: Document) -> bool:
    """May he see fields marked sensitive, and so the page that shows them?"""
    return actor.may(gate.READ_PRIVATE, document.agency)


def demand_private(actor: Actor, document: Document) -> None:
    """:class:`Denied` unless the document shows nothing sensitive or he may see it."""
    if document.template.contract.sensitive and not may_read_private(actor, document):
        raise Denied(gate.READ_PRIVATE, document.agency)


def numbers(actor: Actor) -> QuerySet[DocumentNumber]:
    """The register of numbers of the bodies that the actor may read, and blank forms that he himself has."""
    mine = Q(pk__in=DocumentNumber.objects.visible_to(actor).values("pk")) | Q(holder=actor.id)
    return DocumentNumber.objects.filter(mine)


def reserved_for(document: Document) -> QuerySet[DocumentNumber]:
    """Numbers of this year put by that its signer may take instead of the next."""
    body = gate.body_of(document.agency)
    rows = DocumentNumber.objects.filter(agency=body.path, template_code=document.template.code)
    return rows.filter(state=NumberState.RESERVED, year=clock.today().year).order_by("serial")  # type: ignore[no-any-return]


def number(actor: Actor, key: uuid.UUID) -> DocumentNumber:
    """One number; ``NotFound``."""
    row = numbers(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"number {key}")
    return row  # type: ignore[no-any-return]


def seal_uses(actor: Actor) -> QuerySet[SealUse]:
    """The register of uses of the seal."""
    rows = SealUse.objects.visible_to(actor).select_related("document__template")
    return subjects.open_to(actor, rows, keeps=gate.SEAL, path="document__")


_CODE = re.compile(f"[{ALPHABET}]{{16}}")


@dataclass(frozen=True)
class Account:
    """A series and what became of its numbers; ``gaps`` are serials that nothing accounts for."""

    series: NumberSeries
    title: str
    counts: dict[str, int]
    gaps: list[tuple[int, int]]


def accounts(actor: Actor, *, year: int) -> list[Account]:
    """Every series of a year, with its reckoning."""
    rows = numbers(actor).filter(year=year)
    by_series: dict[tuple[str, str], list[DocumentNumber]] = {}
    for row in rows.only("agency", "template_code", "type_title", "serial", "state"):
        by_series.setdefault((row.agency, row.template_code), []).append(row)
    found = []
    for series in NumberSeries.objects.filter(year=year, agency__in={agency for agency, _ in by_series}):
        mine = by_series.get((series.agency, series.code), [])
        if not mine:
            continue
        serials = [row.serial for row in mine]
        states = Counter(row.state for row in mine)
        gaps = numbering.gaps([*serials, series.last + 1])
        found.append(Account(series, mine[0].type_title, {s: states.get(s, 0) for s in NumberState.values}, gaps))
    return found


def templates(actor: Actor) -> QuerySet[Template]:
    """Every version that concerns the actor: national ones, and those of bodies above and below him."""
    seen = Q(agency=NATIONAL)
    for path in actor.paths(READ):
        if path == "/":
            return Template.objects.all()
        parts = path.strip("/").split("/")
        seen |= Q(agency__startswith=path)
        seen |= Q(agency__in=["/" + "/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))])
    return Template.objects.filter(seen)


def template(actor: Actor, key: uuid.UUID) -> Template:
    """One version; ``NotFound``."""
    row = templates(actor).filter(pk=key).first()
    if row is None:
        raise NotFound(f"template {key}")
    return row


def in_force(code: str, agency: str, day: date) -> Template | None:
    """The version that a document of this type begun at path ``agency`` on ``day`` takes.

    A body's own version goes before that of one above it, and both before the national one.
    """
    rows = Template.objects.filter(code=code, state=TemplateState.PUBLISHED, valid_from__lte=day)
    above = [row for row in rows if agency.startswith(row.agency)]
    return max(above, key=lambda row: (len(row.agency), row.valid_from, row.version), default=None)


def types(agency: str, day: date) -> list[Template]:
    """One version a type: what may be begun at path ``agency`` today, by title."""
    codes = Template.objects.filter(state=TemplateState.PUBLISHED).values_list("code", flat=True).distinct()
    found = [in_force(code, agency, day) for code in codes.order_by("code")]
    return sorted((row for row in found if row is not None), key=lambda row: row.title)


def by_code(code: str) -> Document | DocumentNumber | None:
    """What a code on paper stands for: a signed document, or a blank form. Public: it names neither party nor case."""
    if not _CODE.fullmatch(code):
        return None
    row = Document.objects.filter(code=code, signed_event__isnull=False).select_related("template").first()
    if row is not None:
        return row  # type: ignore[no-any-return]
    return DocumentNumber.objects.filter(code=code).first()  # type: ignore[no-any-return]


def body_name(path: str) -> str:
    """The name of the body at or above ``path`` in whose name a document goes out."""
    return gate.body_of(path).name


def names(ids: Sequence[str]) -> dict[str, str]:
    """Actor id → name, for those who have an account."""
    known = [one for one in set(ids) if len(one) == 36 and ":" not in one]
    rows = people.accounts(system("documents")).filter(pk__in=known)
    return {str(row.pk): row.name or row.username for row in rows}


def drafts_of(actor: Actor) -> QuerySet[Document]:
    """Drafts that wait."""
    return visible_to(actor).filter(state=State.DRAFT)


def effective(document: Document) -> bool:
    """Does it count?"""
    return document.state in EFFECTIVE
