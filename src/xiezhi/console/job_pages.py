"""Background jobs: one's own and those of agencies where one may read them; progress, cancelling, download."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.jobs import queries, queue
from xiezhi.jobs.models import Job, State
from xiezhi.web import components
from xiezhi.web.lists import Choice, Column, ListPage
from xiezhi.web.pages import ConsoleView, DetailPage

TAGS = {
    State.QUEUED: "quiet",
    State.RUNNING: "plain",
    State.DONE: "good",
    State.FAILED: "bad",
    State.CANCELLED: "quiet",
}


def _tag(job: Job) -> Any:
    return components.tag(TAGS[State(job.state)], State(job.state).label)


class Jobs(ListPage):
    """Jobs, newest first."""

    ability = ""
    title = _("后台任务")
    columns = (
        Column("title", _("任务"), link=lambda job: reverse("console:job", args=[job.pk])),
        Column("state", _("状态"), value=lambda job: str(State(job.state).label), html=_tag),
        Column("created_at", _("提交时间"), sort="created_at"),
        Column("ended_at", _("结束时间"), sort="ended_at"),
        Column("text", _("进展")),
    )
    filters = (Choice("state", _("状态"), choices=State.choices),)
    order = ("-created_at",)
    exports = False
    empty = _("导入、导出等耗时的操作会出现在这里。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.visible_to(actor)


class JobPage(DetailPage):
    """One job; the page looks again by itself until the job has ended."""

    ability = ""
    template_name = "console/job.html"

    def page_title(self) -> str:
        return str(self.object.title)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((Jobs.title, reverse("console:jobs")),)

    def get_object(self) -> Job:
        return queries.job(self.actor, self.kwargs["job_id"])

    def facts(self, obj: Job) -> Sequence[tuple[Any, Any]]:
        found: list[tuple[Any, Any]] = [
            (_("状态"), _tag(obj)),
            (_("提交时间"), obj.created_at),
            (_("开始时间"), obj.started_at),
            (_("结束时间"), obj.ended_at),
        ]
        if obj.error:
            found.append((_("原因"), obj.error))
        if obj.error_id:
            found.append((_("错误编号"), obj.error_id))
        return found

    def actions(self, obj: Job) -> Sequence[Mapping[str, Any]]:
        if not obj.ended and not obj.cancel_requested:
            return [{"text": _("取消任务"), "post": reverse("console:job-cancel", args=[obj.pk]), "kind": "quiet"}]
        if obj.state == State.DONE and obj.result_blob and obj.actor == self.actor.id:
            return [{"text": _("下载结果"), "href": reverse("console:job-file", args=[obj.pk])}]
        return []

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = obj = self.get_object()
        partial = bool(request.headers.get("HX-Request"))
        return self.page(
            template="console/job_body.html" if partial else "",
            job=obj,
            facts=self.facts(obj),
            actions=self.actions(obj),
        )


class Cancel(ConsoleView):
    """Ask a job to end."""

    ability = ""

    def post(self, request: HttpRequest, job_id: UUID) -> HttpResponse:
        queue.cancel(self.actor, job_id)
        messages.success(request, str(_("已请求取消。")))
        return HttpResponseRedirect(reverse("console:job", args=[job_id]))


class Download(ConsoleView):
    """A job's file, for the one who ordered it: it holds what he may see, which others may not."""

    ability = ""

    def get(self, request: HttpRequest, job_id: UUID) -> HttpResponseBase:
        job = queries.job(self.actor, job_id)
        if job.state != State.DONE or not job.result_blob or job.actor != self.actor.id:
            raise NotFound
        file = store.open(job.result_blob)
        return FileResponse(
            file, as_attachment=True, filename=job.result_name, content_type=job.result_type or None
        )
