import io
import re
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from xiezhi import clock
from xiezhi.blobs.models import Blob
from xiezhi.core.errors import Denied
from xiezhi.jobs import actors, queue
from xiezhi.jobs.models import Job
from xiezhi.jobs.worker import run_until_idle
from xiezhi.people.models import Role, RoleAssignment
from xiezhi.people.queries import actor_of
from xiezhi.record.models import Event
from xiezhi.web import keys, services
from xiezhi.web.models import ListExport, SavedView
from xiezhi.web.tests import signing_in

pytestmark = [pytest.mark.django_db, pytest.mark.urls("xiezhi.web.tests.pages_under_test")]
URL = "/console/test/agencies/"


@pytest.fixture
def house():
    root = signing_in.agency()
    for n in range(7):
        signing_in.agency(f"d{n}", root, f"第{n}大队")
    return root


@pytest.fixture
def reader(house):
    return signing_in.browser_of(signing_in.account_with("people.read"))


def names(response):
    html = response.content.decode()
    body = html.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in html else ""
    return re.findall(r"<tr><td[^>]*>(.*?)</td>", body)


def test_a_page_shows_its_rows_and_leads_on(reader):
    first = reader.get(URL)
    assert names(first) == ["示例市监察支队", "第0大队", "第1大队"]
    assert "共 8 条" in first.content.decode()
    after = first.context["after"]
    second = reader.get(URL + after)
    assert names(second) == ["第2大队", "第3大队", "第4大队"]
    assert names(reader.get(URL + second.context["before"])) == names(first)


def test_filters_and_sorting_live_in_the_address(reader):
    response = reader.get(URL, {"q": "大队", "sort": "-name"})
    assert names(response)[0] == "第6大队"
    assert 'aria-sort="descending"' in response.content.decode()
    assert "sort=-name" in response.context["after"]
    assert "q=%E5%A4%A7%E9%98%9F" in response.context["after"]


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "nonsense"},
        {"dissolved_on_from": "2026-13-99"},
        {"sort": "password"},
        {"after": "x"},
        {"before": "x"},
        {"q": "\x00"},
        {"demands_totp": "maybe"},
    ],
)
def test_nonsense_in_the_address_narrows_nothing(reader, query):
    response = reader.get(URL, query)
    assert response.status_code == 200
    assert len(names(response)) == 3


def test_without_a_match_the_page_says_what_to_do(reader):
    html = reader.get(URL, {"q": "没有这个"}).content.decode()
    assert "没有符合条件的记录" in html
    assert "请放宽或清除筛选条件" in html


