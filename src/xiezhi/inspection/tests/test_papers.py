"""A visit's papers: as sealed as its names, and carried on by those whose visit it is."""

import pytest
from django.urls import reverse

from xiezhi.core.errors import Invalid, NotFound
from xiezhi.documents import queries as documents
from xiezhi.documents import services as papers
from xiezhi.inspection import services
from xiezhi.inspection.models import READ
from xiezhi.inspection.tests import cases, sending, staff, visited
from xiezhi.inspection.tests.strangers import refused
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of

pytestmark = pytest.mark.django_db


def paper(account: Account, task, **given):
    papers.load_builtin_templates(sending.SETUP)
    template = documents.in_force("inspection_notice", cases.AGENCY, task.window_from)
    values = dict(template.contract.sample()) | {"party_name": task.target.name, "party_code": task.target.code}
    return papers.draft_document(
        actor_of(account), template=template, agency=cases.AGENCY, title=f"任务 {task}", values=values,
        **{"subject": f"task:{task.pk}"} | given,
    )  # fmt: skip


@pytest.fixture
def task():
    return visited.released()


@pytest.fixture
def reader():
    """Reads papers and tasks, and may draft; was not sent."""
    return staff.account(
        "赵查阅", READ, "documents.read", "documents.draft", "documents.sign", "documents.read_private"
    )


def signed(task):
    leader = visited.sent(task)
    row = paper(leader, task)
    return papers.sign_document(actor_of(leader), row.id, rev=row.rev)


def test_before_the_visit_a_paper_is_there_for_team_and_leaders_alone(task, reader):
    with visited.on_the_day(task, -1):
        row = signed(task)
        for account in (reader, visited.others(task)[0]):
            assert not documents.visible_to(actor_of(account)).filter(pk=row.pk).exists()
            with pytest.raises(NotFound):
                documents.document(actor_of(account), row.pk)
        client = staff.client(reader)
        for name in ("document", "void"):
            assert client.get(reverse(f"documents:{name}", args=[row.pk])).status_code == 404
        assert task.target.name not in client.get(reverse("documents:documents")).content.decode()
        leading = staff.account("钱大队", READ, "documents.read", "inspection.read_released")
        keeper = staff.account("孙用印", READ, "documents.read", "documents.seal")
        for account in (visited.sent(task), leading, keeper):
            assert documents.document(actor_of(account), row.pk) == row


@pytest.mark.parametrize(
    "spelled", [lambda key: str(key).upper(), lambda key: key.hex, "urn:uuid:{}".format, " {}".format]
)
def test_a_task_in_another_spelling_of_its_id_is_as_sealed(task, reader, spelled):
    with visited.on_the_day(task, -1):
        row = paper(visited.sent(task), task, subject="task:" + spelled(task.pk))
        assert row.subject == f"task:{task.pk}"
        client = staff.client(reader)
        assert client.get(reverse("documents:document", args=[row.pk])).status_code == 404
        assert client.get(f"/api/v1/documents/{row.pk}/values").status_code == 404
        with pytest.raises(Invalid, match="尚未向您开启"):
            paper(reader, task, subject="task:" + spelled(task.pk))


def test_when_the_visit_is_done_its_papers_are_there_for_whoever_reads_papers(task, reader):
    with visited.on_the_day(task):
        row = signed(task)
        visited.filed(task)
    with visited.on_the_day(task, 1):
        assert not documents.visible_to(actor_of(reader)).filter(pk=row.pk).exists()
        task.refresh_from_db()
        services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
        assert documents.document(actor_of(reader), row.pk) == row


def test_nobody_drafts_a_paper_about_somebody_whose_name_is_closed_to_him(task, reader):
    with visited.on_the_day(task, -1), pytest.raises(Invalid, match="尚未向您开启"):
        paper(reader, task)


def test_a_colleague_neither_issues_nor_voids_nor_corrects_the_papers_of_others(task, reader):
    with visited.on_the_day(task):
        row = signed(task)
        visited.filed(task)
        task.refresh_from_db()
        services.release_result(visited.REVIEWER, task.pk, rev=task.rev)
        row.refresh_from_db()
        kept = {"rev": row.rev}
        him = actor_of(reader)
        assert refused(papers.issue_document, him, row.id, **kept) == "xz-document-own"
        assert refused(papers.void_document, him, row.id, reason="示例", **kept) == "xz-document-own"
        assert refused(papers.correct_document, him, row.id, **kept) == "xz-document-own"
        page = staff.client(reader).get(reverse("documents:document", args=[row.pk])).content.decode()
        assert reverse("documents:void", args=[row.pk]) not in page
        member = visited.sent(task, "member")
        voided = papers.void_document(actor_of(member), row.id, reason="示例", **kept)
        assert voided.state == "void"
