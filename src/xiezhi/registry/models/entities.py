"""Market entities (市场主体) with their codes and former names; natural persons apart."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.people.scope import Scoped


class EntityKind(models.TextChoices):
    ORGANISATION = "organisation", _("法人及非法人组织")
    INDIVIDUAL = "individual", _("个体工商户")


class CodeKind(models.TextChoices):
    USCC = "uscc", _("统一社会信用代码")
    OLD_NUMBER = "old-number", _("旧注册号")
    ORGCODE = "orgcode", _("组织机构代码")


class EntityState(models.TextChoices):
    ACTIVE = "active", _("存续")
    MERGED = "merged", _("已合并")


class Entity(Scoped):
    """A registered market entity, known across agencies by its codes (:class:`EntityCode`).

    code          the code in force; a copy of the open row of ``codes``, since lists sort, search and page by it
    capital       in hundredths of ``capital_currency`` (ISO 4217): fen where that is CNY
    state, merged_into   projections of events
    rev           counts every change of any column; writers give the one they saw
    """

    read_ability = "registry.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=20, choices=EntityKind, default=EntityKind.ORGANISATION)
    name = models.CharField(max_length=200)
    code = models.CharField(max_length=18)
    established_on = models.DateField(null=True)
    entity_type = models.CharField(max_length=100, blank=True)
    capital = models.BigIntegerField(null=True)
    capital_currency = models.CharField(max_length=3, blank=True)
    business_scope = models.TextField(blank=True)
    province = models.CharField(max_length=30, blank=True)
    city = models.CharField(max_length=30, blank=True)
    county = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=EntityState, default=EntityState.ACTIVE)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged_from")
    rev = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("市场主体")
        indexes = [
            models.Index(fields=["agency", "name", "id"]),
            models.Index(fields=["agency", "updated_at", "id"]),
            models.Index(fields=["code"]),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.code}"


class EntityCode(models.Model):
    """One code of an entity, from–until; a code names one entity, also after it was replaced.

    marks   codes of what to know of it: ``old-number``, ``repaired``, ``organisation-code``, ``check``
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(max_length=18, unique=True)
    kind = models.CharField(max_length=12, choices=CodeKind)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)
    marks = models.JSONField(default=list)


class EntityName(models.Model):
    """A former name, and when we learnt that it no longer holds. ``batch``: the import that replaced it."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=200, db_index=True)
    ends = models.DateField()
    batch = models.ForeignKey("ImportBatch", null=True, on_delete=models.PROTECT, related_name="+")


class Person(Scoped):
    """A natural person in a role of an entity: name and number are encrypted, found again by a keyed hash only.

    Each agency keeps a record of its own: one shared with a sibling would be hidden from whoever entered it second.

    sealed, key_id, wrapped   canonical JSON ``{"name", "number"}`` under a key of its own (``record.sealing``)
    lookup                    keyed hash of the resident number (``people.keyed_hash``); empty: no number known
    """

    read_ability = "registry.read_personal"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    sealed = models.BinaryField()
    key_id = models.CharField(max_length=40)
    wrapped = models.BinaryField()
    lookup = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "agency", "lookup"], condition=~models.Q(lookup=""), name="person_once"
            )
        ]


class EntityPerson(models.Model):
    """A person's place in an entity (法定代表人, 负责人, 经营者), from–until."""

    class Role(models.TextChoices):
        LEGAL_REPRESENTATIVE = "legal-representative", _("法定代表人")
        HEAD = "head", _("负责人")
        OPERATOR = "operator", _("经营者")

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    entity = models.ForeignKey(Entity, on_delete=models.PROTECT, related_name="persons")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="entities")
    role = models.CharField(max_length=30, choices=Role)
    begins = models.DateField(null=True)
    ends = models.DateField(null=True)

    class Meta:
        verbose_name = _("主体人员")
