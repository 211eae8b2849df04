"""Permits granted before the fact (施工许可, 资质, 安全生产许可) and their life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.people.scope import Scoped

from .entities import Entity
from .projects import Project


class PermitKind(models.TextChoices):
    CONSTRUCTION = "construction", _("施工许可证")
    QUALIFICATION = "qualification", _("资质证书")
    SAFETY = "safety", _("安全生产许可证")


class Permit(Scoped):
    """A permit. ``state`` and ``valid_until`` are projections of its events.

    unverified   the number has not the usual form of its kind: accepted, shown as such
    """

    class State(models.TextChoices):
        VALID = "valid", _("有效")
        SUSPENDED = "suspended", _("暂扣")
        REVOKED = "revoked", _("撤销或吊销")
        EXPIRED = "expired", _("已过期")

    read_ability = "registry.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=20, choices=PermitKind)
    number = models.CharField(max_length=60)
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="permits")
    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="permits")
    issuer = models.CharField(max_length=100)
    content = models.TextField(blank=True)
    issued_on = models.DateField()
    valid_until = models.DateField(null=True)
    unverified = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.VALID)
    rev = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("许可")
        constraints = [models.UniqueConstraint(fields=["district", "kind", "number"], name="permit_number")]
        indexes = [models.Index(fields=["state", "valid_until"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"
