"""From the work list to the public: prepared by one, sent back or signed by another."""

import uuid

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.disclosure import gate, guards, kinds, scanning, sending, terms, texts, versions
from xiezhi.disclosure.codes import UNSIGNED, Action, State
from xiezhi.disclosure.models import Publication, PublicationVersion
from xiezhi.record.acts import act, at, emit


@act("disclosure.prepared")
def prepare(actor: Actor, publication: uuid.UUID, *, rev: int, waiver: str = "") -> Publication:
    """Make what is to be shown from the whitelisted fields of the source, for a second person to sign.

    waiver   why hints of the scan do not matter; may also be given at the signature
    :raises Refused: out of order, or the source may not be shown (a visit is ahead, a draw is void)
    """
    row = gate.locked(actor, publication, rev, gate.PREPARE)
    guards.demand(guards.in_state(row, (State.DUE,), _("拟定")))
    versions.make(row, waiver=waiver)
    return row


@act("disclosure.returned")
def send_back(actor: Actor, publication: uuid.UUID, *, rev: int, reason: str) -> Publication:
    """Send what was prepared back, with what is to be mended; what is public meanwhile stays so."""
    row = gate.locked(actor, publication, rev, gate.SIGN)
    guards.demand(guards.in_state(row, UNSIGNED, _("退回")))
    texts.demand(reason=reason)
    row.return_reason = reason
    row.save(update_fields=["return_reason"])
    emit(
        **gate.scope(row),
        data={"publication": str(row.id), "version": row.pending, "standing": bool(row.shown)},
        private={"reason": reason},
    )
    row.refresh_from_db()
    return row


@act("disclosure.signed", "disclosure.corrected")
def sign(actor: Actor, publication: uuid.UUID, *, rev: int, waiver: str = "") -> Publication:
    """A second person has compared it with its source: it is public from now on, and goes to every channel.

    :raises Refused: he prepared it, the source changed or may not be shown, or the scan found what bars it
    """
    row = gate.locked(actor, publication, rev, gate.SIGN)
    guards.demand(guards.in_state(row, UNSIGNED, _("签发")))
    version: PublicationVersion = row.versions.get(number=row.pending)
    source = kinds.KINDS[row.kind].find(row.subject)
    guards.demand(guards.second_person(version, actor), guards.stands(source))
    now = kinds.project(row.kind, source, clock.day(at()))
    guards.demand(guards.same_as_source(version, now.title[:300], now.fields))
    texts.demand_plain(waiver=waiver)
    if waiver:
        version.waiver = waiver
        version.save(update_fields=["waiver"])
    places = scanning.look(version, source.names())
    guards.demand(guards.nothing_barred(places), guards.warnings_answered(places, version.waiver))
    if wrong := versions.whole(row, version):
        raise Invalid(wrong)
    return _publish(row, version, now.year)


def _publish(row: Publication, version: PublicationVersion, year: int) -> Publication:
    correction = bool(row.shown)
    first = clock.day(row.published_at) if row.published_at else clock.day(at())
    expires = terms.expires_on(row.kind, first, row.district, row.agency)
    row.title, row.target_code, row.outcome = version.title, version.target_code, version.outcome
    row.year = year
    row.save(update_fields=["title", "target_code", "outcome", "year"])
    emit(
        "disclosure.corrected" if correction else "disclosure.signed",
        **gate.scope(row),
        data={
            "publication": str(row.id),
            "version": version.number,
            "version_id": str(version.id),
            "kind": row.kind,
            "digest": version.digest,
            "expires_on": expires.isoformat() if expires else None,
        },
    )
    row.refresh_from_db()
    sending.send(row, Action.REPLACE if correction else Action.PUBLISH, version.digest, at())
    return row
