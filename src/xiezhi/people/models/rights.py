"""Roles, who holds them where and until when, and grants of single streams."""

from django.db import models

from xiezhi import clock

from .accounts import Account
from .dated import Dated, order_constraint


class Role(models.Model):
    """A named set of abilities. ``name`` and ``abilities`` are projections of ``people.role_defined``."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    abilities = models.JSONField(default=list)
    rev = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class RoleAssignment(Dated):
    """``account`` holds ``role`` in the subtree of ``agency`` (a path). ``valid_to`` is a projection."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="assignments")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="assignments")
    agency = models.CharField(max_length=200)
    document = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [order_constraint("assignment_order")]
        indexes = [models.Index(fields=["account", "valid_from"]), models.Index(fields=["agency"])]


class Grant(models.Model):
    """``actor`` takes part in ``stream`` (a case, a visit) in a role: visible though outside his subtree.

    ``ends`` is a projection of ``people.grant_opened`` and ``people.grant_closed``.
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    stream = models.CharField(max_length=120)
    actor = models.CharField(max_length=80)
    role = models.CharField(max_length=40)
    begins = models.DateTimeField()
    ends = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "actor", "role"], name="grant_once")]
        indexes = [models.Index(fields=["actor", "stream"])]
