"""Acts on projects and their participants."""

import uuid
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid, Refusal, Refused
from xiezhi.record.acts import act, at, emit
from xiezhi.registry.gate import EDIT, TYPED, canonical, changes, demand, locked, note_source, rewrite
from xiezhi.registry.models import Entity, Participant, Project, Role
from xiezhi.registry.project_life import NEXT
from xiezhi.registry.searching import let_find

_EDITABLE = frozenset({"name", "kind", "address", "area", "cost"})


@act("registry.project_registered")
def register_project(
    actor: Actor, *, agency: str, district: str, number: str, name: str, source: str = TYPED, **facts: Any
) -> Project:
    """Register a project; ``facts``: kind, address, area (m²), cost (fen). ``Denied``, ``Invalid``."""
    demand(actor, EDIT, agency)
    _check({"number": number, "name": name, **facts})
    if Project.objects.filter(district=district, number=number).exists():
        raise Refused(
            Refusal(
                "xz-registry-project-once",
                "",
                _("项目编号 %(number)s 已登记。"),
                _("请打开已有的项目，或核对编号。"),
                {"number": number},
            )
        )
    columns = {"number": number, "name": name, **facts}
    project = Project.objects.create(agency=agency, district=district, created_at=at(), updated_at=at(), **columns)
    note_source(source, number, columns, at(), project=project)
    let_find(project)
    emit(
        **_about(project),
        data={"id": str(project.id), "source": source},
        private={"facts": {name: canonical(value) for name, value in columns.items()}},
    )
    return project


@act("registry.project_corrected")
def correct_project(
    actor: Actor, project_id: uuid.UUID, *, rev: int, source: str = TYPED, **facts: Any
) -> Project:
    """Correct name, kind, address, area or cost. ``NotFound``, ``Denied``, ``Stale``, ``Invalid``."""
    project = locked(Project, project_id, actor, EDIT, rev)
    _check(facts)
    if unknown := set(facts) - _EDITABLE:
        raise Invalid({name: [_("此项不能更正。")] for name in sorted(unknown)})
    changed = changes(project, facts)
    if not changed:
        raise Invalid({"": [_("没有任何改动。")]})
    rewrite(project, facts)
    note_source(source, project.number, facts, at(), project=project)
    let_find(project)
    emit(
        **_about(project),
        data={"id": str(project.id), "columns": sorted(changed), "source": source},
        private={"changes": changed},
    )
    return project


@act("registry.project_moved")
def move_project(actor: Actor, project_id: uuid.UUID, *, rev: int, state: str, reason: str = "") -> Project:
    """Begin, suspend, resume or finish a project. ``Refused`` where the step does not follow on its state."""
    project = locked(Project, project_id, actor, EDIT, rev)
    if state not in NEXT[project.state]:
        raise Refused(
            Refusal(
                "xz-registry-project-step",
                "",
                _("项目现为“%(now)s”，不能改为所选状态。"),
                _("请核对项目的实际进度。"),
                {"now": project.get_state_display()},
            )
        )
    rewrite(project, {})
    emit(**_about(project), data={"id": str(project.id), "state": state, "reason": reason})
    project.refresh_from_db()
    return project


@act("registry.participant_added")
def add_participant(
    actor: Actor,
    project_id: uuid.UUID,
    *,
    entity_id: uuid.UUID,
    role: str,
    section: str = "",
    begins: date | None = None,
) -> Participant:
    """Let an entity take part in a project in a role. ``NotFound``, ``Denied``, ``Invalid``, ``Refused``."""
    project = locked(Project, project_id, actor, EDIT)
    entity = Entity.objects.visible_to(actor).filter(pk=entity_id).first()
    if entity is None or role not in Role.values:
        raise Invalid({"entity" if entity is None else "role": [_("请选择参建单位和角色。")]})
    if Participant.objects.filter(project=project, entity=entity, role=role, section=section, ends=None).exists():
        raise Refused(
            Refusal(
                "xz-registry-participant-once",
                "",
                _("该单位已以同一角色参建。"),
                _("若标段不同，请填写标段。"),
            )
        )
    participant = Participant.objects.create(
        project=project, entity=entity, role=role, section=section, begins=begins
    )
    emit(**_about(project), data=_participation(participant, begins))
    return participant


@act("registry.participant_ended")
def end_participant(actor: Actor, participant_id: uuid.UUID, *, ends: date) -> Participant:
    """An entity's role in a project ends on ``ends``. ``NotFound``, ``Denied``, ``Invalid``."""
    found = Participant.objects.filter(pk=participant_id).values_list("project_id", flat=True).first()
    project = locked(Project, found or participant_id, actor, EDIT)
    participant = Participant.objects.select_for_update().get(pk=participant_id)
    if participant.ends is not None or (participant.begins and ends < participant.begins):
        raise Invalid({"ends": [_("退出日期不对，或该单位已退出。")]})
    participant.ends = ends
    participant.save(update_fields=["ends"])
    emit(**_about(project), data=_participation(participant, ends))
    return participant


def _check(facts: dict[str, Any]) -> None:
    errors = {}
    for column in ("number", "name"):
        if column in facts and not str(facts[column]).strip():
            errors[column] = [_("必填，不能为空。")]
    if facts.get("kind", Project.Kind.OTHER) not in Project.Kind.values:
        errors["kind"] = [_("请选择工程类型。")]
    for column in ("area", "cost"):
        if (facts.get(column) or 0) < 0:
            errors[column] = [_("不能为负数。")]
    if errors:
        raise Invalid(errors)


def _about(project: Project) -> dict[str, str]:
    name = f"project:{project.id}"
    return {"stream": name, "subject": name, "agency": project.agency, "district": project.district}


def _participation(participant: Participant, on: date | None) -> dict[str, Any]:
    return {
        "project": str(participant.project_id),
        "participant": str(participant.id),
        "entity": str(participant.entity_id),
        "role": participant.role,
        "section": participant.section,
        "on": on.isoformat() if on else None,
    }
