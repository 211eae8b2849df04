"""Officers with what qualifies and what bars them, and assistants, who are none."""

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.people.scope import Scoped

from .agencies import Agency
from .dated import Dated, order_constraint


class Officer(Scoped):
    """One who may hold an enforcement certificate (执法人员).

    unit     where he serves; ``agency`` of the scope is its path, kept beside it: the read gate needs no join
    skills   codes of what he is trained for, e.g. ``"tower-crane"``
    state    ``serving`` or ``left``; a projection
    """

    read_ability = "people.read"
    SERVING, LEFT = "serving", "left"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="officers")
    name = models.CharField(max_length=60)
    skills = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=SERVING)
    rev = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["agency", "state"])]

    def __str__(self) -> str:
        return self.name


class Assistant(Scoped):
    """辅助人员: helps officers, is none, and never holds an enforcement ability."""

    read_ability = "people.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    unit = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="assistants")
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default=Officer.SERVING)

    def __str__(self) -> str:
        return self.name


class Certificate(Dated):
    """An enforcement certificate (执法证): number, scope, authority, validity; one may have several.

    scope        as printed on the certificate
    scopes       codes of fields of enforcement that it covers, e.g. ``"construction"``; what draws compare
    authority    who issued it, e.g. 省司法厅
    revoked_on   first day on which it holds no more; a projection
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="certificates")
    number = models.CharField(max_length=40)
    scope = models.CharField(max_length=200)
    scopes = models.JSONField(default=list)
    authority = models.CharField(max_length=60)
    revoked_on = models.DateField(null=True)

    class Meta:
        constraints = [
            order_constraint("certificate_order"),
            models.UniqueConstraint(fields=["authority", "number"], name="certificate_number"),
        ]


class Leave(Dated):
    """Days on which an officer is not at hand. A cancelled leave stays, marked."""

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(max_length=20)
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [order_constraint("leave_order")]


class DeclaredRelation(Dated):
    """A relation that an officer declared, so that he is not sent there (回避).

    entity   unified social credit code of a firm, or empty
    person   keyed hash of a person's number, or empty; one of the two
    kind     how they are related: a code of ``services.officers.RELATIONS``
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="relations")
    kind = models.CharField(max_length=20)
    entity = models.CharField(max_length=18, default="", blank=True)
    person = models.CharField(max_length=80, default="", blank=True)

    class Meta:
        constraints = [
            order_constraint("relation_order"),
            models.CheckConstraint(
                condition=(Q(entity="") & ~Q(person="")) | (~Q(entity="") & Q(person="")), name="relation_one_side"
            ),
        ]
        indexes = [models.Index(fields=["entity"]), models.Index(fields=["person"])]
