"""The tree of enforcement bodies and their divisions, and the districts that they answer for."""

from django.db import models

from xiezhi import clock


class District(models.Model):
    """An administrative division of GB/T 2260: six digits and the name in force."""

    code = models.CharField(max_length=6, primary_key=True)
    name = models.CharField(max_length=60)


class Agency(models.Model):
    """An enforcement body (执法机构) or a division (职能科室) inside it.

    code          stable, unique among siblings, ``[a-z0-9-]``; never changes, so neither does ``path``
    path          ``"/<code>/<code>/"`` from the root: what scopes and abilities compare by prefix
    name, short, dissolved_on, demands_totp   projections of the agency's events
    """

    AGENCY, DIVISION = "agency", "division"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    code = models.CharField(max_length=20)
    path = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=100)
    short = models.CharField(max_length=30)
    kind = models.CharField(max_length=20)
    district = models.CharField(max_length=6)
    demands_totp = models.BooleanField(default=False)
    dissolved_on = models.DateField(null=True)
    rev = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name
