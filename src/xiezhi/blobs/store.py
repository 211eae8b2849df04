"""Keep, read and delete files by content.

    blob = store.put(upload, expect=given_sha256)      # Invalid if the content is another or too large
    with store.open(blob.sha256) as file: ...
    store.hold(sha256, "evidence:…"); store.release(sha256, "evidence:…")
    store.delete(sha256)                               # Refused while anything holds it

A file is durable before its row is committed; a row never names a file that is not there. A rolled-back
transaction may leave a file without a row: :func:`sweep` takes it away.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from xiezhi import clock
from xiezhi.core.errors import Invalid, NotFound, Refusal, Refused

from .models import Blob, Hold
from .places import Place, place

CHUNK = 1024 * 1024
DEFAULT_LIMIT = 2 * 1024**3
LEFTOVERS_AFTER = timedelta(days=1)
GRACE = timedelta(days=1)
_SWEEP = 500

_SHA256 = re.compile(r"[0-9a-f]{64}")


def put(
    content: bytes | IO[bytes] | File,
    *,
    expect: str | None = None,
    media_type: str = "application/octet-stream",
    limit: int = DEFAULT_LIMIT,
) -> Blob:
    """Keep ``content`` (a stream is read from where it stands, in pieces) and answer its row.

    The same content again answers the same row. ``expect`` is the SHA-256 (hex) that the bringer states;
    ``limit`` is in bytes. :class:`Invalid` (field ``file``) for another hash or too much; nothing is kept then.
    """
    where = _place()
    with where.spool() as spooled:
        digest, size = _copy(content, spooled, limit)
        if expect is not None and expect.lower() != digest:
            raise _invalid(
                _("文件内容与所报的校验值不符：所报 %(expected)s，实为 %(found)s。请重新上传。")
                % {"expected": expect[:64], "found": digest}
            )
        where.keep(digest, spooled)  # outside the lock, since it may take long
        with transaction.atomic():
            _lock(digest)
            blob, _made = Blob.objects.get_or_create(
                sha256=digest, defaults={"size": size, "media_type": media_type}
            )
            where.keep(digest, spooled)  # a deletion may have come between
    return blob


def open(sha256: str) -> File:
    """The file for reading; close it. :class:`NotFound` where none is kept."""
    if not Blob.objects.filter(sha256=sha256).exists():
        raise NotFound(sha256)
    try:
        return _place().open(sha256)
    except FileNotFoundError as error:
        raise NotFound(sha256) from error


def exists(sha256: str) -> bool:
    """Is this content kept: the row and the file?"""
    return Blob.objects.filter(sha256=sha256).exists() and _place().exists(sha256)


def verify(sha256: str) -> bool:
    """Does what is kept still have its hash? Reads the whole file; ``False`` also where it is gone."""
    try:
        with open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except NotFound:
        return False


def hold(sha256: str, holder: str) -> None:
    """Let ``holder`` hold the file; again is as good as once. :class:`NotFound` where none is kept."""
    with transaction.atomic():
        _lock(sha256)
        if not Blob.objects.filter(sha256=sha256).exists():
            raise NotFound(sha256)
        Hold.objects.get_or_create(blob_id=sha256, holder=holder)


def release(sha256: str, holder: str) -> None:
    """End ``holder``'s hold; nothing happens where there is none."""
    Hold.objects.filter(blob_id=sha256, holder=holder).delete()


def delete(sha256: str) -> None:
    """Delete the row now and the file once the transaction commits.

    :class:`Refused` while a row of any app points here or a :class:`Hold` stands; :class:`NotFound` where none
    is kept. In a bucket with object lock the server keeps the bytes, hidden, until the lock ends.
    """
    with transaction.atomic():
        _lock(sha256)
        blob = Blob.objects.filter(sha256=sha256).first()
        if blob is None:
            raise NotFound(sha256)
        if holders := _holders(blob):
            raise Refused(
                Refusal(
                    rule_id="xz-blob-held",
                    article="",
                    message=gettext_noop("文件 %(sha256)s 不能删除：仍被 %(holders)s 引用。"),
                    remedy=gettext_noop("请先解除引用，再删除文件。"),
                    params={"sha256": sha256, "holders": "、".join(holders)},
                )
            )
        blob.delete()
        transaction.on_commit(lambda: _remove(sha256))


def sweep(grace: timedelta = GRACE, tick: Callable[[], None] = lambda: None) -> int:
    """Take away files that no row names, and leftovers of uploads cut off a day ago; answers how many files.

    A file is an orphan only when it was kept longer than ``grace`` ago: a restore lays files before their rows, and
    a copy of the place may be ahead of the database. ``tick`` is called every few hundred files.
    """
    where, now = _place(), clock.now()
    where.tidy(now - LEFTOVERS_AFTER)
    names = (name for name in where.names() if _SHA256.fullmatch(name))
    gone = 0
    while chunk := list(islice(names, _SWEEP)):
        tick()
        known = set(Blob.objects.filter(sha256__in=chunk).values_list("sha256", flat=True))
        gone += sum(_remove(name) for name in chunk if name not in known and _older(where, name, now - grace))
    return gone


def _older(where: Place, name: str, before: datetime) -> bool:
    try:
        return where.kept_at(name) < before
    except FileNotFoundError:
        return False


def trouble() -> str:
    """What is wrong with the place of files, for people who operate it; empty where it answers."""
    return _place().trouble()


def _place() -> Place:
    return place(settings.BLOBS)


def _copy(content: bytes | IO[bytes] | File, spooled: IO[bytes], limit: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(content):
        size += len(chunk)
        if size > limit:
            raise _invalid(_("文件超过 %(limit)s 字节的上限。请压缩或拆分后再上传。") % {"limit": limit})
        digest.update(chunk)
        spooled.write(chunk)
    return digest.hexdigest(), size


def _chunks(content: bytes | IO[bytes] | File) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _holders(blob: Blob) -> list[str]:
    """What points here, named by model; a foreign key that may not be deleted with it is a hold like any other."""
    found = []
    for relation in blob._meta.related_objects:
        rows = relation.related_model._base_manager.filter(**{relation.field.name: blob})
        if relation.related_model is Hold:
            found += list(rows.order_by("holder").values_list("holder", flat=True)[:5])
        elif rows.exists():
            found.append(str(relation.related_model._meta.verbose_name))
    return found


def _remove(sha256: str) -> bool:
    with transaction.atomic():
        _lock(sha256)
        if Blob.objects.filter(sha256=sha256).exists():  # brought again meanwhile
            return False
        _place().remove(sha256)
        return True


def _lock(sha256: str) -> None:
    """One writer a content until the transaction ends. On SQLite a transaction (IMMEDIATE) is that already."""
    if connection.vendor == "postgresql":
        key = int.from_bytes(hashlib.sha256(sha256.encode()).digest()[:8], "big", signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _invalid(text: str) -> Invalid:
    return Invalid({"file": [text]})
