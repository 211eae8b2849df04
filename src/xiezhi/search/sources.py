"""Where documents come from, so that the index can be made anew: an app declares a source for each of its kinds."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from django.db import transaction

from . import fulltext
from .fulltext import BATCH, Document
from .models import Entry

SOURCES: dict[str, Callable[[], Iterable[Document]]] = {}


def source(kind: str, documents: Callable[[], Iterable[Document]]) -> None:
    """Declare that ``documents()`` gives every document of ``kind`` as it should be found now."""
    SOURCES[kind] = documents


def refill(kind: str) -> int:
    """Index all documents of a kind anew, in short transactions, and drop entries of what is gone; their number."""
    count = 0
    known: set[str] = set()
    documents: Iterator[Document] = iter(SOURCES[kind]())
    while batch := list(islice(documents, BATCH)):
        fulltext.index_many(batch)
        known |= {document.ref for document in batch}
        count += len(batch)
    gone = [ref for ref in Entry.objects.filter(kind=kind).values_list("ref", flat=True) if ref not in known]
    with transaction.atomic():
        fulltext.remove_many(kind, gone)
    return count
