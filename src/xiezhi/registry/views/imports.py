"""Imports after their columns are chosen: dry run → write → result → undo; and the history of imports."""

import tempfile
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.jobs import queue
from xiezhi.jobs.models import Job
from xiezhi.jobs.models import State as JobState
from xiezhi.registry import imports, queries, services
from xiezhi.registry.chunks.counts import WRITTEN_OUTCOMES
from xiezhi.registry.gate import IMPORT
from xiezhi.registry.importing.messages import NOTE
from xiezhi.registry.models import ImportBatch, ImportRow
from xiezhi.web import components
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.pages import ConsoleView

State = ImportBatch.State
Outcome = ImportRow.Outcome
ROWS = 50
# A workbook of more rows takes longer than a page should; the page offers the CSV alone then.
XLSX_ROWS = 20_000
_TAGS = {
    State.RECEIVED: "plain", State.STAGED: "plain", State.REFUSED: "bad", State.DISCARDED: "quiet",
    State.APPLYING: "plain", State.APPLIED: "good", State.CANCELLED: "bad", State.UNDOING: "plain",
    State.UNDONE: "quiet",
}  # fmt: skip
# What a batch is at while its job waits or runs; its state follows with the first chunk only.
_DOING = {
    "registry.stage_import": _("正在预演"), "registry.apply_import": _("正在写入"),
    "registry.undo_import": _("正在撤销"),
}  # fmt: skip
_RESULTS = {
    **{str(value): label for value, label in Outcome.choices},
    "shifted": _("未导入（预览后有变化）"),
    "undone": _("已撤销"),
    "kept": _("撤销时保留"),
}
# What can be looked at row by row, and how the rows are found.
_VIEWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "new": (_("新增"), {"outcome": "new"}),
    "changed": (_("变更"), {"outcome": "changed"}),
    "rejected": (_("拒收"), {"outcome": "rejected"}),
    "confirmed": (_("印证"), {"outcome": "confirmed"}),
    "same": (_("无变化"), {"outcome": "same"}),
    "shifted": (_("未导入"), {"result": "shifted"}),
    "kept": (_("撤销时保留"), {"result": "kept"}),
}


def address(batch: ImportBatch) -> str:
    """Where a batch is shown."""
    return reverse("registry:import", args=[batch.pk])


def _tag(batch: ImportBatch) -> Any:
    return components.tag(_TAGS[State(batch.state)], batch.get_state_display())


def _at(batch: ImportBatch) -> str:
    """What a batch of the list is at, in the words of its own page."""
    return str(_DOING.get(batch.doing) or batch.get_state_display())  # type: ignore[attr-defined]


def _at_tag(batch: ImportBatch) -> Any:
    return components.tag("plain", _at(batch)) if batch.doing else _tag(batch)  # type: ignore[attr-defined]


def _count(outcome: str) -> Any:
    return lambda batch: batch.counts.get("rows", {}).get(outcome, 0)


