"""Limits and terms: until when a thing is to be published, how long it stands, when an objection is answered."""

from datetime import date

from django.utils.translation import gettext

from xiezhi.core.calendar.months import MONTHS_A_YEAR, add_months
from xiezhi.core.law import Deadline
from xiezhi.lawbase import queries as law
from xiezhi.lawbase.queries import Place

from .codes import Change, Kind
from .kinds import KINDS
from .models import Objection, Publication

ANSWER = "answer_disclosure_objection"


def due(kind: str, since: date) -> Deadline:
    """The limit within which something of ``kind`` is to be published."""
    return law.due(KINDS[kind].rule, since)


def explained(row: Publication) -> tuple[list[str], list[str]]:
    """How the stored limit was counted, step by step, and under which reservations (待核, 预估), as sentences."""
    if row.due_from is None:
        return [], []
    found = law.due(row.due_rule, row.due_from)
    return [step.text(gettext) for step in found.steps], [step.text(gettext) for _mark, step in found.reservations]


def doubtful(row: Publication | Objection) -> bool:
    """Whether the limit is 待核."""
    day = row.due_on
    return day is not None and not law.rule(row.due_rule, day).verified


def expires_on(kind: str, published: date, district: str, agency: str) -> date | None:
    """The last day of the term of publication; None where no figure sets one here."""
    key = KINDS[kind].term
    if not key:
        return None
    try:
        found = law.figure(key, published, Place(district, agency))
    except LookupError:
        return None
    return add_months(published, MONTHS_A_YEAR * found.value) if isinstance(found.value, int) else None


def over(row: Publication, today: date) -> bool:
    """Whether its term ended before ``today``, or a newer version that is in force is public in its stead."""
    if row.expires_on is not None and row.expires_on < today:
        return True
    if row.kind != Kind.ITEM or row.source_change != Change.REPLACED:
        return False
    source = KINDS[row.kind].find(row.subject)
    newer = source.row.successor(today) if source else None
    return newer is not None and Publication.objects.filter(kind=Kind.ITEM, subject=newer.pk, shown__gt=0).exists()
