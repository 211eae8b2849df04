"""What the full-text index holds: what is public now, fed in the transaction of the act that shows or hides it."""

from collections.abc import Iterator

from django.db.models import QuerySet

from xiezhi.search import fulltext
from xiezhi.search.fulltext import Document
from xiezhi.search.sources import source

from .models import Publication, PublicationVersion

PUBLISHED = "disclosure.published"
CHUNK = 500


def let_find(row: Publication) -> None:
    """Let it be found where it is public, and not where it is not."""
    if row.shown:
        fulltext.index_many(_documents(Publication.objects.filter(pk=row.pk)))
    else:
        fulltext.remove(PUBLISHED, str(row.pk))


def text(version: PublicationVersion) -> str:
    """The words of a version."""
    values = []
    for field in version.fields:
        values += [field["value"]] if isinstance(field["value"], str) else field["value"]
    return " ".join(values)


def _documents(rows: "QuerySet[Publication]") -> Iterator[Document]:
    for row in rows.filter(shown__gt=0).order_by("pk").iterator(chunk_size=CHUNK):
        version = row.versions.get(number=row.shown)
        yield Document(PUBLISHED, str(row.pk), row.title, text(version), row.published_at, row.agency, public=True)


source(PUBLISHED, lambda: _documents(Publication.objects.all()))