class ImportList(ListPage):
    """The history of imports, newest first."""

    ability = IMPORT
    title = _("名录导入")
    columns = (
        Column("filename", _("文件"), link=address),
        Column("target", _("名录种类"), value=lambda batch: str(batch.get_target_display())),
        Column("source", _("来源")),
        Column("created_at", _("上传时间"), sort="created_at"),
        Column("state", _("状态"), value=_at, html=_at_tag),
        Column("new", _("新增"), value=_count("new"), number=True),
        Column("changed", _("变更"), value=_count("changed"), number=True),
        Column("rejected", _("拒收"), value=_count("rejected"), number=True),
    )
    filters = (
        Search(label=_("文件名或来源"), fields=("filename", "source")),
        Choice("target", _("名录种类"), choices=ImportBatch.Target.choices),
        Choice("state", _("状态"), choices=State.choices),
        DateRange("created_at", _("上传时间")),
    )
    order = ("-created_at",)
    empty = _("请先上传名录文件。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.imports_visible_to(actor).annotate(doing=imports.doing())

    def actions(self) -> Sequence[Mapping[str, Any]]:
        return [{"text": _("导入名录"), "href": reverse("registry:import-new")}]


class ImportPage(ConsoleView):
    """Steps 3 to 5: what the dry run found, writing with progress, what came of it. Looks again while it runs."""

    ability = IMPORT
    template_name = "registry/import.html"

    def page_title(self) -> str:
        return str(self.batch.filename)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ImportList.title, reverse("registry:imports")),)

    def get(self, request: HttpRequest, batch_id: Any) -> HttpResponse:
        self.batch = batch = queries.get_import(self.actor, batch_id)
        job = imports.current(batch)
        running = job if job and not job.ended else None
        preview = imports.preview(self.actor, batch.pk)
        view = request.GET.get("rows", "")
        partial = bool(request.headers.get("HX-Request"))
        return self.page(
            template="registry/import_body.html" if partial else "",
            batch=batch,
            job=running,
            progress=_progress(batch, running) if running else None,
            failed=job.error if job and job.state == JobState.FAILED and batch.state != State.REFUSED else "",
            steps=_steps(batch),
            facts=self._facts(batch, running),
            actions=_actions(batch, running=bool(running)),
            results=[[_RESULTS[name], count] for name, count in preview.results.items()],
            results_head=[_("行"), _("数量")],
            marks=list(preview.marks.items()),
            changes=[[title, count] for title, count in preview.changes.items()],
            changes_head=[_("项目"), _("将变更的行数")],
            views=self._views(batch, preview, view),
            rejected=preview.rows.get("rejected", 0),
            workbook=preview.rows.get("rejected", 0) <= XLSX_ROWS,
            **self._rows(batch, view),
        )

    def _facts(self, batch: ImportBatch, running: Job | None) -> list[tuple[Any, Any]]:
        found = [
            (_("状态"), components.tag("plain", _DOING[running.name]) if running else _tag(batch)),
            (_("名录种类"), batch.get_target_display()),
            (_("来源"), batch.source),
            (_("上传时间"), batch.created_at),
            (_("编码"), batch.encoding.upper() or batch.kind.upper()),
        ]
        found += [(_("提示"), NOTE[note]) for note in batch.notes]
        return found + ([(_("原因"), batch.reason)] if batch.reason else [])

    def _views(self, batch: ImportBatch, preview: imports.Preview, now: str) -> list[tuple[str, Any, int, bool]]:
        counts = {
            **preview.rows,
            "shifted": preview.results.get("shifted", 0),
            "kept": preview.results.get("kept", 0),
        }
        return [
            (name, title, counts[name], name == now)
            for name, (title, _where) in _VIEWS.items()
            if counts.get(name)
        ]

    def _rows(self, batch: ImportBatch, view: str) -> dict[str, Any]:
        if view not in _VIEWS:
            return {"rows": None}
        after = self.request.GET.get("after", "0")
        where = _VIEWS[view][1]
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 10 else 0
        found = list(
            batch.rows.select_related("batch").filter(**where, number__gt=number).order_by("number")[: ROWS + 1]
        )
        return {
            "rows": [imports.worded(row) for row in found[:ROWS]],
            "rows_title": _VIEWS[view][0],
            "rows_view": view,
            "rows_after": found[ROWS - 1].number if len(found) > ROWS else 0,
            "rows_first": number == 0,
        }


class _Step(ConsoleView):
    ability = IMPORT

    def do(self, batch: ImportBatch) -> Any:
        """The step itself; answers what to tell the user, or nothing."""
        raise NotImplementedError

    def post(self, request: HttpRequest, batch_id: Any) -> HttpResponse:
        batch = queries.get_import(self.actor, batch_id)
        if said := self.do(batch):
            messages.success(request, str(said))
        return HttpResponseRedirect(address(batch))


class Apply(_Step):
    """Write the batch, or go on writing one that was cancelled."""

    def do(self, batch: ImportBatch) -> Any:
        imports.order(self.actor, batch, "apply_import")


