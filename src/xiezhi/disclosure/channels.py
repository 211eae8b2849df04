"""Where publications go. Each channel answers with the digest of what it holds; nothing else counts as delivered.

A table: another channel is another row. A channel without an interface says so and waits for a person's receipt.
"""

import csv
import io
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.web.lists.export import guarded

from . import content
from .codes import Action
from .models import Delivery, Publication

Text = str | Promise


class NotDelivered(RuntimeError):
    """The channel did not take it now; it is tried again."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the channel holds now (SHA-256, hex), and its own reference."""

    digest: str
    reference: str


@dataclass(frozen=True, slots=True)
class Channel:
    """``says`` is shown on screen: what the channel is, and what it is not. ``by_hand``: no interface reaches it."""

    code: str
    title: Text
    says: Text
    deliver: Callable[[Delivery, bytes], Receipt] | None = None
    by_hand: bool = False


def payload(delivery: Delivery) -> bytes:
    """What is delivered: the version's content, or the notice that it is taken down."""
    row: Publication = delivery.publication
    if delivery.action == Action.WITHDRAW:
        return content.notice_of_withdrawal(row)
    return content.of(row, row.versions.get(number=delivery.version))


def _portal(delivery: Delivery, data: bytes) -> Receipt:
    """Reads back what a stranger is shown now."""
    row = Publication.objects.get(pk=delivery.publication_id)
    if delivery.action == Action.WITHDRAW:
        held = content.notice_of_withdrawal(row) if not row.shown else b""
    else:
        held = content.of(row, row.versions.get(number=row.shown)) if row.shown else b""
    return Receipt(content.digest(held), f"/published/{row.pk}/")


def _folder(delivery: Delivery, data: bytes) -> Receipt:
    """One JSON and one CSV a publication in ``XIEZHI_DISCLOSURE_DROP``, replaced whole; the receipt is read back."""
    place = Path(settings.DISCLOSURE_DROP)
    name = f"{delivery.publication.kind}-{delivery.publication_id}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        _replace(place / f"{name}.csv", _csv(data))
        _replace(place / f"{name}.json", data)
        held = (place / f"{name}.json").read_bytes()
    except OSError as error:
        raise NotDelivered(error.strerror or type(error).__name__) from error
    return Receipt(content.digest(held), f"{name}.json")


def _csv(data: bytes) -> bytes:
    told = json.loads(data)
    text = io.StringIO(newline="")
    out = csv.writer(text)
    out.writerow(["id", "kind", "version", "withdrawn", "field", "label", "value"])
    head = [told["id"], told["kind"], told.get("version", ""), "1" if told.get("withdrawn") else "0"]
    rows = [
        [field["name"], field["label"], value]
        for field in told.get("fields", [])
        for value in ([field["value"]] if isinstance(field["value"], str) else field["value"])
    ]
    for row in rows or [["ground", "", told.get("ground", "")]]:
        out.writerow([guarded(cell) for cell in [*head, *row]])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _replace(path: Path, data: bytes) -> None:
    """Whole or not at all, also where the machine stops in between."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)


CHANNELS: dict[str, Channel] = {
    one.code: one
    for one in (
        Channel("portal", _("本公示平台"), _("签发即时公示，可检索、订阅、下载。"), _portal),
        Channel(
            "folder",
            _("上级平台交换文件夹"),
            _(
                "以 JSON 和 CSV 写入交换文件夹，由上级平台的前置程序取走；"
                "回执是文件写入后读回的摘要，不代表上级平台已经采集。"
            ),
            _folder,
        ),
        Channel(
            "national",
            _("国家企业信用信息公示系统"),
            _("尚未接入：本系统没有与该系统的接口，须由人工报送，并登记对方的回执编号。"),
            by_hand=True,
        ),
    )
}
# Which channels each kind goes to.
ROUTES: dict[str, tuple[str, ...]] = {
    "item": ("portal", "folder"),
    "plan": ("portal", "folder"),
    "draw": ("portal", "folder"),
    "result": ("portal", "folder", "national"),
}


def of(row: Publication) -> Sequence[Channel]:
    """The channels that it goes to."""
    return [CHANNELS[code] for code in ROUTES.get(row.kind, ("portal",))]
