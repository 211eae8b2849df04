"""What the pages of a document show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as now
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import system
from xiezhi.core.errors import XiezhiError
from xiezhi.documents import approval, pages, press, previews, queries
from xiezhi.documents.codes import Sealing, State
from xiezhi.documents.models import Document, Template
from xiezhi.record import queries as record
from xiezhi.record.types import LATEST
from xiezhi.web.components import tag
from xiezhi.web.lists.columns import display

from . import papers

MOST_PAGES = 20


@dataclass(frozen=True)
class Entry:
    """Something that was done, for the timeline."""

    at: datetime
    title: Any
    text: str


def steps(row: Document) -> list[dict[str, Any]]:
    """The life in steps, as ``web/components/steps.html`` shows them."""
    done = {
        "draft": row.missing == 0,
        "sign": row.signed_at is not None,
        "seal": row.sealing in (Sealing.SEALED, Sealing.NONE) and row.signed_at is not None,
        "issue": row.issued_at is not None,
    }
    texts = {
        "draft": now("必填内容已齐。")
        if row.missing == 0
        else now("还缺 %(count)s 项必填内容。") % {"count": row.missing},
        "sign": now("%(at)s 签发。") % {"at": display(row.signed_at)} if row.signed_at else "",
        "seal": str(Sealing(row.sealing).label),
        "issue": now("%(at)s 制发。") % {"at": display(row.issued_at)} if row.issued_at else "",
    }
    titles = (("draft", _("起草")), ("sign", _("签发并编号")), ("seal", _("用印")), ("issue", _("制发")))
    found, current = [], False
    for name, title in titles:
        state = "done" if done[name] else "todo" if current else "failed" if row.state == State.VOID else "current"
        current = current or state in ("current", "failed")
        found.append({"title": title, "state": state, "text": texts[name]})
    return found


def facts(row: Document) -> list[tuple[Any, Any]]:
    """What identifies it."""
    names = queries.names([row.signed_by]) if row.signed_by else {}
    found: list[tuple[Any, Any]] = [
        (_("状态"), papers.state_tag(row)),
        (_("文书种类"), f"{row.template.title}（{now('第 %(version)s 版') % {'version': row.template.version}}）"),
        (_("文号"), row.number),
        (_("事由"), row.title),
        (
            _("签发"),
            f"{names.get(row.signed_by, row.signed_by)} {display(row.signed_at)}" if row.signed_at else "",
        ),
        (_("用印"), Sealing(row.sealing).label),
        ("SHA-256", row.pdf_id or ""),
        (_("验真地址"), pages.address(row.code) if row.signed_at else ""),
    ]
    running = approval.running(row) or (approval.granted(row) if row.template.approval else None)
    if running is not None:
        state = {"pending": now("审批中"), "returned": now("已退回承办人"), "approved": now("已通过")}[
            running.state
        ]
        found.append(
            (_("审批"), format_html('<a href="{}">{}</a>', reverse("console:approval", args=[running.pk]), state))
        )
    if row.state == State.VOID:
        found += [(_("作废时间"), row.voided_at), (_("作废事由"), row.void_reason)]
    return [fact for fact in found if fact[1]]


def missing(row: Document) -> list[str]:
    """Labels of required fields without a value."""
    if row.state != State.DRAFT:
        return []
    return [one.label for one in row.template.contract.check(queries.values(row)).missing]


def values(row: Document) -> list[tuple[str, Any]]:
    """What was typed, but for fields marked sensitive: those are read in the file, and the reading is noted."""
    typed = queries.values(row)
    found: list[tuple[str, Any]] = []
    for one in row.template.contract.fields:
        value = typed.get(one.name)
        if value in (None, "", []):
            continue
        if one.sensitive:
            found.append((one.label, tag("quiet", _("含个人信息，已遮盖"))))
        elif isinstance(value, list):
            columns = [column for column, _label in one.columns]
            rows = [_row(row, columns) if isinstance(row, Mapping) else str(row) for row in value]
            found.append((one.label, "；".join(rows)))
        else:
            found.append((one.label, value))
    return found


def _row(row: Mapping[str, str], columns: list[str]) -> str:
    return "，".join(row[column] for column in columns if row.get(column))


def page_of(row: Document) -> dict[str, Any] | None:
    """Input of the press: as signed, or as the draft would be printed; None where only a scan is kept."""
    return previews.of_draft(row) if row.signed_event is None else queries.printed(row)


def pictures(row: Document) -> list[str]:
    """Addresses of the pages' pictures; none of what holds personal data, for that is opened on purpose."""
    if row.template.contract.sensitive or (row.state == State.VOID and row.signed_event is None):
        return []
    page = page_of(row)
    if page is None:
        return []
    count = _count(page)
    return [reverse("documents:picture", args=[row.pk, n]) for n in range(1, min(count, MOST_PAGES) + 1)]


def template_pictures(row: Template) -> list[str]:
    """The same of a template filled with sample data."""
    count = _count(previews.page(row))
    return [reverse("documents:template-picture", args=[row.pk, n]) for n in range(1, min(count, MOST_PAGES) + 1)]


def _count(page: dict[str, Any]) -> int:
    """Pages; 0 where nothing can be set on this machine (the file's own address then says why)."""
    try:
        return press.picture(page, 1, ppi=8)[1]
    except XiezhiError:
        return 0


def timeline(row: Document) -> list[Entry]:
    """Who did what when, from the record."""
    events = record.visible_to(system("documents")).filter(subject=f"document:{row.id}")
    own = list(events.order_by("recorded_at", "id"))
    granted = approval.granted(row) if row.template.approval else None
    names = queries.names([event.actor for event in own])
    found = [Entry(e.occurred_at, LATEST[e.type].title, names.get(e.actor, e.actor)) for e in own]
    if granted is not None and granted.decided_at is not None:
        found.append(Entry(granted.decided_at, _("审批通过"), ""))
    return sorted(found, key=lambda entry: entry.at)
