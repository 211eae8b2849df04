"""What is shown, in one spelling: the bytes that the signing event binds and that every channel carries."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from xiezhi.core import canonical

from .models import Publication, PublicationVersion

FORMAT = "xiezhi-publication/1"


def of(publication: Publication, version: PublicationVersion) -> bytes:
    """Canonical JSON (RFC 8785) of one version."""
    return encoded(publication, version.number, version.title, version.fields, version.reason)


def encoded(
    publication: Publication, number: int, title: str, fields: Sequence[Mapping[str, Any]], reason: str
) -> bytes:
    """The same, of a version that is not stored yet."""
    return canonical.encode(
        {
            "format": FORMAT,
            "id": str(publication.id),
            "kind": publication.kind,
            "version": number,
            "title": title,
            "fields": [dict(field) for field in fields],
            "correction": reason,
        }
    )


def notice_of_withdrawal(publication: Publication) -> bytes:
    """What a channel is told of something that is taken down: what it was and why, none of its words."""
    return canonical.encode(
        {
            "format": FORMAT,
            "id": str(publication.id),
            "kind": publication.kind,
            "withdrawn": True,
            "ground": publication.withdraw_ground or publication.state,
        }
    )


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()
