"""Objections to what is published (公示异议): anyone may raise one; it is answered, and leads to what it leads to."""

import secrets
import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, NotFound
from xiezhi.disclosure import gate, guards, terms, texts
from xiezhi.disclosure.codes import ObjectionState
from xiezhi.disclosure.models import OBJECTIONS, Objection, Publication
from xiezhi.lawbase import queries as law
from xiezhi.record.acts import act, at, emit

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MOST = 2000


@act("disclosure.objection_received")
def object_to(actor: Actor, publication: uuid.UUID, *, name: str, contact: str, text: str) -> Objection:
    """Say that what is published is wrong. Who, how to reach him and his words stay in the event's private part.

    :raises NotFound: it is not public (any more)
    """
    row = Publication.objects.filter(pk=publication, shown__gt=0).first()
    if row is None:
        raise NotFound(f"publication {publication}")
    texts.demand(name=name, contact=contact)
    texts.demand_long(MOST, text=text)
    today = clock.day(at())
    made = Objection(
        publication=row,
        version=row.shown,
        number=f"YY{today:%Y%m%d}-{''.join(secrets.choice(ALPHABET) for _place in range(10))}",
        agency=row.agency,
        district=row.district,
        sensitivity=2,
    )
    made.stream = f"objection:{made.id}"
    made.save(force_insert=True)
    limit = law.due(terms.ANSWER, today)
    emit(
        **_scope(made),
        data={
            "objection": str(made.id),
            "publication": str(row.id),
            "version": row.shown,
            "rule": limit.rule.id,
            "due_on": limit.due.isoformat(),
        },
        private={"name": name, "contact": contact, "text": text},
    )
    made.refresh_from_db()
    return made


@act("disclosure.objection_answered")
def answer(actor: Actor, objection: uuid.UUID, *, rev: int, state: str, text: str) -> Objection:
    """Answer it. What is upheld is then corrected or taken down by those acts, which the page offers.

    state   upheld or rejected
    text    what the objector reads under his number
    """
    row: Objection = gate.locked_row(actor, Objection, objection, rev, OBJECTIONS)
    guards.demand(guards.open_objection(row))
    if state not in (ObjectionState.UPHELD, ObjectionState.REJECTED):
        raise Invalid({"state": [_("请选择异议是否成立。")]})
    texts.demand_long(MOST, text=text)
    emit(
        **_scope(row),
        data={"objection": str(row.id), "publication": str(row.publication_id), "state": state},
        private={"answer": text},
    )
    row.refresh_from_db()
    return row


def _scope(row: Objection) -> dict[str, str]:
    return {
        "stream": row.stream,
        "subject": f"objection:{row.id}",
        "agency": row.agency,
        "district": row.district,
    }
