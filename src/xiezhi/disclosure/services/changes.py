"""What is public is corrected, taken down, or its term ends; every channel is told."""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.disclosure import content, gate, guards, kinds, sending, terms, texts, versions
from xiezhi.disclosure.codes import STANDING, Action, Ground, Kind, State
from xiezhi.disclosure.models import Publication
from xiezhi.record.acts import act, at, emit, unchanged


@act("disclosure.prepared")
def correct(actor: Actor, publication: uuid.UUID, *, rev: int, reason: str, waiver: str = "") -> Publication:
    """Prepare a new version from the source as it is now; the old one stays public until another signs it.

    reason   published with the new version
    """
    row = gate.locked(actor, publication, rev, *gate.CORRECT)
    guards.demand(guards.in_state(row, (State.PUBLISHED,), _("更正")))
    texts.demand_publishable(_names(row), reason=reason)
    versions.make(row, reason=reason, waiver=waiver)
    return row


@act("disclosure.withdrawn")
def withdraw(actor: Actor, publication: uuid.UUID, *, rev: int, ground: str, text: str) -> Publication:
    """Take it down at once, on every channel; its page then says that it was, and on which ground.

    text   published beside the ground; it does not name whom the publication was about
    """
    row = gate.locked(actor, publication, rev, gate.SIGN)
    guards.demand(guards.in_state(row, STANDING, _("撤下")))
    if ground not in Ground.values:
        raise Invalid({"ground": [_("请选择撤下的事由。")]})
    texts.demand_publishable(_names(row), text=text)
    texts.demand_without(_subjects(row), text=text)
    row.withdraw_text = text
    row.save(update_fields=["withdraw_text"])
    emit(
        **gate.scope(row),
        data={"publication": str(row.id), "version": row.shown, "ground": ground},
        private={"reason": text},
    )
    return _gone(row)


@act("disclosure.expired")
def expire(actor: Actor, publication: uuid.UUID) -> Publication:
    """Its term is over, or a newer version of the item is in force and public; the system's own act, done once.

    :raises Denied: anyone but the system itself
    """
    gate.itself(actor)
    row = Publication.objects.select_for_update().get(pk=publication)
    if row.state not in STANDING or not terms.over(row, clock.day(at())):
        unchanged()
        return row
    row.rev += 1
    row.save(update_fields=["rev"])
    emit(**gate.scope(row), data={"publication": str(row.id), "version": row.shown})
    return _gone(row)


def _gone(row: Publication) -> Publication:
    row.refresh_from_db()
    sending.send(row, Action.WITHDRAW, content.digest(content.notice_of_withdrawal(row)), at())
    return row


def _names(row: Publication) -> list[str]:
    source = kinds.KINDS[row.kind].find(row.subject)
    return source.names() if source else []


def _subjects(row: Publication) -> list[str]:
    source = kinds.KINDS[row.kind].find(row.subject)
    # The title is the name as it was shown, where that of today is another or its source is gone.
    shown = [row.title] if row.kind == Kind.RESULT else []
    return [*shown, *(source.subjects() if source else [])]
