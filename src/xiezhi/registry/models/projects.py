"""Construction projects (工程项目), who takes part in them, and where they are built."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.people.scope import Scoped

from .entities import Entity


class Role(models.TextChoices):
    """参建角色."""

    OWNER = "owner", _("建设单位")
    CONTRACTOR = "contractor", _("施工总承包单位")
    SUBCONTRACTOR = "subcontractor", _("专业分包单位")
    LABOUR = "labour", _("劳务分包单位")
    SUPERVISOR = "supervisor", _("监理单位")
    SURVEYOR = "surveyor", _("勘察单位")
    DESIGNER = "designer", _("设计单位")
    TESTER = "tester", _("检测单位")
    LESSOR = "lessor", _("机械租赁单位")
    CONCRETE = "concrete", _("预拌混凝土供应单位")


class Project(Scoped):
    """A construction project. ``number`` is its 项目代码 or the agency's own; ``area`` in m², ``cost`` in fen."""

    class Kind(models.TextChoices):
        BUILDING = "building", _("房屋建筑")
        MUNICIPAL = "municipal", _("市政基础设施")
        OTHER = "other", _("其他")

    class State(models.TextChoices):
        PLANNED = "planned", _("未开工")
        RUNNING = "running", _("在建")
        SUSPENDED = "suspended", _("停工")
        FINISHED = "finished", _("已竣工")

    read_ability = "registry.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.BUILDING)
    address = models.CharField(max_length=300, blank=True)
    area = models.PositiveBigIntegerField(null=True)
    cost = models.PositiveBigIntegerField(null=True)
    state = models.CharField(max_length=12, choices=State, default=State.PLANNED)
    rev = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("工程项目")
        constraints = [models.UniqueConstraint(fields=["district", "number"], name="project_number")]
        indexes = [
            models.Index(fields=["agency", "name", "id"]),
            models.Index(fields=["agency", "updated_at", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Participant(models.Model):
    """An entity's role in a project, from–until; ``section`` is the 标段 where it has one.

    batch   the import that entered it, and may take it back; None: entered by hand
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="participants")
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="participations")
    role = models.CharField(max_length=20, choices=Role)
    section = models.CharField(max_length=60, blank=True)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    batch = models.ForeignKey("registry.ImportBatch", null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        verbose_name = _("参建关系")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "entity", "role", "section"],
                condition=models.Q(ends__isnull=True),
                name="participant_once",
            )
        ]
        indexes = [models.Index(fields=["entity", "project"])]


class Site(Scoped):
    """Where a project is built. Position in WGS-84; ``datum`` tells in which it was given."""

    class Datum(models.TextChoices):
        WGS84 = "WGS-84", "WGS-84"
        CGCS2000 = "CGCS2000", "CGCS2000"
        GCJ02 = "GCJ-02", "GCJ-02"

    read_ability = "registry.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=200)
    address = models.CharField(max_length=300, blank=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6)
    longitude = models.DecimalField(max_digits=9, decimal_places=6)
    datum = models.CharField(max_length=10, choices=Datum)
    given_latitude = models.DecimalField(max_digits=9, decimal_places=6)
    given_longitude = models.DecimalField(max_digits=9, decimal_places=6)
    rev = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("工地")
