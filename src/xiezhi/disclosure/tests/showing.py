"""A publication brought to a given step: a result released by a second person, news relayed, prepared, signed."""

from xiezhi.disclosure import gate, jobs, services
from xiezhi.disclosure.codes import Kind
from xiezhi.disclosure.models import READ, Delivery, Publication
from xiezhi.inspection import services as inspection
from xiezhi.inspection.models import Task
from xiezhi.inspection.tests import cases, visited
from xiezhi.record import relay, sequencer

PREPARER = cases.officer("officer:sun", READ, gate.PREPARE)
SIGNER = cases.officer("officer:ma", READ, gate.SIGN, gate.OBJECTIONS)
READER = cases.officer("officer:he", READ)
OBJECTION = {"name": "示例建设有限公司", "contact": "示例联系方式", "text": "检查日期有误，应为三月五日。"}
FOUND = [{"text": "未取得施工许可证擅自施工", "basis": "《建筑法》第七条", "measure": "责令改正"}]


def news() -> None:
    """Seal and relay what happened, as the two components do."""
    sequencer.seal_all()
    while relay.relay():
        pass


def released(outcome: str = "clean") -> Task:
    """A task whose result a second person released; nobody was told yet."""
    task = visited.released()
    findings = FOUND if outcome in ("rectify", "stop", "fixed", "transfer") else ()
    notes = "现场负责人示例丙在场。"
    visited.filed(task, outcome=outcome, findings=findings, notes=notes)
    task.refresh_from_db()
    with visited.on_the_day(task, 1):
        return inspection.release_result(visited.REVIEWER, task.pk, rev=task.rev)


def due(outcome: str = "clean") -> Publication:
    """The row that a released result makes."""
    task = released(outcome)
    with visited.on_the_day(task, 2):
        news()
    return of(task)


def of(task: Task) -> Publication:
    return Publication.objects.get(kind=Kind.RESULT, subject=task.pk)


def on_day(row: Publication, days: int = 3):
    """Some days after the window's first day of the row's task."""
    return visited.on_the_day(Task.objects.get(pk=row.subject), days)


def prepared(**given) -> Publication:
    row = due(**given)
    with on_day(row):
        return services.prepare(PREPARER, row.pk, rev=row.rev)


def signed(**given) -> Publication:
    row = prepared(**given)
    with on_day(row):
        row = services.sign(SIGNER, row.pk, rev=row.rev)
        news()
    return row


def carried(row: Publication) -> list[Delivery]:
    """Let the job carry what is due, and answer where everything went."""
    with on_day(row, 4):
        for key in jobs._due():
            jobs.carry(key)
    return list(Delivery.objects.filter(publication=row).order_by("created_at", "channel"))
