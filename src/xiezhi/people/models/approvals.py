"""The approval matrix (which act passes through whom) and the approvals that run on it."""

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.people import flow
from xiezhi.people.scope import Scoped, ScopedQuerySet, account_id

from .accounts import Account
from .dated import Dated, order_constraint
from .letters import SubstituteAuthorisation
from .letters import in_force as authorisation_in_force


class ApprovalRoute(Dated):
    """A version of the way that an act of one kind takes in the subtree of ``agency``; it is never edited.

    kind       code of the act, e.g. ``"inspection.plan"``
    steps      stored form of :class:`xiezhi.people.flow.Step`, in order, after the applicant
    version    counts within (kind, agency); an approval keeps the one it began with
    source     where the order is written down (document and date), so that a reader can check it
    """

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=60)
    agency = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    steps = models.JSONField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            order_constraint("route_order"),
            models.UniqueConstraint(fields=["kind", "agency", "version"], name="route_version"),
            models.UniqueConstraint(fields=["kind", "agency"], condition=Q(valid_to=None), name="route_one_open"),
        ]

    @property
    def path(self) -> tuple[flow.Step, ...]:
        """The steps as values."""
        return flow.steps_from(self.steps)


class ApprovalQuerySet(ScopedQuerySet):
    """Approvals; one's own are visible to the applicant wherever he sits."""

    def visible_to(self, actor: Actor) -> "ApprovalQuerySet":
        """In his subtree by ability, by grant, his own, or for which he is an authorised substitute today."""
        seen = super().visible_to(actor)
        person = account_id(actor)
        if person is None or actor.kind != "officer":
            return seen  # type: ignore[return-value]
        mine = self.filter(Q(submitted_by=person) | Q(opinions__account=person)).values("pk")
        held = SubstituteAuthorisation.objects.filter(authorisation_in_force(clock.today()), substitute=person)
        under = _any(Q(agency__startswith=path) for path in held.values_list("agency", flat=True))
        return self.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=mine) | under)


class Approval(Scoped):
    """One act asked for: the form that prints every opinion, name and time.

    subject   ``"kind:id"`` of what is to be approved; its title is kept as it was shown
    state, step, round, waiting, decided_at   projections of the approval's events
    waiting   role codes that owe an opinion now, ``",a,b,"``; empty when nobody does
    """

    read_ability = "approval.read"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    title = models.CharField(max_length=200)
    route = models.ForeignKey(ApprovalRoute, on_delete=models.PROTECT, related_name="approvals")
    submitted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="approvals")
    submitted_at = models.DateTimeField()
    state = models.CharField(max_length=12, default=flow.PENDING)
    step = models.PositiveSmallIntegerField(default=1)
    round = models.PositiveSmallIntegerField(default=1)
    waiting = models.CharField(max_length=400, default="", blank=True)
    decided_at = models.DateTimeField(null=True)
    rev = models.PositiveIntegerField(default=1)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["district", "kind", "subject"], condition=Q(state__in=flow.OPEN), name="approval_one_open"
            )
        ]
        indexes = [models.Index(fields=["state", "agency"]), models.Index(fields=["subject"])]

    @property
    def place(self) -> flow.Place:
        """Where it stands, as a value."""
        return flow.Place(self.state, self.step, self.round, tuple(filter(None, self.waiting.split(","))))

    def __str__(self) -> str:
        return self.title


class ApprovalOpinion(models.Model):
    """What one said on an approval; never changed. Names are those of the day.

    number      counts the approval's opinions in the order in which they were given
    step        0 for the applicant
    decision    submit, agree, return, resubmit, withdraw
    return_to   the step it was sent back to, for ``return``
    principal   for whom a substitute spoke, with the authorisation that let him
    """

    SUBMIT, AGREE, RETURN, RESUBMIT, WITHDRAW = "submit", "agree", "return", "resubmit", "withdraw"

    id = models.UUIDField(primary_key=True, default=clock.new_id, editable=False)
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="opinions")
    number = models.PositiveSmallIntegerField()
    round = models.PositiveSmallIntegerField()
    step = models.PositiveSmallIntegerField()
    step_title = models.CharField(max_length=40)
    role = models.CharField(max_length=40, default="", blank=True)
    decision = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    minutes = models.CharField(max_length=80, default="", blank=True)
    return_to = models.PositiveSmallIntegerField(null=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="opinions")
    name = models.CharField(max_length=60)
    principal = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    principal_name = models.CharField(max_length=60, default="", blank=True)
    authorisation = models.ForeignKey(SubstituteAuthorisation, null=True, on_delete=models.PROTECT)
    at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["approval", "number"], name="opinion_number")]


def _any(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found
