"""Ordering a run in the background, and how far it is."""

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from xiezhi.core import canonical
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Refusal, Refused
from xiezhi.jobs import queue
from xiezhi.jobs.models import ENDED, Job
from xiezhi.registry.models import ImportBatch
from xiezhi.registry.steps import ORDERED, demand_state


def order(actor: Actor, batch: ImportBatch, step: str, **args: canonical.Json) -> Job:
    """Order ``stage_import``, ``apply_import`` or ``undo_import``.

    ``Refused`` while another run of the batch is under way, or in a state that the step does not follow on.
    """
    name = f"registry.{step}"
    with transaction.atomic():
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        given = {"batch": str(batch.pk), **args}
        job = queue.enqueue(actor, name, once=f"import:{batch.pk}", **given)
        if job.name != name or job.args != given:
            raise Refused(
                Refusal(
                    "xz-registry-import-busy",
                    "",
                    _("这一批次的“%(title)s”还没有结束。"),
                    _("请等它结束，或先取消它。"),
                    {"title": job.title},
                )
            )
        demand_state(batch, ORDERED[step])
        ImportBatch.objects.filter(pk=batch.pk).update(job=job.pk)
    return job


def current(batch: ImportBatch) -> Job | None:
    """The job last ordered for a batch. Who may see the batch may see how far it is."""
    return Job.objects.filter(pk=batch.job).first() if batch.job else None


def doing() -> Subquery:
    """To annotate batches with: the name of the job that waits or runs for each, None where none does."""
    return Subquery(Job.objects.filter(pk=OuterRef("job")).exclude(state__in=ENDED).values("name")[:1])
