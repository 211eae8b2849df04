"""Tasks: planning the officers' draw, the list, one task, my own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from xiezhi import clock
from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, NotFound
from xiezhi.documents import queries as documents
from xiezhi.documents.codes import State as PaperState
from xiezhi.inspection import checking, dispatch, forms, gate, queries, routine, services, together
from xiezhi.inspection.codes import Answer, Outcome, Rests, TaskState
from xiezhi.inspection.models import READ, Checklist, Draw, Task, TaskResult
from xiezhi.inspection.worklist import AHEAD
from xiezhi.record import services as record
from xiezhi.web.components import tag
from xiezhi.web.lists import Column, ListPage
from xiezhi.web.pages import Crumb, DetailPage

from . import task_filters
from .draw_forms import DrawForm
from .draws import address
from .shown import SHOWN

CRUMB: Crumb = (_("检查任务"), "inspection:tasks")

KINDS = {TaskState.SEALED: "quiet", TaskState.RETURNED: "bad", TaskState.DONE: "good"}


def state_tag(row: Task) -> Any:
    """The task's state as a tag."""
    state = TaskState(row.state)
    return tag(KINDS.get(state, "plain"), state.label)


# States → ability → page → words → how: a link, or a button.
OFFERED: tuple[tuple[tuple[TaskState, ...], str, str, Any, str], ...] = (
    ((TaskState.RELEASED, TaskState.RETURNED), gate.VISIT, "file_result", _("登记检查结果"), "href"),
    ((TaskState.FILED,), gate.REVIEW, "release_result", _("复核通过"), "post"),
    ((TaskState.FILED,), gate.REVIEW, "return_result", _("退回补正"), "href"),
)


def _checked(task: Task, result: TaskResult | None) -> list[tuple[Any, Any]]:
    """(check, answer) of every check that the result answers."""
    found = []
    for row in Checklist.objects.filter(pk__in=result.answers) if result else ():
        for check in checking.checks(row.sections):
            answer = result.answers[str(row.pk)].get(check["code"]) if result else None
            found.append((check, Answer(answer).label if answer else "—"))
    return found


def _papers(actor: Actor, task: Task) -> list[Any]:
    """The first documents about the task that the actor may see, with their states in words; drawn up under it."""
    rows = list(documents.visible_to(actor).filter(subject=f"task:{task.pk}").order_by("created_at", "pk")[:SHOWN])
    for row in rows:
        row.state_text = PaperState(row.state).label
    return rows


def rests_of(row: Task) -> Rests:
    """What it rests on."""
    return Rests.TRIGGER if row.trigger_id else Rests.DRAW


def rests_tag(row: Task) -> Any:
    """The same as a tag."""
    return tag("plain" if row.trigger_id else "quiet", rests_of(row).label)


def _with_outcomes(actor: Actor, rows: QuerySet[Task]) -> QuerySet[Task]:
    """The tasks with the results that the actor may see: what a visit came to, no name."""
    return rows.prefetch_related(Prefetch("result", TaskResult.objects.visible_to(actor).only("task", "outcome")))


def _outcome(row: Task) -> str:
    result = getattr(row, "result", None)
    return str(Outcome(result.outcome).label) if result is not None else ""


class Tasks(ListPage):
    """Tasks of the agencies in which one may read; no names: they are read on a task's own page, and noted."""

    ability = READ
    title = _("检查任务")
    template_name = "inspection/tasks.html"
    intro = _("对象和检查人员的名称在检查期间开始的前一日向检查人员开启，每次查看都会记入全过程记录。")
    empty = _("还没有任务。抽取检查人员并封存之后，任务自动生成。")
    order = ("-window_from", "number")
    columns = (
        Column("number", _("任务"), value=str, link=lambda row: reverse("inspection:task", args=[row.pk])),
        Column("rests", _("来源"), value=lambda row: str(rests_of(row).label), html=rests_tag),
        Column("item", _("抽查事项"), value=lambda row: "；".join(item.title for item in row.items.all())),
        Column("window_from", _("检查开始"), sort="window_from"),
        Column("window_to", _("检查结束"), sort="window_to"),
        Column("state", _("状态"), value=lambda row: str(TaskState(row.state).label), html=state_tag),
        Column("outcome", _("检查结果"), value=_outcome),
        Column("released_at", _("开启时间")),
    )
    filters = task_filters.ALL

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return _with_outcomes(actor, queries.tasks_visible_to(actor))

    def lacking(self) -> QuerySet[Draw]:
        """Draws with objects for which no task will come until officers are drawn for them."""
        return dispatch.lacking_officers(queries.visible_to(self.actor), clock.today())[:SHOWN]


