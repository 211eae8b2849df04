"""Reading officers: who is there, who may be sent on which days, and whom a relation bars."""

import uuid
from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.people import keyed_hash
from xiezhi.people.models import Assistant, Certificate, DeclaredRelation, Leave, Officer
from xiezhi.people.models.dated import throughout
from xiezhi.people.scope import account_id


def officers(actor: Actor) -> QuerySet[Officer]:
    """Officers that the actor may see, by unit and name."""
    return Officer.objects.visible_to(actor).select_related("unit").order_by("agency", "name", "id")


def officer(actor: Actor, key: uuid.UUID | str) -> Officer:
    """One officer with his certificates; ``NotFound`` where he isn't visible."""
    row = officers(actor).filter(pk=key).prefetch_related("certificates").first()
    if row is None:
        raise NotFound(f"officer {key}")
    return row


def assistants(actor: Actor) -> QuerySet[Assistant]:
    """Assistants that the actor may see."""
    return Assistant.objects.visible_to(actor).select_related("unit").order_by("agency", "name", "id")


def valid_certificates(key: uuid.UUID | str, first: date, last: date, scope: str = "") -> list[Certificate]:
    """Certificates of the officer valid on every day from ``first`` to ``last``; with ``scope``, covering it."""
    rows = Certificate.objects.filter(_valid(first, last), officer=key).order_by("valid_from")
    return [row for row in rows if not scope or scope in row.scopes]


def available_officers(
    actor: Actor, *, agency: str, first: date, last: date, scope: str = "", skill: str = ""
) -> list[Officer]:
    """Serving officers below path ``agency`` who can be sent on every day from ``first`` to ``last``.

    Each has a certificate valid throughout (for ``scope``, if given), the ``skill``, and no day of leave in it.
    Relations are asked apart, per target: :func:`recused`. Ordered by id, so that a draw finds one order.
    """
    on_leave = Leave.objects.filter(
        officer=OuterRef("pk"), cancelled=False, valid_from__lte=last, valid_to__gte=first
    )
    rows = Officer.objects.visible_to(actor).filter(agency__startswith=agency, state=Officer.SERVING)
    certificates = Certificate.objects.filter(_valid(first, last), officer__in=rows.values("pk"))
    certified = {row.officer_id for row in certificates if not scope or scope in row.scopes}
    free = rows.filter(~Exists(on_leave)).select_related("unit").order_by("id")
    return [row for row in free if row.pk in certified and (not skill or skill in row.skills)]


def certified(keys: Collection[uuid.UUID | str], day: date, scope: str = "") -> set[uuid.UUID]:
    """Which of these officers hold a certificate on ``day`` (Shanghai), for ``scope`` if given."""
    rows = Certificate.objects.filter(_valid(day, day), officer__in=list(keys))
    return {row.officer_id for row in rows if not scope or scope in row.scopes}


def recused(
    keys: Collection[uuid.UUID | str],
    *,
    first: date,
    last: date,
    entities: Collection[str] = (),
    person_numbers: Collection[str] = (),
) -> dict[uuid.UUID, set[str]]:
    """Which of these officers declared a relation that holds on any day from ``first`` to ``last``.

    entities         unified social credit codes of the firms concerned
    person_numbers   numbers of persons concerned, hashed here and not kept
    Returns officer id → kinds of relation. Kinds are for the draw's exclusion codes, not for the public.
    """
    hashes = [value for number in person_numbers for value in keyed_hash.person_hashes(number)]
    wanted = Q(entity__in=[code.strip().upper() for code in entities]) | Q(person__in=hashes)
    overlapping = Q(valid_from__lte=last) & (Q(valid_to=None) | Q(valid_to__gte=first))
    found: dict[uuid.UUID, set[str]] = {}
    for row in DeclaredRelation.objects.filter(wanted, overlapping, officer__in=list(keys)):
        found.setdefault(row.officer_id, set()).add(row.kind)
    return found


def leaves(actor: Actor, first: date, last: date) -> QuerySet[Leave]:
    """Leave with a day from ``first`` to ``last``, of those whose private affairs the actor may read, and his own."""
    seen = Q(officer__in=_own(actor))
    for path in actor.paths("people.read_private"):
        seen |= Q(officer__isnull=False) if path == "/" else Q(officer__agency__startswith=path)
    rows = Leave.objects.filter(seen, cancelled=False, valid_from__lte=last)
    rows = rows.filter(Q(valid_to=None) | Q(valid_to__gte=first))
    return rows.select_related("officer").order_by("valid_from", "officer__name", "id")


def certificates_ending(actor: Actor, first: date, last: date) -> QuerySet[Certificate]:
    """Certificates of serving officers that the actor may see, whose last day lies from ``first`` to ``last``."""
    seen = Officer.objects.visible_to(actor).filter(state=Officer.SERVING)
    rows = Certificate.objects.filter(Q(officer__in=seen) | Q(officer__in=_own(actor)), revoked_on=None)
    return rows.filter(valid_to__range=(first, last)).select_related("officer").order_by("valid_to", "id")


def own_officer(actor: Actor) -> Officer | None:
    """The officer behind the actor's account; None for accounts of others, keys and components."""
    return _own(actor).select_related("unit").first()


def _own(actor: Actor) -> QuerySet[Officer]:
    key = account_id(actor)
    return Officer.objects.filter(account__pk=key) if key else Officer.objects.none()


def _valid(first: date, last: date) -> Q:
    """``revoked_on`` is the first day without the certificate."""
    return throughout(first, last) & (Q(revoked_on=None) | Q(revoked_on__gt=last))
