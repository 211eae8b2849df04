"""The work list fills itself: what becomes due, and what became of a source meanwhile. The system's own acts."""

import uuid
from datetime import date

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.disclosure import gate, terms
from xiezhi.disclosure.codes import STANDING, Change, State
from xiezhi.disclosure.kinds import KINDS
from xiezhi.disclosure.models import Publication
from xiezhi.record.acts import act, at, emit, unchanged
from xiezhi.record.models import Event


@act("disclosure.due")
def note_due(actor: Actor, *, kind: str, subject: uuid.UUID, source: uuid.UUID) -> Publication | None:
    """Something of ``kind`` is to be published from now on, by event ``source``; once, however often the news comes.

    None where the source is gone.
    :raises Denied: anyone but the system itself
    """
    gate.itself(actor)
    found = KINDS[kind].find(subject)
    if found is None:
        unchanged()
        return None
    key = {"district": found.district, "agency": found.agency, "kind": kind, "subject": subject}
    known = Publication.objects.filter(**key).first()
    if known is not None:
        unchanged()
        return known
    row = Publication(**key, source_event=source, working_title=found.working_title[:300])
    row.stream = f"publication:{row.id}"
    row.save(force_insert=True)
    since = found.since or _day_of(source)
    limit = terms.due(kind, since)
    emit(
        **gate.scope(row),
        data={
            "publication": str(row.id),
            "kind": kind,
            "subject": str(subject),
            "source": str(source),
            "rule": limit.rule.id,
            "starts": since.isoformat(),
            "due_on": limit.due.isoformat(),
        },
    )
    row.refresh_from_db()
    return row


@act("disclosure.source_changed", "disclosure.stopped")
def note_change(actor: Actor, *, publication: uuid.UUID, change: str, source: uuid.UUID) -> Publication:
    """The source changed, by event ``source``.

    What nobody has seen yet is stopped where its source may not be shown any more; what is public is marked on the
    work list, since taking it down or mending it is a person's decision.
    :raises Denied: anyone but the system itself
    """
    gate.itself(actor)
    row = Publication.objects.select_for_update().get(pk=publication)
    told = {"publication": str(row.id), "change": Change(change), "source": str(source)}
    if row.state in STANDING and row.source_change_event != source:
        emit("disclosure.source_changed", **gate.scope(row), data=told)
    elif row.state in (State.DUE, State.PREPARED) and _gone(row, Change(change)):
        row.rev += 1
        row.save(update_fields=["rev"])
        emit("disclosure.stopped", **gate.scope(row), data=told)
    else:
        unchanged()
    row.refresh_from_db()
    return row


def _day_of(event: uuid.UUID) -> date:
    """The day of the event that made it due; a relay that lagged grants no more time."""
    found = Event.objects.filter(pk=event).values_list("occurred_at", flat=True).first()
    return clock.day(found or at())


def _gone(row: Publication, change: Change) -> bool:
    if change == Change.MOVED_ON:
        return False
    source = KINDS[row.kind].find(row.subject)
    return source is None or bool(source.void) or change == Change.REPLACED