class Undo(_Step):
    """Take the batch back."""

    def do(self, batch: ImportBatch) -> Any:
        imports.order(self.actor, batch, "undo_import")


class Cancel(_Step):
    """Stop what runs for the batch."""

    def do(self, batch: ImportBatch) -> Any:
        job = imports.current(batch)
        if job is not None:
            queue.cancel(self.actor, job.pk)
        return _("已请求中止。已写入的部分会保留，可以撤销。")


class Discard(_Step):
    """Give the batch up before anything was written."""

    def do(self, batch: ImportBatch) -> Any:
        services.discard_import(self.actor, batch.pk)
        return _("已放弃这次导入，没有写入任何数据。")


class RejectedReport(ConsoleView):
    """Download of the rejected rows with the reason per cell."""

    ability = IMPORT

    def get(self, request: HttpRequest, batch_id: Any, form: str) -> HttpResponseBase:
        batch = queries.get_import(self.actor, batch_id)
        rejected = batch.counts.get("rows", {}).get("rejected", 0)
        if not rejected:
            raise NotFound(f"rejected rows of {batch_id}")
        # The response closes it when it has been sent.
        out = tempfile.TemporaryFile()  # noqa: SIM115
        imports.write_report(self.actor, batch.pk, out, form=form)
        out.seek(0)
        name = gettext("拒收行-%(file)s.%(form)s") % {"file": batch.filename.rsplit(".", 1)[0], "form": form}
        return FileResponse(out, as_attachment=True, filename=name)


def _progress(batch: ImportBatch, job: Job) -> dict[str, Any]:
    """How far a run is, in rows; ``total`` None while the end of the file is not seen."""
    total = job.total
    if total is None and job.name != "registry.stage_import":
        total = batch.rows.filter(outcome__in=WRITTEN_OUTCOMES).count()
    return {"label": _DOING[job.name], "done": job.done, "total": total}


def _steps(batch: ImportBatch) -> list[dict[str, Any]]:
    """Where the batch stands among the wizard's steps."""
    done = {
        State.RECEIVED: 1, State.REFUSED: 2, State.STAGED: 3, State.DISCARDED: 3, State.APPLYING: 3,
        State.CANCELLED: 3, State.APPLIED: 4, State.UNDOING: 4, State.UNDONE: 4,
    }[State(batch.state)]  # fmt: skip
    failed = batch.state in (State.REFUSED, State.CANCELLED, State.DISCARDED)
    titles = [_("上传"), _("核对列"), _("预演"), _("写入")]
    return [
        {
            "title": title,
            "state": "done" if place < done else "todo" if place > done else "failed" if failed else "current",
        }
        for place, title in enumerate(titles)
    ]


def _actions(batch: ImportBatch, *, running: bool) -> list[dict[str, Any]]:
    """What may be done with the batch now."""

    def to(name: str) -> str:
        return reverse(f"registry:import-{name}", args=[batch.pk])

    if running:
        return [{"text": _("中止"), "post": to("cancel"), "kind": "quiet"}]
    columns = {"text": _("重新核对列"), "href": to("columns"), "kind": "quiet"}
    discard = {"text": _("放弃导入"), "post": to("discard"), "kind": "quiet"}
    undo = {
        "id": "undo",
        "text": _("撤销导入"),
        "post": to("undo"),
        "confirm": _("撤销这次导入？"),
        "explain": _("导入之后没有改动、没有被引用的数据恢复原状；其余保留并列出原因。"),
        "danger": True,
    }
    return {
        State.RECEIVED: [columns | {"text": _("核对列"), "kind": ""}, discard],
        State.STAGED: [{"text": _("确认写入"), "post": to("apply")}, columns, discard],
        State.APPLYING: [{"text": _("继续写入"), "post": to("apply")}],
        State.CANCELLED: [{"text": _("继续写入"), "post": to("apply")}, undo],
        State.APPLIED: [undo],
        State.UNDOING: [{"text": _("继续撤销"), "post": to("undo")}],
    }.get(State(batch.state), [])
