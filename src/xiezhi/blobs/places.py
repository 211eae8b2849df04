"""Where files lie: a folder or an S3 bucket, both behind Django's storage interface.

    file:///var/lib/xiezhi/blobs
    s3://bucket?endpoint=https://s3.example:8333&region=cn-1&prefix=blobs&lock=COMPLIANCE&days=3650

Keys for S3 come from the environment as boto3 reads them (``AWS_ACCESS_KEY_ID`` …), never from the address.
``lock`` (``COMPLIANCE`` or ``GOVERNANCE``) with ``days`` asks the server to keep each object that long; the bucket
must have been made with object lock.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage

from xiezhi import clock

_S3_OPTIONS = {"endpoint", "region", "prefix", "lock", "days"}
_LOCKS = {"COMPLIANCE", "GOVERNANCE"}
_INCOMING = "incoming"


class Place(Protocol):
    """What the store asks of a place. Names are hex digests."""

    def spool(self) -> IO[bytes]:
        """An empty file to write to; it is gone once closed, unless :meth:`keep` took it."""

    def keep(self, name: str, spooled: IO[bytes]) -> None:
        """Make what was spooled durable under ``name``, all of it or nothing; again is as good as once."""

    def open(self, name: str) -> File:
        """The file, for reading; ``FileNotFoundError`` where there is none."""

    def exists(self, name: str) -> bool:
        """Is there a file of this name?"""

    def remove(self, name: str) -> None:
        """Take the file away; nothing happens where there is none. ``OSError`` where the place forbids it."""

    def names(self) -> Iterator[str]:
        """Every name that is kept."""

    def kept_at(self, name: str) -> datetime:
        """When the file was kept (aware); ``FileNotFoundError`` where there is none."""

    def trouble(self) -> str:
        """What keeps the place from taking files, in a few seconds at most; empty: nothing that a look shows."""

    def tidy(self, before: datetime) -> None:
        """Take away what uploads that were cut off before then left behind."""


def path_of(name: str) -> str:
    """``ab/cd/abcd…``: so that no folder grows beyond what file systems like."""
    return f"{name[:2]}/{name[2:4]}/{name}"


class Folder:
    """Files in a folder. A name appears by rename, after its bytes and before its folder are on the disk."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.storage: Storage = FileSystemStorage(location=root)

    def spool(self) -> IO[bytes]:
        incoming = self.root / _INCOMING
        incoming.mkdir(parents=True, exist_ok=True, mode=0o750)
        return tempfile.NamedTemporaryFile(dir=incoming)

    def keep(self, name: str, spooled: IO[bytes]) -> None:
        spooled.flush()
        os.fchmod(spooled.fileno(), 0o440)
        os.fsync(spooled.fileno())
        target = self.root / path_of(name)
        for folder in (target.parent.parent, target.parent):
            if not folder.exists():
                folder.mkdir(parents=True, exist_ok=True, mode=0o750)
                _sync_folder(folder.parent)
        # A second link, not a rename: the spool file stays its owner's to close, and nothing is overwritten.
        try:
            os.link(spooled.name, target)
        except FileExistsError:
            return
        _sync_folder(target.parent)

    def open(self, name: str) -> File:
        return self.storage.open(path_of(name), "rb")

    def exists(self, name: str) -> bool:
        return self.storage.exists(path_of(name))

    def remove(self, name: str) -> None:
        self.storage.delete(path_of(name))

    def names(self) -> Iterator[str]:
        yield from _walk(self.storage)

    def kept_at(self, name: str) -> datetime:
        return self.storage.get_modified_time(path_of(name))

    def trouble(self) -> str:
        nearest = next(p for p in (self.root, *self.root.parents) if p.exists())
        return (
            ""
            if nearest.is_dir() and os.access(nearest, os.W_OK)
            else "the folder of XIEZHI_BLOBS can't be written to"
        )

    def tidy(self, before: datetime) -> None:
        for left in (self.root / _INCOMING).glob("*"):
            with suppress(FileNotFoundError):  # its upload has just ended
                if left.stat().st_mtime < before.timestamp():
                    left.unlink()


