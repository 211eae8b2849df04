"""Projects: list, one with participants, sites and permits, registering, correcting, moving, participants."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid
from xiezhi.registry import forms, queries, searching, services
from xiezhi.registry.gate import EDIT
from xiezhi.registry.models import Participant, Project, Role
from xiezhi.registry.project_life import NEXT
from xiezhi.web.lists import Choice, Column, ListPage, Search
from xiezhi.web.pages import ConsoleView, FormPage


def address(project: Project) -> str:
    """Where a project is shown."""
    return reverse("registry:project", args=[project.pk])


class ProjectList(ListPage):
    """Projects that the actor may see."""

    ability = "registry.read"
    title = _("工程项目")
    columns = (
        Column("name", _("项目名称"), link=address, sort="name"),
        Column("number", _("项目编号"), sort="number"),
        Column("kind", _("工程类型"), value=lambda project: str(project.get_kind_display())),
        Column("state", _("状态"), value=lambda project: str(project.get_state_display())),
        Column("address", _("建设地址")),
        Column("area", _("建筑面积（平方米）"), number=True),
        Column("cost", _("工程造价"), value=lambda project: cost(project.cost), number=True),
        Column("updated_at", _("更新时间"), sort="updated_at"),
    )
    filters = (
        Search(label=_("名称、编号或地址"), search=searching.narrowed),
        Choice("kind", _("工程类型"), choices=Project.Kind.choices),
        Choice("state", _("状态"), choices=Project.State.choices),
    )
    order = ("name",)
    empty = _("请先登记工程项目。")

    @classmethod
    def rows(cls, actor: Actor, kwargs: Mapping[str, Any]) -> Any:
        return queries.projects_visible_to(actor)

    def actions(self) -> Sequence[Mapping[str, Any]]:
        if not self.actor.paths(EDIT):
            return []
        return [{"text": _("登记项目"), "href": reverse("registry:project-new")}]


class ProjectPage(ConsoleView):
    """One project."""

    ability = "registry.read"
    template_name = "registry/project.html"

    def page_title(self) -> str:
        return str(self.project.name)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ProjectList.title, reverse("registry:projects")),)

    def get(self, request: HttpRequest, project_id: Any) -> HttpResponse:
        self.project = project = queries.get_project(self.actor, project_id)
        seen = set(
            queries.entities_visible_to(self.actor)
            .filter(participations__project=project)
            .values_list("pk", flat=True)
        )
        entering = self.actor.may(EDIT, project.agency)
        participants = project.participants.select_related("entity").order_by("role", "id")
        return self.page(
            project=project,
            facts=[
                (_("项目编号"), project.number),
                (_("工程类型"), project.get_kind_display()),
                (_("状态"), project.get_state_display()),
                (_("建设地址"), project.address),
                (_("建筑面积（平方米）"), project.area),
                (_("工程造价"), cost(project.cost)),
                (_("登记时间"), project.created_at),
            ],
            entries=[
                {"at": step.at, "title": step.title, "text": _told(step.data)} for step in queries.history(project)
            ],
            participants=[
                (row, row.entity_id in seen, str(Role(row.role).label), entering and row.ends is None)
                for row in participants
            ],
            sites=queries.sites_visible_to(self.actor).filter(project=project).order_by("id"),
            entering=entering,
            permits=queries.permits_visible_to(self.actor).filter(project=project).order_by("-issued_on"),
            actions=self._actions(project),
        )

    def _actions(self, project: Project) -> Sequence[Mapping[str, Any]]:
        if not self.actor.may(EDIT, project.agency):
            return []

        def to(name: str) -> str:
            return reverse(f"registry:{name}", args=[project.pk])

        found = [{"text": _("更正信息"), "href": to("project-edit")}]
        if NEXT[project.state]:
            found.append({"text": _("变更状态"), "href": to("project-move"), "kind": "quiet"})
        permit = f"{reverse('registry:permit-new')}?project={project.pk}"
        return [
            *found,
            {"text": _("添加参建单位"), "href": to("participant-new"), "kind": "quiet"},
            {"text": _("添加工地"), "href": to("site-new"), "kind": "quiet"},
            {"text": _("登记许可"), "href": permit, "kind": "quiet"},
        ]


class ProjectNew(FormPage):
    """Register a project in the officer's own agency."""

    ability = EDIT
    title = _("登记项目")
    form_class = forms.ProjectForm

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        return ((ProjectList.title, reverse("registry:projects")),)

    def act(self, data: Mapping[str, Any]) -> Project:
        return services.register_project(
            self.actor, agency=self.actor.agency, district=self.actor.district, **data
        )

    def done_url(self, result: Project) -> str:
        return address(result)


