"""Loading the rows that come with a version of the program; to load the same again changes nothing."""

import hashlib
from collections.abc import Iterable
from datetime import date

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.lawbase import files, kinds, queries
from xiezhi.lawbase.models import Kind, LawItem, Origin
from xiezhi.lawbase.news import tell_of_change
from xiezhi.lawbase.rights import MANAGE, STREAM, demand
from xiezhi.record.acts import act, at, emit, unchanged


@act("lawbase.release_loaded", "lawbase.calendar_loaded")
def load_release(actor: Actor) -> list[dict[str, object]]:
    """Take the shipped rows into the tables; answers, a kind each, what was added, changed and held back.

    A row that differs from what the last release said becomes a new version from today on. Where the office keeps
    a version of its own, that stays in force and the release's is kept beside it, never in force (held).
    """
    demand(actor, MANAGE, "")
    before = queries.calendar() if LawItem.objects.filter(kind=Kind.NOTICE).exists() else None
    today = clock.day(at())
    done = [_load_kind(actor, kind, today) for kind in Kind.values]
    if not any(counts[name] for counts in done for name in ("added", "changed", "held")):
        unchanged()
        return done
    digests = "".join(item.digest for kind in Kind.values for item in kinds.shipped(kind))
    emit(
        "lawbase.release_loaded",
        stream=STREAM,
        subject="lawbase:release",
        data={"kinds": done, "digest": hashlib.sha256(digests.encode()).hexdigest()},
    )
    if before is not None:
        _tell_of_release(before)
    return done


def _load_kind(actor: Actor, kind: str, today: date) -> dict[str, object]:
    stored: dict[tuple[str, str], list[LawItem]] = {}
    for item in LawItem.objects.filter(kind=kind).order_by("version"):
        stored.setdefault((item.code, item.scope), []).append(item)
    counts = {"added": 0, "changed": 0, "held": 0}
    fresh: list[LawItem] = []
    for row in kinds.shipped(kind):
        versions = stored.get((row.code, row.scope), [])
        outcome = _outcome(row, versions)
        if outcome:
            counts[outcome] += 1
            fresh.append(_version(actor, row, versions, outcome, today))
    LawItem.objects.bulk_create(fresh)
    return {"kind": kind, **counts}


def _outcome(row: LawItem, versions: list[LawItem]) -> str:
    """What the release's row is to what is stored: nothing new, added, changed, or held back."""
    if not versions:
        return "added"
    if any(v.digest == row.digest for v in _last(versions)):
        return ""
    current = [v for v in versions if v.valid_to is None and not v.withdrawn]
    if not current or current[0].origin == Origin.RELEASE:
        return "changed"
    return "held"


def _last(versions: list[LawItem]) -> Iterable[LawItem]:
    """What the row is measured against: the last that a release said, and what is in force."""
    yield from [v for v in versions if v.origin == Origin.RELEASE][-1:]
    yield from (v for v in versions if v.valid_to is None and not v.withdrawn)


def _version(actor: Actor, row: LawItem, versions: list[LawItem], outcome: str, today: date) -> LawItem:
    if outcome == "changed":
        LawItem.objects.filter(pk__in=[v.pk for v in versions if v.valid_to is None]).update(valid_to=today)
    return LawItem(
        id=clock.new_id(),
        kind=row.kind,
        code=row.code,
        scope=row.scope,
        version=len(versions) + 1,
        title=row.title,
        payload=row.payload,
        digest=row.digest,
        source=row.source,
        mark=row.mark,
        origin=Origin.RELEASE,
        valid_from=None if outcome == "added" else today,
        valid_to=today if outcome == "held" else None,
        loaded_by=actor.id,
        loaded_at=at(),
    )


def _tell_of_release(before: files.WorkCalendar) -> None:
    """A release that brings a year's notice is news like an administrator's."""
    after = queries.calendar()
    for year in sorted(after.years - before.years):
        item = LawItem.objects.current().get(kind=Kind.NOTICE, code=f"{year}-1")
        tell_of_change(item, before, after)