def test_htmx_gets_the_list_alone_and_a_restored_page_the_whole(reader):
    part = reader.get(URL, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="list"')
    assert "HX-Request" in part["Vary"]
    whole = reader.get(URL, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert "<html" in whole.content.decode()


def test_a_reader_of_one_division_sees_and_exports_no_more(house):
    account = signing_in.account_with("people.read", username="narrow", path="/tz/d3/")
    client = signing_in.browser_of(account)
    assert names(client.get(URL)) == ["第3大队"]
    csv = b"".join(client.post(URL, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert csv.splitlines() == ["名称,简称,撤销日期,要求动态口令", "第3大队,第3大队,,否"]


def test_xlsx_holds_all_pages_of_the_filtered_list(reader):
    response = reader.post(URL + "?q=大队", {"export": "xlsx"})
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert [row[0].value for row in sheet.iter_rows()][1:] == [f"第{n}大队" for n in range(7)]


def test_a_large_export_becomes_a_job_whose_arguments_name_nobody(reader, monkeypatch):
    monkeypatch.setattr("xiezhi.web.lists.exports.AT_ONCE", 5)
    response = reader.post(URL + "?q=大队", {"export": "csv"})
    page = reader.get(response["Location"])
    assert page.status_code == 200
    asked = ListExport.objects.get()
    job = Job.objects.get()
    assert job.args == {"export": str(asked.pk)}
    assert asked.params == {"q": "大队"}


def test_the_export_job_makes_a_file_for_its_orderer_alone(reader, house, monkeypatch):
    monkeypatch.setattr("xiezhi.web.lists.exports.AT_ONCE", 5)
    url = reader.post(URL, {"export": "csv"})["Location"]
    assert run_until_idle(loops=False) == 1
    job = Job.objects.get()
    assert (job.state, job.done) == ("done", 8)
    assert "下载结果" in reader.get(url).content.decode()
    content = b"".join(reader.get(url + "file/").streaming_content).decode("utf-8-sig")
    assert len(content.splitlines()) == 9
    admin = signing_in.browser_of(signing_in.account_with("jobs.read", username="admin"))
    assert admin.get(url).status_code == 200
    assert admin.get(url + "file/").status_code == 404


def ordered(client, monkeypatch):
    """An export that is to run later: its page, and the job."""
    monkeypatch.setattr("xiezhi.web.lists.exports.AT_ONCE", 5)
    return client.post(URL, {"export": "csv"})["Location"], Job.objects.get()


def came_of(job, client, url):
    """How the job ended, what its page says, and the file's lines (none: there is no file)."""
    run_until_idle(loops=False)
    job.refresh_from_db()
    file = client.get(url + "file/")
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines() if file.status_code == 200 else []
    return job.state, client.get(url).content.decode(), lines


@pytest.mark.parametrize("ends", ["role withdrawn", "role emptied", "account deactivated"])
def test_whose_rights_ended_between_ordering_and_running_gets_nothing(reader, house, monkeypatch, ends):
    url, job = ordered(reader, monkeypatch)
    held = RoleAssignment.objects.get()
    if ends == "role withdrawn":
        RoleAssignment.objects.filter(pk=held.pk).update(valid_to=date(2000, 1, 2))
    elif ends == "role emptied":
        Role.objects.filter(pk=held.role_id).update(abilities=[])
    else:
        type(held.account).objects.filter(pk=held.account_id).update(is_active=False)
    admin = signing_in.browser_of(signing_in.account_with("jobs.read", username="admin"))
    state, page, lines = came_of(job, admin if ends == "account deactivated" else reader, url)
    assert state == "failed"
    assert "没有执行此任务所需的权限" in page
    assert lines == []
    assert ListExport.objects.get().blob == ""
    assert not Blob.objects.exists()


def test_whose_rights_were_narrowed_gets_what_is_left(reader, house, monkeypatch):
    url, job = ordered(reader, monkeypatch)
    RoleAssignment.objects.update(agency="/tz/d3/")
    state, _page, lines = came_of(job, reader, url)
    assert (state, lines[1:]) == ("done", ["第3大队,第3大队,,否"])


def test_rights_gained_after_the_order_do_not_reach_it(house, monkeypatch):
    account = signing_in.account_with("people.read", username="wider", path="/tz/d3/")
    monkeypatch.setattr("xiezhi.web.lists.exports.AT_ONCE", 0)
    client = signing_in.browser_of(account)
    url, job = client.post(URL, {"export": "csv"})["Location"], Job.objects.get()
    RoleAssignment.objects.update(agency="/tz/")
    assert came_of(job, client, url)[2][1:] == ["第3大队,第3大队,,否"]


def test_a_key_that_was_revoked_after_the_order_gets_nothing(house):
    keeper = actor_of(signing_in.account_with("api.manage_keys", "people.read", username="keeper"))
    until = clock.now() + timedelta(days=9)
    key, token = services.issue_key(keeper, name="报表", agency="/tz/", scopes=["people.read"], expires_at=until)
    job = queue.enqueue(keys.authorise(token), "web.export", export="00000000-0000-0000-0000-000000000000")
    assert actors.of(job).may("people.read", "/tz/")
    with clock.fixed(until + timedelta(seconds=1)), pytest.raises(Denied):
        actors.of(job)
    services.revoke_key(keeper, key_id=key.pk)
    run_until_idle(loops=False)
    job.refresh_from_db()
    assert (job.state, "没有执行此任务所需的权限" in job.error) == ("failed", True)


def test_a_view_is_saved_used_and_deleted_by_its_owner_only(reader, house):
    reader.post(URL + "?q=大队&sort=-name&after=x", {"name": "各大队"})
    view = SavedView.objects.get()
    assert view.query == "q=%E5%A4%A7%E9%98%9F&sort=-name"
    assert "各大队" in reader.get(URL).content.decode()
    other = signing_in.browser_of(signing_in.account_with("people.read", username="other"))
    assert "各大队" not in other.get(URL).content.decode()
    other.post(URL, {"delete": "各大队"})
    assert SavedView.objects.count() == 1
    reader.post(URL, {"delete": "各大队"})
    assert not SavedView.objects.exists()


def test_saving_and_deleting_a_view_are_acts_that_name_nobody_in_the_open(reader):
    for _again in range(2):
        reader.post(URL + "?q=示例人员", {"name": "示例人员的"})
    reader.post(URL, {"delete": "示例人员的"})
    reader.post(URL, {"delete": "示例人员的"})
    events = Event.objects.filter(type__startswith="web.view").order_by("id")
    assert [event.type for event in events] == ["web.view_saved", "web.view_deleted"]
    assert all("示例人员" not in event.body.data for event in events)


def test_a_view_needs_a_name_and_there_are_not_too_many(reader, monkeypatch):
    monkeypatch.setattr(services, "MOST_VIEWS", 1)
    assert "请填写视图名称" in reader.post(URL, {"name": " "}, follow=True).content.decode()
    reader.post(URL + "?q=大队", {"name": "甲"})
    assert "最多保存 1 个视图" in reader.post(URL, {"name": "乙"}, follow=True).content.decode()
    reader.post(URL + "?q=科", {"name": "甲"})
    assert [(view.name, view.query) for view in SavedView.objects.all()] == [("甲", "q=%E7%A7%91")]
