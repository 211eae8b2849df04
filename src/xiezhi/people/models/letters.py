"""Written authority: of one body to another (委托书), and of one person to his substitute (A/B 角授权)."""

from datetime import date

from django.db import models
from django.db.models import Q

from xiezhi import clock

from .accounts import Account
from .agencies import Agency
from .dated import Dated, on, order_constraint
from .rights import Role


class DelegationLetter(Dated):
    """The delegating body's letter to the body that acts in its name (处罚法 arts. 20–21).

    number       of the letter
    matters      what is delegated and how far, as written
    published_at address at which the letter is published; without it the letter is not yet in force here
    revoked_on   first day on which it holds no more; a projection, like ``published_at`` and ``published_on``
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    principal = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="letters_given")
    delegate = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="letters_held")
    number = models.CharField(max_length=80)
    matters = models.TextField()
    published_at = models.CharField(max_length=300, default="", blank=True)
    published_on = models.DateField(null=True)
    revoked_on = models.DateField(null=True)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            order_constraint("letter_order"),
            models.UniqueConstraint(fields=["principal", "number"], name="letter_number"),
        ]


class SubstituteAuthorisation(Dated):
    """``substitute`` (B) may give opinions in ``role`` for ``principal`` (A), by written authority with dates.

    agency       path within which it holds
    document     number of the written authorisation
    revoked_on   first day on which it holds no more; a projection
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    principal = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="authorisations_given")
    substitute = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="authorisations_held")
    role = models.ForeignKey(Role, on_delete=models.PROTECT)
    agency = models.CharField(max_length=200)
    document = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    revoked_on = models.DateField(null=True)

    class Meta:
        constraints = [order_constraint("authorisation_order")]
        indexes = [models.Index(fields=["substitute", "valid_from"])]


def in_force(day: date) -> Q:
    """Letters and authorisations whose dates hold on ``day`` and which aren't revoked by then."""
    return on(day) & (Q(revoked_on=None) | Q(revoked_on__gt=day))
