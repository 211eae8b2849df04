"""What the full-text index holds of entities and projects: names, former names, codes, numbers, addresses.

Acts feed it in their own transaction. An import leaves it to a job that follows (``jobs.index_import``), for the
index costs about as much as the rows themselves; until then a new firm is found by its code alone.
"""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet, UUIDField
from django.db.models.functions import Cast

from xiezhi.search import fulltext
from xiezhi.search.fulltext import Document
from xiezhi.search.models import Entry
from xiezhi.search.sources import source

from .models import Entity, EntityCode, EntityName, Project

ENTITY = "registry.entity"
PROJECT = "registry.project"
CHUNK = 500


def let_find(*rows: Entity | Project) -> None:
    """Let these be found as they are now; in the transaction of the act."""
    for row in rows:
        fulltext.index_many(_MAKERS[type(row)]([row]))


def refresh(ids: Sequence[uuid.UUID]) -> None:
    """Let these entities be found as they are now, and those that are gone no longer."""
    there = list(Entity.objects.filter(pk__in=ids))
    fulltext.index_many(_entities(there))
    known = {entity.pk for entity in there}
    fulltext.remove_many(ENTITY, [pk.hex for pk in ids if pk not in known])


def complete() -> Iterator[int]:
    """Index whatever the index lacks or holds as it was before, in short transactions; yields how many each time."""
    for kind, model in ((ENTITY, Entity), (PROJECT, Project)):
        for rows in _chunks(model):
            held = dict(
                Entry.objects.filter(kind=kind, ref__in=[row.pk.hex for row in rows]).values_list("ref", "at")
            )
            lacking = [row for row in rows if held.get(row.pk.hex) != row.updated_at]
            fulltext.index_many(_MAKERS[model](lacking))
            yield len(lacking)


def narrowed(rows: "QuerySet[Any]", text: str) -> "QuerySet[Any]":
    """Those of ``rows`` (entities or projects) that hold each word of ``text`` in what is indexed of them.

    A word that may be the beginning of a code is looked up among the codes too: they are there at once.
    """
    kind = PROJECT if rows.model is Project else ENTITY
    found = fulltext.matching(text, kind).annotate(subject=Cast("ref", UUIDField())).values("subject")
    wanted = Q(pk__in=found)
    word = text.strip().upper()
    if kind == ENTITY and word.isascii() and word.isalnum():
        wanted |= Q(pk__in=EntityCode.objects.filter(code__startswith=word).values("entity"))
    return rows.filter(wanted)


def _entities(rows: Iterable[Entity]) -> Iterator[Document]:
    found = list(rows)
    words: dict[uuid.UUID, list[str]] = {entity.pk: [] for entity in found}
    for owner, code in EntityCode.objects.filter(entity__in=words).values_list("entity_id", "code"):
        words[owner].append(code)
    for owner, name in EntityName.objects.filter(entity__in=words).values_list("entity_id", "name"):
        words[owner].append(name)
    for entity in found:
        text = " ".join(words[entity.pk])
        yield Document(ENTITY, entity.pk.hex, entity.name, text, entity.updated_at, entity.agency, False)


def _projects(rows: Iterable[Project]) -> Iterator[Document]:
    for row in rows:
        text = f"{row.number} {row.address}"
        yield Document(PROJECT, row.pk.hex, row.name, text, row.updated_at, row.agency, False)


_MAKERS: dict[type[Model], Any] = {Entity: _entities, Project: _projects}


def _chunks(model: type[Any]) -> Iterator[list[Any]]:
    last = uuid.UUID(int=0)
    while rows := list(model._default_manager.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield rows
        last = rows[-1].pk


def _all(model: type[Any]) -> Iterator[Document]:
    for rows in _chunks(model):
        yield from _MAKERS[model](rows)


source(ENTITY, lambda: _all(Entity))
source(PROJECT, lambda: _all(Project))