class MyTasks(Tasks):
    """Those that the account's own officer is sent to."""

    title = _("我的检查任务")
    template_name = ListPage.template_name
    intro = _("只列出已向您开启的任务。")
    empty = _("目前没有向您开启的检查任务。")
    filters = task_filters.OWN

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> QuerySet[Any]:
        return _with_outcomes(actor, queries.tasks_of(actor))


class TaskPage(DetailPage):
    """One task. Object and officers are opened by a button, for those who may see them; each reading is noted."""

    ability = READ
    template_name = "inspection/task.html"

    def get_object(self) -> Task:
        found = queries.tasks_visible_to(self.actor).filter(pk=self.kwargs["task"]).first()  # type: ignore[attr-defined]
        if found is None:
            raise NotFound(f"task {self.kwargs['task']}")  # type: ignore[attr-defined]
        return found

    def page_title(self) -> str:
        return str(self.object)

    def breadcrumbs(self) -> Sequence[Crumb]:
        return ((CRUMB[0], reverse(CRUMB[1])),)

    def actions(self, obj: Task) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        if obj.state in AHEAD and self.actor.may(gate.PLAN, obj.agency):
            found.append({"text": _("申请变更任务"), "href": reverse("inspection:change_task", args=[obj.pk])})
        if not queries.may_see_names(self.actor, obj):
            return found
        found.insert(0, {"text": _("查看对象、人员和结果"), "post": reverse("inspection:task", args=[obj.pk])})
        for states, ability, name, text, kind in OFFERED:
            filing = ability == gate.VISIT
            may = queries.may_file(self.actor, obj) if filing else self.actor.may(ability, obj.agency)
            if may and obj.state in states:
                given: dict[str, Any] = {"text": text, kind: reverse(f"inspection:{name}", args=[obj.pk])}
                if kind == "post":
                    # The revision that the page shows: what was filed anew meanwhile is not released unseen.
                    given |= {"id": name, "confirm": _("结果无误，办结任务？"), "name": "rev", "value": obj.rev}
                found.append(given)
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return self.shown(open=queries.may_see_names(self.actor, self.object))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the names to whoever may see them."""
        self.object = self.get_object()
        if not queries.may_see_names(self.actor, self.object):
            raise Denied(gate.READ_RELEASED, self.object.agency)
        target, officers = queries.task_names(self.actor, self.object)
        result = queries.result_of(self.actor, self.object)
        fields = ["name", "code", "officers", *(["result"] if result else [])]
        purpose = str(_("办理检查任务"))
        record.note_sensitive_read(self.actor, subject=f"task:{self.object.pk}", fields=fields, purpose=purpose)
        return self.shown(target=target, officers=officers, result=result, checked=_checked(self.object, result))

    def shown(self, **more: Any) -> HttpResponse:
        """The page; ``target`` and ``officers`` where the names are open."""
        given = {"object": self.object, "facts": self.facts(self.object), "actions": self.actions(self.object)}
        given["papers"] = _papers(self.actor, self.object)
        return self.page(**given | more)

    def facts(self, obj: Task) -> Sequence[tuple[Any, Any]]:
        return (
            (_("状态"), state_tag(obj)),
            *self.rests(obj),
            (_("检查事项"), "；".join(str(item) for item in obj.items.all())),
            (_("检查期间"), f"{obj.window_from} — {obj.window_to}"),
            (_("开启时间"), obj.released_at),
        )

    @staticmethod
    def rests(obj: Task) -> Sequence[tuple[Any, Any]]:
        """What it rests on: its draws, or the trigger that was approved."""
        if obj.trigger is not None:
            link = format_html(
                '<a href="{}">{}</a>', reverse("inspection:trigger", args=[obj.trigger.pk]), obj.trigger
            )
            return ((_("来源"), rests_tag(obj)), (_("触发式检查"), link))
        return (
            (_("来源"), rests_tag(obj)),
            (_("抽查"), f"{obj.draw.draw_id} {obj.draw.title}"),
            (_("人员抽取"), obj.dispatch.draw_id),
            (_("密封编号"), obj.opaque),
            *([(_("联合机构"), partners)] if (partners := together.partners(obj.draw.line)) else []),
        )


class PrepareDispatch(DrawForm):
    """Plan the officers' draw of a published draw."""

    ability = gate.PLAN
    title = _("抽取检查人员")
    form_class = forms.DispatchForm
    submit = _("拟定")
    done = _("人员抽取已拟定。下一步：在随机源公布之前作出承诺。")

    def initial(self) -> Mapping[str, Any]:
        return routine.next_source(self.draw.agency)["fields"] | {"level": self.draw.level}

    def act(self, data: Mapping[str, Any]) -> Draw:
        given = {name: data[name] for name in ("sources", "profile", "level")}
        return services.prepare_dispatch(self.actor, draw=self.draw.pk, **given)

    def done_url(self, result: Draw) -> str:
        return address(result)
