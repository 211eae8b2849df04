"""What holds from one day to another. Days are those of Asia/Shanghai; both ends are included (至…止, 含当日)."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q


def on(day: date, prefix: str = "") -> Q:
    """Rows that hold on ``day``; ``prefix`` reaches through a relation (``"certificates__"``)."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": day})
    )


def throughout(first: date, last: date, prefix: str = "") -> Q:
    """Rows that hold on every day from ``first`` to ``last``."""
    return Q(**{f"{prefix}valid_from__lte": first}) & (
        Q(**{f"{prefix}valid_to": None}) | Q(**{f"{prefix}valid_to__gte": last})
    )


class Dated(models.Model):
    """Base of rows with a validity; no end means until further notice."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True

    def holds_on(self, day: date) -> bool:
        """Does it hold on ``day``, by its dates alone?"""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def order_constraint(name: str) -> Any:
    """The end never lies before the beginning."""
    return models.CheckConstraint(condition=Q(valid_to=None) | Q(valid_to__gte=models.F("valid_from")), name=name)
