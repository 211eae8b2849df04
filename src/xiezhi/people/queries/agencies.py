"""Reading the tree of agencies, districts and delegation letters. All three are public reference data."""

from datetime import date

from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.people.models import Agency, DelegationLetter, District
from xiezhi.people.models.letters import in_force


def districts(actor: Actor) -> QuerySet[District]:
    """Districts by code."""
    return District.objects.order_by("code")


def agencies(actor: Actor, *, under: str = "/", day: date | None = None) -> QuerySet[Agency]:
    """The tree below path ``under`` (included), in order of path; with ``day`` without those dissolved by then."""
    rows = Agency.objects.filter(path__startswith=under) if under != "/" else Agency.objects.all()
    if day is not None:
        rows = rows.exclude(dissolved_on__lte=day)
    return rows.order_by("path")


def agency(actor: Actor, path: str) -> Agency:
    """The agency or division at ``path``; ``NotFound``."""
    row = Agency.objects.filter(path=path).select_related("parent").first()
    if row is None:
        raise NotFound(path)
    return row


def letters(actor: Actor) -> QuerySet[DelegationLetter]:
    """Delegation letters, newest first. The law has them published, so all may read those that are.

    One that is not yet published is there for its two bodies, and for those who read people's affairs above them.
    """
    seen = Q(published_on__isnull=False)
    for path in actor.paths("people.read"):
        seen |= Q(principal__path__startswith=path) | Q(delegate__path__startswith=path)
    rows = DelegationLetter.objects.filter(seen).select_related("principal", "delegate")
    return rows.order_by("-valid_from", "-id")


def letter_in_force(actor: Actor, delegate: str, day: date) -> DelegationLetter | None:
    """The published letter by which the agency at path ``delegate`` acts on ``day``; None where it has none.

    A division acts by the letter of the nearest body above it.
    """
    held = DelegationLetter.objects.filter(in_force(day), published_on__lte=day).select_related(
        "principal", "delegate"
    )
    above = [letter for letter in held if delegate.startswith(letter.delegate.path)]
    return max(above, key=lambda letter: (len(letter.delegate.path), letter.valid_from), default=None)
