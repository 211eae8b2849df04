"""Pages of background jobs. One's own are always visible; others' need ``jobs.read`` over their agency."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xiezhi.blobs import store
from xiezhi.core.actor import Actor
from xiezhi.core.errors import NotFound
from xiezhi.jobs import queries, queue
from xiezhi.jobs.models import Job, State
from xiezhi.web.components import tag
from xiezhi.web.lists import Choice, Column, DateRange, ListPage, Search
from xiezhi.web.pages import ConsoleView

TAGS = {
    State.QUEUED: "plain",
    State.RUNNING: "estimated",
    State.DONE: "good",
    State.FAILED: "bad",
    State.CANCELLED: "quiet",
}


def state_tag(job: Job) -> Any:
    """The job's state as a tag."""
    return tag(TAGS[State(job.state)], str(job.get_state_display()))


class Jobs(ListPage):
    """All jobs that the actor may see, newest first."""

    ability = ""
    title = gettext_lazy("后台任务")
    empty = gettext_lazy("导入、导出等耗时的操作在后台进行，会列在这里。")
    columns = (
        Column("title", gettext_lazy("任务"), link=lambda j: reverse("console:job", args=[j.pk])),
        Column("state", gettext_lazy("状态"), value=lambda j: str(j.get_state_display()), html=state_tag),
        Column("progress", gettext_lazy("进度"), value=lambda j: "" if j.percent is None else f"{j.percent}%"),
        Column("created", gettext_lazy("提交时间"), value=lambda j: j.created_at, sort="created_at"),
        Column("ended", gettext_lazy("结束时间"), value=lambda j: j.ended_at),
        Column("attempts", gettext_lazy("次数"), number=True),
    )
    filters = (
        Search(fields=("title", "name")),
        Choice("state", gettext_lazy("状态"), choices=lambda: State.choices),
        DateRange("created", gettext_lazy("提交日期"), field="created_at"),
    )
    order = ("-created_at",)

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return queries.visible_to(actor)


class OneJob(ConsoleView):
    """Base of what concerns one job."""

    ability = ""

    def job(self) -> Job:
        """The job, or ``NotFound``."""
        return queries.job(self.actor, self.kwargs["job"])

    def shown(self, job: Job) -> dict[str, Any]:
        """What page and progress both show."""
        may_cancel = job.actor == self.actor.id or self.actor.may("jobs.cancel", job.agency)
        return {
            "job": job,
            "tag": state_tag(job),
            "may_cancel": may_cancel and not job.ended and not job.cancel_requested,
            "facts": _facts(job),
            "refusal": _refusal(job),
        }


def _refusal(job: Job) -> dict[str, str] | None:
    """What ended it, as the component shows refusals; None where none did."""
    if not (job.rule_id or job.remedy):
        return None
    return {"detail": job.error, "article": job.article, "remedy": job.remedy, "rule_id": job.rule_id}


def _facts(job: Job) -> Sequence[tuple[Any, Any]]:
    facts: list[tuple[Any, Any]] = [
        (_("提交时间"), job.created_at),
        (_("开始时间"), job.started_at),
        (_("结束时间"), job.ended_at),
        (_("执行次数"), job.attempts),
    ]
    if job.state == State.QUEUED and job.attempts:
        facts.append((_("下次执行"), job.run_after))
    return facts


class JobPage(OneJob):
    """One job; while it runs, its progress refreshes itself."""

    template_name = "console/jobs/job.html"

    def get(self, request: HttpRequest, job: Any) -> HttpResponse:
        found = self.job()
        self.title = found.title
        return self.page(**self.shown(found))

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return [(_("后台任务"), reverse("console:jobs"))]


class Progress(OneJob):
    """The part that htmx fetches once a second."""

    def get(self, request: HttpRequest, job: Any) -> HttpResponse:
        return render(request, "console/jobs/progress.html", self.shown(self.job()))


class Cancel(OneJob):
    """Ask that a job end."""

    def post(self, request: HttpRequest, job: Any) -> HttpResponse:
        found = queue.cancel(self.actor, self.job().pk)
        if found.state == State.CANCELLED:
            messages.success(request, _("任务已取消。"))
        elif found.ended:
            messages.info(request, _("任务已经结束，没有取消。"))
        else:
            messages.info(request, _("已请求取消，任务将在下一个检查点停止。"))
        return HttpResponseRedirect(reverse("console:job", args=[found.pk]))


class Result(OneJob):
    """A job's file, for the one who ordered it: it holds what he may see, which others may not."""

    def get(self, request: HttpRequest, job: Any) -> HttpResponseBase:
        found = self.job()
        if found.state != State.DONE or not found.result_blob or found.actor != self.actor.id:
            raise NotFound(f"file of job {found.pk}")
        return FileResponse(
            store.open(found.result_blob),
            as_attachment=True,
            filename=found.result_name or found.result_blob,
            content_type=found.result_type or "application/octet-stream",
        )
