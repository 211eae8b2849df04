"""Results on the desk: a checklist published, a result filed, reviewed, returned."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale
from xiezhi.inspection import checking, gate, queries, services, visit_forms
from xiezhi.inspection.dispatch import SENT
from xiezhi.inspection.models import Checklist, InspectionItem, Task, TaskResult
from xiezhi.people.models import Approval
from xiezhi.web import problems
from xiezhi.web.pages import Crumb, FormPage

from .draws import rev_of
from .tasks import CRUMB, TaskPage


class NewChecklist(FormPage):
    """The next version of an item's checklist, begun from the newest one or from what the item's list names."""

    ability = gate.PLAN
    title = _("发布检查表")
    form_class = visit_forms.ChecklistForm
    submit = _("发布新版本")
    done = _("检查表已发布；已登记的结果仍用原版本。")

    @cached_property
    def item(self) -> InspectionItem:
        """The item."""
        found = queries.items().filter(pk=self.kwargs["item"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound(f"item {self.kwargs['item']}")  # type: ignore[attr-defined]
        return found

    def admit(self) -> None:
        gate.allowed(self.actor, self.item.agency, gate.PLAN)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((_("抽查事项清单"), reverse("inspection:items")), (str(self.item), self.done_url(None)))

    def initial(self) -> Mapping[str, Any]:
        newest = self.item.checklists.first()
        listed = [
            {"code": str(number), "text": row["text"], "basis": row.get("basis", "")}
            for number, row in enumerate(self.item.contents, 1)
        ]
        begun = newest.sections if newest else [{"title": str(_("检查内容")), "checks": listed}]
        return {"sections": checking.written(begun)}

    def act(self, data: Mapping[str, Any]) -> Checklist:
        return services.publish_checklist(self.actor, item=self.item.pk, sections=data["sections"])

    def done_url(self, result: Any) -> str:
        return reverse("inspection:item", args=[self.item.pk])


class TaskForm(FormPage):
    """A form on one task, for those who may see its names."""

    @cached_property
    def task(self) -> Task:
        """The task."""
        found = queries.tasks_visible_to(self.actor).filter(pk=self.kwargs["task"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound(f"task {self.kwargs['task']}")  # type: ignore[attr-defined]
        return found

    def admit(self) -> None:
        gate.allowed(self.actor, self.task.agency, self.ability)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])), (str(self.task), self.done_url(None)))

    def done_url(self, result: Any) -> str:
        return reverse("inspection:task", args=[self.task.pk])

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.task.rev}


class FileResult(TaskForm):
    """File what the visit came to."""

    ability = gate.VISIT
    title = _("登记检查结果")
    form_class = visit_forms.ResultForm
    submit = _("登记并提交复核")
    done = _("已登记，等待复核。")

    def admit(self) -> None:
        # Whose subtree it is does not matter to those who are sent.
        if not queries.may_file(self.actor, self.task):
            raise Denied(self.ability, self.task.agency)

    def initial(self) -> Mapping[str, Any]:
        result = queries.result_of(self.actor, self.task)
        if result is None:
            return super().initial()
        form = visit_forms.ResultForm(**self.form_kwargs())
        return {
            "rev": self.task.rev,
            "visited_on": result.visited_on,
            "outcome": result.outcome,
            "findings": checking.written_findings(result.findings),
            "notes": result.notes,
        } | form.begin(result.answers)

    def form_kwargs(self) -> dict[str, Any]:
        return {"checklists": queries.checklists_of(self.task)}

    def act(self, data: Mapping[str, Any]) -> TaskResult:
        form = visit_forms.ResultForm(self.request.POST, **self.form_kwargs())
        form.full_clean()
        return services.file_result(self.actor, self.task.pk, **form.result())


class ReleaseResult(TaskPage):
    """A button: the result is in order."""

    ability = gate.REVIEW
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        try:
            services.release_result(self.actor, self.object.pk, rev=rev_of(request))
        except (Refused, Stale, Invalid) as error:
            problem = problems.of(error)
            return self.shown(status=problem.status, problem=problem)
        messages.success(request, str(_("已复核，任务办结。")))
        return HttpResponseRedirect(reverse("inspection:task", args=[self.object.pk]))


class ReturnResult(TaskForm):
    """Send a result back."""

    ability = gate.REVIEW
    title = _("退回检查结果")
    form_class = visit_forms.ReturnForm
    submit = _("退回")
    done = _("已退回，由检查人员补正后重新登记。")

    def act(self, data: Mapping[str, Any]) -> Task:
        return services.return_result(self.actor, self.task.pk, **data)


class AskChange(TaskForm):
    """Ask for a change of a task; who goes is chosen by duty, not by name."""

    ability = gate.PLAN
    title = _("申请变更任务")
    form_class = visit_forms.ChangeForm
    submit = _("提交审批")
    done = _("已提交审批。批准之前任务不变；批准后由系统办理。")

    def form_kwargs(self) -> dict[str, Any]:
        _target, officers = queries.task_names(self.actor, self.task)
        return {"officers": [row for row in officers if row.duty in SENT]}

    def act(self, data: Mapping[str, Any]) -> Approval:
        return services.ask_task_change(self.actor, self.task.pk, **data)

    def done_url(self, result: Any) -> str:
        if isinstance(result, Approval):
            return reverse("console:approval", args=[result.pk])
        return super().done_url(result)
