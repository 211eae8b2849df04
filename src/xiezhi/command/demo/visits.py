"""Visits of released tasks: papers before, results of several outcomes, a second person's review, papers after."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from xiezhi import clock
from xiezhi.command.demo import bureau, papers
from xiezhi.documents.models import Document
from xiezhi.inspection import queries, services
from xiezhi.inspection.codes import Answer, Outcome
from xiezhi.inspection.models import InspectionItem, Task, TaskResult

FOUND = {
    "text": "现场管理人员与备案不一致（演示）",
    "basis": "《建设工程质量管理条例》第二十六条",
    "measure": "责令改正",
}
GONE = "两次到登记的住所，无人应答，电话无法接通（演示）。"
# In the order of tasks, begun again at the end.
OUTCOMES = (Outcome.CLEAN, Outcome.RECTIFY, Outcome.FIXED, Outcome.CLEAN, Outcome.UNREACHABLE, Outcome.STOP,
            Outcome.ENDED, Outcome.TRANSFER)  # fmt: skip
UNSEEN = {Outcome.UNREACHABLE: GONE, Outcome.ENDED: "企业已停业，门牌已摘（演示）。"}


@dataclass
class Visited:
    """What came of the visits: outcomes by task, how many results were returned, every paper that was signed.

    written   papers are made at all; without a font none can be set
    """

    outcomes: dict[str, str] = field(default_factory=dict)
    returned: int = 0
    papers: list[Document] = field(default_factory=list)
    written: bool = True


def checklist(item: InspectionItem) -> None:
    """The item's checklist, from its own contents."""
    checks = [
        {"code": str(number), "text": one["text"], "basis": one["basis"]}
        for number, one in enumerate(item.contents[:5], 1)
    ]
    services.publish_checklist(
        bureau.actor(bureau.HANDLER), item=item.pk, sections=[{"title": "检查内容", "checks": checks}]
    )


def go(tasks: Iterable[Task], first: date, *, written: bool = True) -> Visited:
    """Each task visited on a day of its own from ``first`` on, recorded on paper and on the desk."""
    done = Visited(written=written)
    for number, task in enumerate(tasks):
        outcome = OUTCOMES[number % len(OUTCOMES)]
        with at(first + timedelta(days=number % 8), hour=16):
            result = file(task, outcome)
            done.outcomes[str(task)] = outcome
            if written and outcome not in UNSEEN:
                done.papers.append(papers.site_record(task, result))
    return done


def file(task: Task, outcome: Outcome) -> TaskResult:
    """The result as the leader of the visit files it today."""
    row = Task.objects.get(pk=task.pk)
    bad = outcome not in (Outcome.CLEAN, *UNSEEN)
    answers = {
        str(one.pk): {
            check["code"]: Answer.FAIL if bad and not number else Answer.PASS
            for number, check in enumerate(check for part in one.sections for check in part["checks"])
        }
        for one in queries.checklists_of(row)
    }
    return services.file_result(
        papers.leader_of(row),
        row.pk,
        rev=row.rev,
        visited_on=clock.today(),
        outcome=outcome,
        answers={} if outcome in UNSEEN else answers,
        findings=[FOUND] if bad else [],
        notes=UNSEEN.get(outcome, ""),
    )


def review(tasks: Iterable[Task], done: Visited, day: date) -> None:
    """A leader who went nowhere reads each result: one goes back and is filed anew, then all are released."""
    for task in tasks:
        with at(day, hour=10):
            row = Task.objects.select_related("result").get(pk=task.pk)
            if row.result.outcome == Outcome.RECTIFY and not done.returned:
                reason = "请写明限期整改的要求。"
                services.return_result(bureau.actor(bureau.REVIEWER), row.pk, rev=row.rev, reason=reason)
                done.returned += 1
                _filed_anew(row)
        with at(day, hour=11):
            row = Task.objects.get(pk=task.pk)
            row = services.release_result(bureau.actor(bureau.REVIEWER), row.pk, rev=row.rev)
            if done.written and row.result.outcome in papers.NOTICED:
                done.papers.append(papers.result_notice(row, row.result))


def _filed_anew(task: Task) -> None:
    row = Task.objects.select_related("result").get(pk=task.pk)
    mended = [one | {"measure": "责令15日内改正并书面报告"} for one in row.result.findings]
    services.file_result(
        papers.leader_of(row),
        row.pk,
        rev=row.rev,
        visited_on=row.result.visited_on,
        outcome=row.result.outcome,
        answers=row.result.answers,
        findings=mended,
        notes=row.result.notes,
    )


def at(day: date, hour: int, minute: int = 0) -> AbstractContextManager[None]:
    """The clock at a time of a day of Shanghai."""
    return clock.fixed(datetime.combine(day, time(hour, minute), clock.SHANGHAI))
