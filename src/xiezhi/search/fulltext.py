"""The door of the index.

fulltext.index("draw.object", ref, title, text, at, agency, public)   # in the transaction of the act
fulltext.find("示例建设", kinds={"draw.object": ""}, actor=PUBLIC)       # newest first
fulltext.find("…", kinds={…}, actor=…, before=hits[-1].cursor)         # the next page
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet

from xiezhi.core.actor import Actor

from . import fts5, gin, grams
from .engine import Engine, Scope
from .models import Entry

BATCH = 500
ATTEMPTS = 4
SLOTS = 1024  # ids within one millisecond
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TITLE = 400
_CONTENT = ("title", "body", "at", "agency", "public")


@dataclass(frozen=True, slots=True)
class Document:
    """What is to be found: as the arguments of :func:`index`."""

    kind: str
    ref: str
    title: str
    text: str
    at: datetime
    agency: str
    public: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """What was found; ``cursor`` is what :func:`find` takes as ``before`` for what follows. ``at`` is in UTC."""

    kind: str
    ref: str
    title: str
    text: str
    at: datetime
    agency: str
    public: bool
    cursor: int


def index(kind: str, ref: str, title: str, text: str, at: datetime, agency: str, public: bool) -> None:
    """Let one thing, ``(kind, ref)``, be found, or found anew. ``at`` is aware and orders the answers."""
    index_many([Document(kind, ref, title, text, at, agency, public)])


def index_many(documents: Iterable[Document]) -> None:
    """:func:`index` for many, in one transaction; of two for the same thing the later one stays."""
    source = iter(documents)
    with transaction.atomic():
        while batch := list(islice(source, BATCH)):
            _index_batch(list({(document.kind, document.ref): document for document in batch}.values()))


def remove(kind: str, ref: str) -> None:
    """Let it no longer be found; nothing happens where it was not."""
    remove_many(kind, [ref])


def remove_many(kind: str, refs: Sequence[str]) -> None:
    """:func:`remove` for many, in one transaction."""
    with transaction.atomic():
        for start in range(0, len(refs), BATCH):
            wanted = refs[start : start + BATCH]
            _drop(list(Entry.objects.select_for_update().filter(kind=kind, ref__in=wanted)))


def find(
    query: str,
    *,
    kinds: Mapping[str, str],
    actor: Actor,
    before: int | None = None,
    limit: int = 50,
) -> list[Hit]:
    """What ``actor`` may see and what holds every run of ``query`` (see ``grams``), newest first.

    ``kinds`` maps each kind looked for to the ability that opens its entries that are not public, within the
    subtrees where the actor holds it; ``""``: only what is public. An empty query finds everything in scope; one
    without a letter or digit finds nothing. ``limit`` is 1 to 1,000.
    """
    if not 1 <= limit <= 1000:
        raise ValueError("limit is 1 to 1,000")
    asked = grams.asked(query)
    if not kinds or (query.strip() and not asked):
        return []
    scopes = [Scope(kind, actor.paths(ability) if ability else ()) for kind, ability in sorted(kinds.items())]
    ids = _engine().find(asked, scopes, before, limit)
    entries = Entry.objects.in_bulk(ids)
    return [_hit(entries[id_]) for id_ in ids if id_ in entries]


def matching(query: str, kind: str) -> "QuerySet[Entry]":
    """All entries of ``kind`` that hold every run of ``query``, for narrowing rows that the actor may see anyway.

    Rights are the caller's: ``rows.visible_to(actor).filter(pk__in=matching(…).values(…))``.
    """
    asked = grams.asked(query)
    if not asked:
        return Entry.objects.none()
    # The kind is asked for twice: a cast of ``ref`` in a join must not meet another kind's refs.
    return Entry.objects.filter(kind=kind, pk__in=_engine().matching(asked, [Scope(kind, ("/",))]))


def rebuild() -> int:
    """Write the engine's tables anew; answers how many entries. After a change of ``grams``, or damage."""
    engine, count, last = _engine(), 0, None
    with transaction.atomic():
        engine.clear()
        while batch := list(_after(last)[:BATCH]):
            engine.write(batch)
            count += len(batch)
            last = batch[-1].pk
    return count


def _engine() -> Engine:
    return gin.Gin() if connection.vendor == "postgresql" else fts5.Fts5()


