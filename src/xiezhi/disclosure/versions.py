"""The next version of a publication, from the whitelisted fields of its source."""

from django.utils.translation import gettext as _

from xiezhi import clock
from xiezhi.record.acts import at, emit

from . import content, gate, guards, kinds, texts
from .models import Publication, PublicationVersion


def make(row: Publication, *, reason: str = "", waiver: str = "") -> PublicationVersion:
    """The next version of a locked row, with ``disclosure.prepared``; inside of an act that names that event.

    :raises Refused: the source may not be shown
    """
    texts.demand_plain(reason=reason, waiver=waiver)
    source = kinds.KINDS[row.kind].find(row.subject)
    guards.demand(guards.stands(source))
    shown = kinds.project(row.kind, source, clock.day(at()))
    # One that was sent back gives way: its words stay in the record.
    row.versions.filter(signed_event=None).delete()
    last = row.versions.first()
    version = PublicationVersion(
        publication=row,
        number=(last.number if last else 0) + 1,
        title=shown.title[:300],
        fields=shown.fields,
        target_code=shown.code,
        outcome=shown.outcome,
        reason=reason,
        waiver=waiver,
    )
    version.digest = content.digest(content.of(row, version))
    version.save(force_insert=True)
    row.return_reason = ""
    row.save(update_fields=["return_reason"])
    emit(
        "disclosure.prepared",
        **gate.scope(row),
        data={
            "publication": str(row.id),
            "version": version.number,
            "version_id": str(version.id),
            "corrects": row.shown,
        },
        private={
            "title": version.title,
            "fields": version.fields,
            "digest": version.digest,
            "reason": reason,
            "waiver": waiver,
        },
    )
    row.refresh_from_db()
    version.refresh_from_db()
    return version


def whole(row: Publication, version: PublicationVersion) -> dict[str, list[str]]:
    """Nothing where the stored words are still those that were prepared; else what to do, as a form's errors."""
    if version.digest == content.digest(content.of(row, version)):
        return {}
    return {"": [_("待签发的内容与拟定时的摘要不符，请退回重新拟定。")]}