class Bucket:
    """Objects in a bucket of an S3 server; an object is there whole or not at all."""

    def __init__(self, storage: Any) -> None:
        self.storage = storage

    def spool(self) -> IO[bytes]:
        return tempfile.TemporaryFile()

    def keep(self, name: str, spooled: IO[bytes]) -> None:
        if not self.exists(name):  # in a bucket with versions a second write would be a second copy
            spooled.flush()
            spooled.seek(0)
            self.storage.save(path_of(name), File(spooled))

    def open(self, name: str) -> File:
        return self.storage.open(path_of(name), "rb")

    def exists(self, name: str) -> bool:
        return self.storage.exists(path_of(name))

    def remove(self, name: str) -> None:
        self.storage.delete(path_of(name))

    def names(self) -> Iterator[str]:
        yield from _walk(self.storage)

    def kept_at(self, name: str) -> datetime:
        from botocore.exceptions import ClientError

        try:
            return self.storage.get_modified_time(path_of(name))
        except ClientError as error:
            raise FileNotFoundError(name) from error

    def trouble(self) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self._prober.head_bucket(Bucket=self.storage.bucket_name)
        except ClientError as error:
            # The code alone: a message may hold the address or a key's id.
            return f"the bucket of XIEZHI_BLOBS answers {error.response.get('Error', {}).get('Code', '?')}"
        except BotoCoreError as error:
            return f"the bucket of XIEZHI_BLOBS does not answer: {type(error).__name__}"
        return ""

    @cached_property
    def _prober(self) -> Any:
        """A client of its own: files may take minutes and be tried again, a probe may not."""
        import boto3
        from botocore.config import Config

        patience = Config(connect_timeout=2, read_timeout=3, retries={"total_max_attempts": 1})
        return boto3.session.Session().client(
            "s3",
            endpoint_url=self.storage.endpoint_url,
            region_name=self.storage.region_name,
            config=self.storage.client_config.merge(patience),
        )

    def tidy(self, before: datetime) -> None:
        """Nothing: what was spooled lay outside, unnamed; the server's own rule ends unfinished uploads."""


@lru_cache(maxsize=8)
def place(address: str) -> Place:
    """The place that a setting names; ``ImproperlyConfigured`` says what is wrong with it."""
    parts = urlsplit(address)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return Folder(Path(unquote(parts.path)))
    if parts.scheme == "s3" and parts.netloc and parts.path in ("", "/"):
        options = dict(parse_qsl(parts.query, keep_blank_values=True))
        if options.keys() <= _S3_OPTIONS:
            return Bucket(_s3_storage(parts.netloc, options))
    raise ImproperlyConfigured(
        "XIEZHI_BLOBS is file:///folder or s3://bucket?endpoint=…[&region=…&prefix=…&lock=COMPLIANCE&days=…]"
    )


def _s3_storage(bucket: str, options: dict[str, str]) -> Storage:
    from storages.backends.s3 import S3Storage  # boto3 takes half a second to import; folders need none of it

    lock, days = options.get("lock", ""), options.get("days", "")
    if bool(lock) != bool(days) or (lock and (lock not in _LOCKS or not days.isdecimal())):
        raise ImproperlyConfigured("XIEZHI_BLOBS: lock is COMPLIANCE or GOVERNANCE, and days says how long")

    class Storing(S3Storage):
        def get_object_parameters(self, name: str) -> dict[str, Any]:
            parameters: dict[str, Any] = super().get_object_parameters(name)
            if lock:
                until = clock.now() + timedelta(days=int(days))
                parameters |= {"ObjectLockMode": lock, "ObjectLockRetainUntilDate": until}
            return parameters

    return Storing(
        bucket_name=bucket,
        endpoint_url=options.get("endpoint") or None,
        region_name=options.get("region") or None,
        location=options.get("prefix", ""),
        addressing_style="path" if options.get("endpoint") else "auto",
        signature_version="s3v4",
        file_overwrite=True,
        default_acl=None,
        gzip=False,
    )


def _walk(storage: Storage) -> Iterator[str]:
    for first in _folders(storage, ""):
        if len(first) == 2:
            for second in _folders(storage, first):
                yield from storage.listdir(f"{first}/{second}")[1]


def _folders(storage: Storage, name: str) -> list[str]:
    try:
        return sorted(storage.listdir(name)[0])
    except FileNotFoundError:
        return []


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
