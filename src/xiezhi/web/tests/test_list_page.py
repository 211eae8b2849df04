import io

import pytest
from openpyxl import load_workbook

from xiezhi.jobs.models import Job
from xiezhi.jobs.worker import run_until_idle
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
    return [cell.split("</td>")[0] for cell in body.split("<tr><td>")[1:]]


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
