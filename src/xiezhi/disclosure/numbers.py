"""What the page of inspections' numbers says of publication: results published within their limit."""

from collections.abc import Iterator
from datetime import date

from django.db.models import F, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.calendar import SHANGHAI
from xiezhi.inspection import numbers
from xiezhi.inspection.numbers import Figure, Scope, Section

from . import queries
from .codes import Kind, State
from .models import READ


def published_in_time(actor: Actor, scope: Scope) -> Iterator[Section]:
    """Results whose limit is counted from a day of the year; nothing for those who may not read publications."""
    if not actor.paths(READ):
        return
    year = (date(scope.year, 1, 1), date(scope.year, 12, 31))
    rows = queries.visible_to(actor).filter(
        agency__startswith=scope.agency, kind=Kind.RESULT, due_from__range=year
    )
    rows = rows.exclude(state=State.STOPPED)
    # The day in Shanghai on which it was signed; the limit's last day counts as in time.
    signed = rows.annotate(day=TruncDate("published_at", tzinfo=SHANGHAI)).filter(published_at__isnull=False)
    whole, in_time = rows.count(), signed.filter(Q(due_on=None) | Q(day__lte=F("due_on"))).count()
    late, overdue = signed.count() - in_time, queries.overdue(rows, scope.today).count()
    address = reverse("disclosure:publications")
    yield Section(
        "published",
        _("结果按期公示"),
        [
            Figure(
                _("按期公示"),
                _("%(share)s（%(part)s/%(whole)s）")
                % {"share": numbers.share(in_time, whole), "part": in_time, "whole": whole},
                _(
                    "在公示期限（20 个工作日，待核）最后一日及以前公示的检查结果，"
                    "除以期限自本年起算的全部检查结果；不再公示的不计。"
                ),
                f"{address}?kind={Kind.RESULT}",
            ),
            Figure(_("逾期后公示"), str(late), _("已公示，但晚于期限。"), f"{address}?kind={Kind.RESULT}"),
            Figure(_("逾期未公示"), str(overdue), _("期限已过，仍未公示。"), f"{address}?waiting=overdue"),
        ],
    )  # fmt: skip


numbers.register(published_in_time)