def _after(last: int | None) -> QuerySet[Entry]:
    entries = Entry.objects.order_by("pk")
    return entries if last is None else entries.filter(pk__gt=last)


def _index_batch(documents: list[Document]) -> None:
    """Again where another transaction took an id, or indexed the same thing, in the meantime."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _write(documents)
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise
    return None


def _write(documents: list[Document]) -> None:
    same = Q()
    for kind in {document.kind for document in documents}:
        same |= Q(kind=kind, ref__in=[document.ref for document in documents if document.kind == kind])
    stored = {(entry.kind, entry.ref): entry for entry in Entry.objects.select_for_update().filter(same)}
    wanted = [_entry(document) for document in documents]
    wanted = [entry for entry in wanted if not _same(entry, stored.get((entry.kind, entry.ref)))]
    if not wanted:
        return
    old = [stored[key] for entry in wanted if (key := (entry.kind, entry.ref)) in stored]
    _engine().erase(old)
    _number(wanted, stored)
    # A stored row is changed in place, its id too: deleted and inserted, it would slip from another writer's lock.
    for entry in wanted:
        if (entry.kind, entry.ref) in stored:
            values = {name: getattr(entry, name) for name in ("id", *_CONTENT)}
            Entry.objects.filter(kind=entry.kind, ref=entry.ref).update(**values)
    Entry.objects.bulk_create([entry for entry in wanted if (entry.kind, entry.ref) not in stored])
    _engine().write(wanted)


def _entry(document: Document) -> Entry:
    return Entry(
        kind=document.kind,
        ref=document.ref,
        title=_clean(document.title)[:_TITLE],
        body=_clean(document.text),
        at=document.at,
        agency=document.agency,
        public=document.public,
    )


def _same(entry: Entry, stored: Entry | None) -> bool:
    return stored is not None and all(getattr(entry, name) == getattr(stored, name) for name in _CONTENT)


def _drop(entries: list[Entry]) -> None:
    if entries:
        _engine().erase(entries)
        Entry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()


def _number(entries: list[Entry], stored: Mapping[tuple[str, str], Entry]) -> None:
    """Give each its id: the one it had if its time is the same, else a free one."""
    moved = []
    for entry in entries:
        before = stored.get((entry.kind, entry.ref))
        if before is not None and before.at == entry.at:
            entry.pk = before.pk
        else:
            moved.append(entry)
    for entry, id_ in zip(moved, _free_ids(moved), strict=True):
        entry.pk = id_


def _free_ids(entries: Sequence[Entry]) -> list[int]:
    """An id for each, at its millisecond; where that is crowded, some milliseconds later.

    Round by round, who found no place looks within twice as many milliseconds: 50,000 of one moment end within
    the next tenth of a second.
    """
    firsts = [_milliseconds(entry.at) * SLOTS for entry in entries]
    ids = [0] * len(entries)
    used: set[int] = set()
    waiting, turn = list(range(len(ids))), 0
    while waiting:
        for nth in waiting:
            ids[nth] = firsts[nth] + _spread(entries[nth], turn)
        taken = used | set(Entry.objects.filter(pk__in=[ids[nth] for nth in waiting]).values_list("pk", flat=True))
        crowded_out = []
        for nth in waiting:
            if ids[nth] in taken:
                crowded_out.append(nth)
            else:
                taken.add(ids[nth])
                used.add(ids[nth])
        waiting, turn = crowded_out, turn + 1
    return ids


def _milliseconds(at: datetime) -> int:
    difference = at - _EPOCH
    return max(0, (difference.days * 86_400 + difference.seconds) * 1000 + difference.microseconds // 1000)


def _spread(entry: Entry, turn: int) -> int:
    """So that two who publish in the same millisecond seldom want the same id; ``turn``: of looking for one."""
    # A true hash: with a linear one (CRC), who met once would meet at every turn.
    digest = hashlib.sha256(f"{turn}\n{entry.kind}\n{entry.ref}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % (SLOTS << turn)


def _clean(text: str) -> str:
    """Without what no database takes: NUL and lone surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _hit(entry: Entry) -> Hit:
    return Hit(
        kind=entry.kind,
        ref=entry.ref,
        title=entry.title,
        text=entry.body,
        at=entry.at,
        agency=entry.agency,
        public=entry.public,
        cursor=entry.pk,
    )
