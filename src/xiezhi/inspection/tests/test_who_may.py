"""What pages offer and services take, by who asks: 移出, ending a trigger, papers and numbers."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from xiezhi import clock
from xiezhi.core.errors import Refused
from xiezhi.documents import services as documents
from xiezhi.documents.models import NATIONAL, Document, Template
from xiezhi.documents.models import READ as READ_PAPERS
from xiezhi.inspection import gate, services
from xiezhi.inspection.codes import PlanState
from xiezhi.inspection.models import READ
from xiezhi.inspection.tests import cases, changing, planned, sending, staff, visited
from xiezhi.inspection.tests.strangers import refused
from xiezhi.people import services as people
from xiezhi.people.models import Account, Agency, RoleAssignment
from xiezhi.people.tests import house

pytestmark = pytest.mark.django_db


def shown(client, draw) -> str:
    return client.get(reverse("inspection:draw", args=[draw.pk])).content.decode()


def test_only_who_may_remove_an_object_is_offered_it():
    draw = cases.published()
    offered = reverse("inspection:replace", args=[draw.pk, draw.targets.filter(standing="drawn").first().opaque])
    with clock.fixed(cases.START + timedelta(hours=14)):
        reader = staff.client(staff.account("赵查阅", READ, gate.WITNESS))
        organiser = staff.client(staff.account("张组织", READ, gate.DRAW))
        assert offered in shown(organiser, draw)
        assert organiser.get(offered).status_code == 200
        assert "移出</a>" not in shown(reader, draw)
        assert reader.get(offered).status_code == 403


@pytest.mark.parametrize(
    ("first", "last", "stays"),
    [
        (date(2026, 12, 30), date(2026, 12, 31), True),
        (date(2026, 12, 30), date(2027, 1, 1), False),
        (date(2027, 3, 1), date(2027, 3, 5), False),
    ],
)
def test_a_task_is_not_postponed_past_the_period_of_its_plan(first, last, stays):
    task = visited.released()
    accounts = changing.desk(task)
    given = {"change": "postpone", "window_from": first, "window_to": last}
    with sending.day(task.window_from - timedelta(days=1)):
        if stays:
            assert changing.asked(task, accounts, **given).subject == f"task:{task.pk}"
            return
        with pytest.raises(Refused) as caught:
            changing.asked(task, accounts, **given)
    refusal = caught.value.refusal
    assert refusal.rule_id == "xz-task-planned"
    assert "54号" in refusal.article
    assert "取消" in refusal.remedy


@pytest.fixture
def bureau():
    with clock.fixed(house.NOW):
        planned.build()
        yield


def colleague() -> Account:
    """Another organiser of draws in the applicant's own agency."""
    account = people.create_account(
        house.SETUP, username="tong", name="示例同", unit=planned.AGENCY, password=house.PASSWORD
    )
    people.assign_role(
        house.SETUP, account=account.id, role="draw_organiser", agency=planned.AGENCY, valid_from=date(2026, 1, 1)
    )
    return account


def test_a_trigger_under_approval_is_not_ended_by_a_colleague(bureau):
    trigger = planned.asked()
    other = colleague()
    given = {"rev": trigger.rev, "reason": "撤诉。"}
    assert refused(services.end_trigger, house.actor("tong"), trigger.pk, **given) == "xz-trigger-applicant"
    page = reverse("inspection:trigger", args=[trigger.pk])
    assert "终止</a>" not in staff.client(other).get(page).content.decode()
    assert "终止</a>" in staff.client(house.account(planned.ORGANISER)).get(page).content.decode()
    assert services.end_trigger(planned.organiser(), trigger.pk, **given).state == PlanState.ENDED


def test_once_approved_a_colleague_ends_it(bureau):
    trigger = planned.asked()
    colleague()
    planned.agree(trigger.approval)
    trigger.refresh_from_db()
    ended = services.end_trigger(house.actor("tong"), trigger.pk, rev=trigger.rev, reason="撤诉。")
    assert ended.state == PlanState.ENDED


def test_a_number_publishes_one_plan_of_a_kind_and_year(bureau):
    first = planned.published()
    services.end_plan(house.actor("zhi"), first.pk, rev=first.rev, reason="示例")
    second = planned.approved(title="另一计划")
    given = {"rev": second.rev, "document": " 示监〔2026〕2号 "}
    assert refused(services.publish_plan, house.actor("zhi"), second.pk, **given) == "xz-plan-number"
    second.refresh_from_db()
    done = services.publish_plan(house.actor("zhi"), second.pk, rev=second.rev, document="示监〔2026〕3号")
    assert done.state == PlanState.PUBLISHED


def test_one_notice_may_publish_plans_of_two_kinds(bureau):
    planned.published()
    second = planned.approved(kind="special", title="专项", ground="示例")
    done = services.publish_plan(house.actor("zhi"), second.pk, rev=second.rev, document="示监〔2026〕2号")
    assert done.state == PlanState.PUBLISHED


def test_numbers_open_with_the_nearest_body_above_that_has_some():
    task = visited.released()
    account = staff.account("法制", READ)
    account.unit = Agency.objects.create(
        path=f"{cases.AGENCY}law/",
        parent=account.unit,
        code="law",
        name="示例法制科",
        short="法制",
        kind="division",
        district=cases.DISTRICT,
    )
    account.save()
    client = staff.client(account)
    with visited.on_the_day(task):
        page = client.get(reverse("inspection:numbers"))
        own = client.get(reverse("inspection:numbers"), {"agency": account.unit.path})
    assert page.context["scope"].agency == cases.AGENCY
    assert "以下是 示例支队（含下属）" in page.content.decode()
    assert own.context["scope"].agency == account.unit.path
    RoleAssignment.objects.filter(account=account).update(agency=account.unit.path)
    with visited.on_the_day(task):
        page = client.get(reverse("inspection:numbers"))
    assert page.context["scope"].agency == account.unit.path


def paper(task, title: str) -> Document:
    return Document.objects.create(
        template=Template.objects.filter(agency=NATIONAL).first(),
        agency=cases.AGENCY,
        district=cases.DISTRICT,
        stream=f"task:{task.pk}",
        subject=f"task:{task.pk}",
        title=title,
    )


def test_a_task_lists_its_papers_to_who_may_read_them():
    task = visited.released()
    other = task.draw.tasks.exclude(pk=task.pk).first()
    documents.load_builtin_templates(sending.SETUP)
    ours, theirs = paper(task, "现场检查笔录甲"), paper(other, "别的任务的文书")
    reads = staff.client(staff.account("阅文", READ, READ_PAPERS, gate.READ_RELEASED))
    # Whose name is sealed for him, his papers are too; and names alone open no papers.
    one_right = {"只文书": READ_PAPERS, "只名称": gate.READ_RELEASED}
    none = [staff.client(staff.account(name, READ, able)) for name, able in one_right.items()]
    page = reverse("inspection:task", args=[task.pk])
    text = reads.get(page).content.decode()
    assert reverse("documents:document", args=[ours.pk]) in text
    assert ours.title in text
    assert theirs.title not in text
    assert all(ours.title not in client.get(page).content.decode() for client in none)
