"""Pictures of paper: PDF, JPEG or PNG by what they begin with, whatever they are called."""

from typing import IO

from django.utils.translation import gettext as _

from xiezhi.blobs import store
from xiezhi.blobs.models import Blob
from xiezhi.core.errors import Invalid

LIMIT = 30 * 1024 * 1024
KINDS = ((b"%PDF-", "application/pdf"), (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"))


def media_type(head: bytes) -> str:
    """The kind of picture that begins so; empty: none that we take."""
    return next((kind for magic, kind in KINDS if head.startswith(magic)), "")


def keep(file: IO[bytes]) -> Blob:
    """Keep a scan; :class:`Invalid` (field ``scan``) for what is no picture of paper."""
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    kind = media_type(head)
    if not kind:
        raise Invalid({"scan": [_("请上传扫描件：PDF、JPEG 或 PNG。")]})
    try:
        return store.put(file, media_type=kind, limit=LIMIT)
    except Invalid as error:
        raise Invalid({"scan": list(error.fields.get("file", []))}) from error
