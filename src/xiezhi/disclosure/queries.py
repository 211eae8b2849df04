"""Reading: ``visible_to`` first for officers; a stranger reads through :func:`public` and nothing else."""

import uuid
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.people.models import Agency
from xiezhi.record import queries as record

from . import gate
from .codes import STANDING, UNSIGNED, State
from .models import Delivery, Objection, Publication, PublicationVersion


def visible_to(actor: Actor) -> QuerySet[Publication]:
    """Rows of the agencies in which the actor may read. What waits for a signature is :func:`version_for`."""
    return Publication.objects.visible_to(actor)


def get(actor: Actor, key: uuid.UUID) -> Publication:
    """One of them; ``NotFound``."""
    found = visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound(f"publication {key}")
    return found


def version_for(actor: Actor, row: Publication) -> PublicationVersion | None:
    """What waits for a signature, for those who prepare or sign; else what is public."""
    if row.pending and gate.sees_content(actor, row):
        return row.versions.filter(number=row.pending).first()
    return row.versions.filter(number=row.shown).first() if row.shown else None


def overdue(rows: "QuerySet[Publication]", today: date) -> "QuerySet[Publication]":
    """Those not public yet whose limit has passed."""
    return rows.filter(state__in=(State.DUE, State.PREPARED), due_on__lt=today)


def changed(rows: "QuerySet[Publication]") -> "QuerySet[Publication]":
    """Those that are public though their source changed since."""
    return rows.filter(~Q(source_change=""), state__in=STANDING)


def to_sign(actor: Actor) -> list[tuple[Publication, PublicationVersion]]:
    """What waits for this actor's signature, due first: his to sign, and prepared by another."""
    rows = visible_to(actor).filter(state__in=UNSIGNED).order_by("due_on", "pk")
    pending = PublicationVersion.objects.exclude(prepared_by__in={actor.id, actor.person})
    waiting = Prefetch("versions", pending.filter(number=F("publication__pending")), to_attr="waiting")
    return [
        (row, row.waiting[0])
        for row in rows.prefetch_related(waiting)
        if row.waiting and actor.may(gate.SIGN, row.agency)
    ]


def deliveries(actor: Actor, row: Publication) -> QuerySet[Delivery]:
    """Where it went, newest first."""
    return Delivery.objects.filter(publication__in=visible_to(actor).filter(pk=row.pk))


def objections_visible_to(actor: Actor) -> QuerySet[Objection]:
    """Objections of the agencies whose objections the actor handles."""
    return Objection.objects.visible_to(actor).select_related("publication")


def objection(actor: Actor, key: uuid.UUID) -> Objection:
    """One of them; ``NotFound``."""
    found = objections_visible_to(actor).filter(pk=key).first()
    if found is None:
        raise NotFound(f"objection {key}")
    return found


def objection_text(row: Objection) -> dict[str, Any]:
    """Who objects and in which words, of a row the actor was given; the caller notes the reading."""
    return (record.private_part(row.received_event) or {}) if row.received_event else {}


def answer_of(row: Objection) -> str:
    """What the objector is told; empty while it is not answered."""
    told = record.private_part(row.answered_event) if row.answered_event else None
    return str((told or {}).get("answer", ""))


def objection_by_number(number: str) -> Objection | None:
    """The objection with this number, for whoever was given it."""
    return Objection.objects.filter(number=number.strip().upper()).select_related("publication").first()


# Newest first; a check constraint of the table fills the date of whatever is shown.
NEWEST, FILLED = ("-published_at",), frozenset({"published_at"})


def public() -> QuerySet[Publication]:
    """What anyone may see, with the version that is shown as ``row.versions.all()[0]``."""
    signed = PublicationVersion.objects.exclude(signed_event=None)
    return Publication.objects.filter(shown__gt=0).prefetch_related(Prefetch("versions", signed))


def public_one(key: uuid.UUID) -> Publication:
    """One that is public or once was; ``NotFound``. Of what was taken down only ground and words may be shown."""
    signed = PublicationVersion.objects.exclude(signed_event=None)
    rows = Publication.objects.filter(published_at__isnull=False)
    found = rows.prefetch_related(Prefetch("versions", signed)).filter(pk=key).first()
    if found is None:
        raise NotFound(f"publication {key}")
    return found


def shown_version(row: Publication) -> PublicationVersion | None:
    """The version that the public sees."""
    return next((one for one in row.versions.all() if one.number == row.shown and one.signed_event), None)


def changes() -> QuerySet[Publication]:
    """What became public, was corrected or taken down: for feeds, newest change first."""
    return Publication.objects.filter(changed_at__isnull=False)


def same_target(row: Publication) -> QuerySet[Publication]:
    """All that is public of the target that a public row names."""
    if not row.shown or not row.target_code:
        return public().none()
    return public().filter(target_code=row.target_code)


def of_code(code: str) -> Publication | None:
    """The newest public row whose target bears exactly this code."""
    text = code.strip().upper()
    return public().filter(target_code=text).order_by("-published_at").first() if text else None


def agencies() -> list[tuple[str, str]]:
    """(path, name) of the bodies that have something public; asked per body, so that it costs no walk over all rows."""
    shown = Publication.objects.filter(shown__gt=0, agency=OuterRef("path"))
    return list(Agency.objects.filter(Exists(shown)).order_by("path").values_list("path", "name"))


def names_of_agencies(paths: set[str]) -> dict[str, str]:
    """Path → name."""
    return dict(Agency.objects.filter(path__in=paths).values_list("path", "name"))
