"""Imports: the batch with its life, its staged rows, and the mappings kept for next time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.people.scope import Scoped


class ColumnMapping(Scoped):
    """A mapping saved under a name: ``columns`` from a file's header to a field's name."""

    read_ability = "registry.import"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    name = models.CharField(max_length=60)
    target = models.CharField(max_length=10, default="entity")
    source = models.CharField(max_length=60)
    columns = models.JSONField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["district", "agency", "name"], name="mapping_name")]


class ImportBatch(Scoped):
    """One file on its way in. ``state``, ``counts``, ``applied_through`` and ``undone_through`` are projections.

    received → staged → applying → applied; cancelled from applying (what was written stays and can be undone, the
    rest can still be applied); undoing → undone; refused when the rows turned out unreadable; discarded unapplied.

    target            what the file is a list of: a key of ``importing.kinds.KINDS``
    blob              the file, by its SHA-256
    columns           the mapping: header → field
    counts            rows by outcome, marks, and changed columns, as the dry run found them
    applied_through   line of the last row written; 0: none
    lenient           the source is the registering authority: wrong check characters are marked, not rejected
    """

    class Target(models.TextChoices):
        ENTITY = "entity", _("市场主体")
        PROJECT = "project", _("工程项目")
        PERMIT = "permit", _("许可")

    class State(models.TextChoices):
        RECEIVED = "received", _("待核对列")
        STAGED = "staged", _("待确认")
        REFUSED = "refused", _("文件有误")
        DISCARDED = "discarded", _("已放弃")
        APPLYING = "applying", _("写入中")
        APPLIED = "applied", _("已导入")
        CANCELLED = "cancelled", _("已中止")
        UNDOING = "undoing", _("撤销中")
        UNDONE = "undone", _("已撤销")

    read_ability = "registry.import"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    target = models.CharField(max_length=10, choices=Target, default=Target.ENTITY)
    source = models.CharField(max_length=60)
    filename = models.CharField(max_length=200)
    blob = models.ForeignKey("blobs.Blob", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    encoding = models.CharField(max_length=12, blank=True)
    headers = models.JSONField()
    columns = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    lenient = models.BooleanField(default=False)
    actor = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.RECEIVED)
    reason = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)
    applied_through = models.PositiveIntegerField(default=0)
    undone_through = models.PositiveIntegerField(default=0)
    job = models.UUIDField(null=True)

    class Meta:
        verbose_name = _("导入批次")
        indexes = [models.Index(fields=["agency", "created_at", "id"])]

    def __str__(self) -> str:
        return f"{self.filename} {self.created_at:%Y-%m-%d %H:%M}"


class ImportRow(models.Model):
    """A staged row: what the file says, and what it would do.

    number   line in the file
    entity   id of the entity, project or permit it concerns; for a new one, the id that it will get
    rev      the object's ``rev`` that the dry run saw; 0: none yet
    diff     ``{column: [before, after]}``
    cells    the row as given, of rejected rows only (the rest would double personal data for nothing)
    result   what became of it: empty until applied; ``written``, ``shifted``; after undo ``undone`` or ``kept``
    why      reason codes with params, of rows that were shifted or kept
    """

    class Outcome(models.TextChoices):
        NEW = "new", _("新增")
        CHANGED = "changed", _("变更")
        CONFIRMED = "confirmed", _("印证")
        SAME = "same", _("无变化")
        REJECTED = "rejected", _("拒收")

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    entity = models.UUIDField(null=True)
    rev = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)
    values = models.JSONField(default=dict)
    marks = models.JSONField(default=list)
    diff = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    cells = models.JSONField(default=list)
    result = models.CharField(max_length=10, blank=True)
    why = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_line")]
        indexes = [models.Index(fields=["batch", "outcome", "number"])]