class OnProject(FormPage):
    """A form about one project, which the actor may change."""

    ability = EDIT

    def admit(self) -> None:
        self.project = queries.get_project(self.actor, self.kwargs["project_id"])
        if not self.actor.may(EDIT, self.project.agency):
            raise Denied(EDIT, self.project.agency)

    def breadcrumbs(self) -> Sequence[tuple[Any, str]]:
        project = self.project
        return ((ProjectList.title, reverse("registry:projects")), (project.name, address(project)))

    def done_url(self, result: Any) -> str:
        return address(self.project)


class ProjectEdit(OnProject):
    """Correct the facts of a project."""

    title = _("更正项目信息")
    form_class = forms.ProjectEditForm

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.project.rev, **_editable(self.project)}

    def stored(self) -> Mapping[str, Any]:
        return _editable(queries.get_project(self.actor, self.project.pk))

    def act(self, data: Mapping[str, Any]) -> Project:
        return services.correct_project(self.actor, self.project.pk, **data)


class ProjectMove(OnProject):
    """Begin, suspend, resume or finish a project."""

    title = _("变更项目状态")
    form_class = forms.ProjectMoveForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"states": sorted(NEXT[self.project.state], key=Project.State.values.index)}

    def initial(self) -> Mapping[str, Any]:
        return {"rev": self.project.rev}

    def act(self, data: Mapping[str, Any]) -> Project:
        return services.move_project(self.actor, self.project.pk, **data)


class ParticipantEnd(OnProject):
    """An entity leaves a project."""

    title = _("登记参建单位退出")
    form_class = forms.EndForm

    def admit(self) -> None:
        self.participant = queries.get_participant(self.actor, self.kwargs["participant_id"])
        self.kwargs["project_id"] = self.participant.project_id
        super().admit()

    def page_title(self) -> Any:
        return now_("%(name)s 退出") % {"name": self.participant.entity.name}

    def act(self, data: Mapping[str, Any]) -> Participant:
        return services.end_participant(self.actor, self.participant.pk, ends=data["ends"])


class ParticipantNew(OnProject):
    """Let an entity take part."""

    title = _("添加参建单位")
    form_class = forms.ParticipantForm

    def act(self, data: Mapping[str, Any]) -> Participant:
        entity = queries.find_by_code(self.actor, "".join(data["code"].upper().split()))
        if entity is None:
            raise Invalid({"code": [now_("没有登记过这个代码。请核对，或先登记该单位。")]})
        return services.add_participant(
            self.actor,
            self.project.pk,
            entity_id=entity.pk,
            role=data["role"],
            section=data["section"],
            begins=data["begins"],
        )


def _editable(project: Project) -> dict[str, Any]:
    """The fields as a user types them: cost in 万元."""
    cost = None if project.cost is None else Decimal(project.cost) / 1_000_000
    names = ("name", "kind", "address", "area")
    return {name: getattr(project, name) for name in names} | {"cost": cost}


def cost(fen: int | None) -> str:
    """``5000 万元`` for 50,000,000.00 yuan in fen; empty where none is known."""
    if fen is None:
        return ""
    number = f"{Decimal(fen) / 1_000_000:f}"
    return now_("%(number)s 万元") % {"number": number.rstrip("0").rstrip(".") if "." in number else number}


def _told(data: Mapping[str, Any]) -> str:
    """What an event says in words: the state or role it gave, from which day, why."""
    parts = []
    if data.get("state"):
        parts.append(str(Project.State(data["state"]).label))
    if data.get("role"):
        parts.append(str(Role(data["role"]).label))
    parts += [str(data[name]) for name in ("section", "on", "reason") if data.get(name)]
    return "；".join(parts)
