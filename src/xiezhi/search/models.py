"""What can be found. The engines keep their own tables beside this one (see the first migration)."""

from django.db import models

from . import grams


class Entry(models.Model):
    """One thing that can be found.

    id       grows with ``at``: milliseconds since 1970 UTC times 1,024 plus a spread; so its order is the order
             of publishing, and it is the key of paging
    kind     what it is, e.g. ``draw.object``
    ref      its id there (a uuid as text)
    at       when it was published or last came up; UTC
    agency   path of the owning agency, e.g. ``/a1/b2/``
    public   may everyone find it?
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=60)
    ref = models.CharField(max_length=64)
    title = models.CharField(max_length=400)
    body = models.TextField()
    at = models.DateTimeField()
    agency = models.CharField(max_length=200)
    public = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"

    def runs(self) -> list[str]:
        """The runs (see ``grams``) that it is found by; the same ones at writing and at erasing."""
        return grams.runs(f"{self.title}\n{self.body}")
