"""The registry's pages and operations, as people and machines use them."""

import json
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from xiezhi.core.actor import system
from xiezhi.jobs import worker
from xiezhi.jobs.models import Job
from xiezhi.people.models import Account
from xiezhi.people.queries import actor_of
from xiezhi.registry import queries, services, synthetic
from xiezhi.registry.models import ColumnMapping, Entity, ImportBatch
from xiezhi.registry.tests import builders
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
BASE = "/console/registry"
API = "/api/v1/registry"
ABILITIES = ("registry.read", "registry.edit", "registry.import")


@pytest.fixture
def account():
    return signing_in.account_with(*ABILITIES)


@pytest.fixture
def browser(account):
    return signing_in.browser_of(account)


@pytest.fixture
def officer(account):
    return actor_of(account)


@pytest.fixture
def reader(account):
    return signing_in.browser_of(signing_in.account_with("registry.read", username="reader"))


def upload(browser, content, name="名录.csv", source="市场监管登记", target="entity"):
    file = SimpleUploadedFile(name, content)
    return browser.post(f"{BASE}/imports/new/", {"file": file, "source": source, "target": target})


def staged(browser, table):
    response = upload(browser, builders.csv_bytes(table))
    address = response["Location"]
    page = browser.get(address)
    fields = {field.name: field.value() for field in page.context["form"] if field.name.startswith("column")}
    browser.post(address, fields)
    worker.run_until_idle(loops=False)
    return ImportBatch.objects.latest("created_at")


def browser_account(browser):
    return Account.objects.get(pk=browser.session["_auth_user_id"])


def text(response):
    return response.content.decode()


def test_the_list_shows_what_one_may_see_and_searches(browser, officer):
    mine = builders.entity(officer, number=1, name="示例甲建设有限公司")
    builders.entity(officer, number=2, name="示例乙市政有限公司")
    builders.entity(builders.officer(agency="/elsewhere/"), number=3, name="示例丙园林有限公司")
    shown = text(browser.get(f"{BASE}/entities/"))
    assert ("示例甲建设" in shown, "示例丙园林" in shown) == (True, False)
    found = text(browser.get(f"{BASE}/entities/?q=示例甲"))
    assert ("示例甲建设" in found, "示例乙市政" in found) == (True, False)
    assert mine.name in text(browser.get(f"{BASE}/entities/?q={mine.code[:17]}"))


def test_an_entity_is_registered_shown_with_its_source_and_corrected(browser):
    code = synthetic.synthetic_code(5)
    new = {"code": code, "name": "示例新企有限公司", "capital": "1,008万元人民币", "address": "示例路1号"}
    page = browser.post(f"{BASE}/entities/new/", new, follow=True)
    assert all(part in text(page) for part in ("示例新企有限公司", "1008万元人民币", "录入", code))
    entity = Entity.objects.get()
    edit = f"{BASE}/entities/{entity.pk}/edit/"
    form = browser.get(edit).context["form"]
    given = {field.name: field.value() for field in form}
    browser.post(edit, given | {"name": "示例改名有限公司"})
    stale = browser.post(edit, given | {"name": "示例又名有限公司"})
    assert stale.status_code == 412
    assert "示例改名有限公司" in text(stale)
    shown = text(browser.get(f"{BASE}/entities/{entity.pk}/"))
    assert "曾用名" in shown
    assert "示例新企有限公司" in shown


def test_a_wrong_entry_comes_back_with_what_was_typed(browser):
    response = browser.post(f"{BASE}/entities/new/", {"code": "123", "name": "示例企业"})
    assert response.status_code == 422
    assert "应为 18 位统一社会信用代码" in text(response)
    assert "示例企业" in text(response)


def test_a_code_that_is_taken_is_refused_with_the_remedy(browser, officer):
    entity = builders.entity(officer)
    response = browser.post(f"{BASE}/entities/new/", {"code": entity.code, "name": "示例企业"})
    assert response.status_code == 409
    assert "请核对代码" in text(response)


def test_an_old_number_is_replaced_by_a_credit_code(browser, officer):
    entity = services.register_entity(
        officer, agency=officer.agency, district="321202", code="321283000009205", name="示例旧号厂"
    )
    address = f"{BASE}/entities/{entity.pk}/code/"
    browser.post(address, {"rev": "1", "code": synthetic.synthetic_code(8), "begins": "2016-05-01"})
    shown = text(browser.get(f"{BASE}/entities/{entity.pk}/"))
    assert "321283000009205" in shown
    assert synthetic.synthetic_code(8) in shown


def test_a_project_with_a_participant_and_a_site(browser, officer):
    entity = builders.entity(officer)
    facts = {"number": "2026-1", "name": "示例家园一期", "kind": "building", "area": "12000"}
    page = browser.post(f"{BASE}/projects/new/", facts, follow=True)
    project = page.context["project"]
    base = f"{BASE}/projects/{project.pk}"
    browser.post(f"{base}/participants/", {"code": entity.code, "role": "contractor", "begins": "2026-03-01"})
    site = {"name": "示例工地", "latitude": "32.49", "longitude": "119.9", "datum": "WGS-84"}
    browser.post(f"{base}/sites/", site)
    shown = text(browser.get(f"{base}/"))
    assert all(part in shown for part in ("示例家园一期", entity.name, "施工总承包单位", "示例工地", "32.490000"))
    assert "示例家园一期" in text(browser.get(f"{BASE}/projects/"))
    assert "示例家园一期" in text(browser.get(f"{BASE}/entities/{entity.pk}/"))
    unknown = browser.post(f"{base}/participants/", {"code": synthetic.synthetic_code(99), "role": "owner"})
    assert unknown.status_code == 422


def test_a_wrong_file_is_refused_on_the_spot_and_leaves_nothing(browser):
    response = upload(browser, b"%PDF-1.7")
    assert response.status_code == 422
    assert "这是 PDF 文件，不是表格" in text(response)
    assert not ImportBatch.objects.exists()


def test_the_wizard_from_upload_to_undo(browser):
    rows = builders.rows(3)
    batch = staged(browser, [builders.HEADER, *rows, ["", "123", "x", ""]])
    address = f"{BASE}/imports/{batch.pk}/"
    page = text(browser.get(address))
    assert batch.state == "staged"
    assert "确认写入" in page
    assert "查看新增的 3 行" in page
    assert "查看拒收的 1 行" in page
    assert "统一社会信用代码：应为 18 位" in text(browser.get(f"{address}?rows=rejected"))
    assert not Entity.objects.exists()

    browser.post(f"{address}apply/")
    running = text(browser.get(address))
    assert 'hx-trigger="every 1s"' in running
    assert "待确认" not in running
    assert "正在写入：0 / 3" in running
    listed = text(browser.get(f"{BASE}/imports/")).partition("<tbody")[2]
    assert "正在写入" in listed
    assert "待确认" not in listed
    worker.run_until_idle(loops=False)
    assert Entity.objects.count() == 3
    done = text(browser.get(address, headers={"HX-Request": "true"}))
    assert "已导入" in done
    assert "hx-trigger" not in done
    assert "<html" not in done

    browser.post(f"{address}undo/")
    worker.run_until_idle(loops=False)
    assert not Entity.objects.exists()
    assert "已撤销" in text(browser.get(address))
    assert batch.filename in text(browser.get(f"{BASE}/imports/"))


def test_changed_rows_are_shown_before_they_are_written(browser):
    staged(browser, [builders.HEADER, *builders.rows(1)])
    first = ImportBatch.objects.get()
    browser.post(f"{BASE}/imports/{first.pk}/apply/")
    worker.run_until_idle(loops=False)
    batch = staged(browser, [builders.HEADER, [*builders.rows(1)[0][:3], "示例市新路9号"]])
    shown = text(browser.get(f"{BASE}/imports/{batch.pk}/?rows=changed"))
    assert f"住所：{builders.rows(1)[0][3]} → 示例市新路9号" in shown


def test_a_list_of_projects_comes_in_through_the_same_wizard(browser, officer):
    entity = builders.entity(officer)
    header = ["项目编号", "工程名称", "施工单位代码"]
    rows = [["2026-9", "示例家园九期", entity.code], ["2026-10", "示例家园十期", synthetic.synthetic_code(99)]]
    response = upload(browser, builders.csv_bytes([header, *rows]), target="project")
    form = browser.get(response["Location"]).context["form"]
    assert [form[f"column{place}"].value() for place in range(3)] == ["number", "name", "contractor"]
    browser.post(response["Location"], {f.name: f.value() for f in form if f.name.startswith("column")})
    worker.run_until_idle(loops=False)
    batch = ImportBatch.objects.get()
    shown = text(browser.get(f"{BASE}/imports/{batch.pk}/?rows=rejected"))
    assert "没有登记过代码为" in shown
    assert "示例家园十期" in shown
    browser.post(f"{BASE}/imports/{batch.pk}/apply/")
    worker.run_until_idle(loops=False)
    assert "示例家园九期" in text(browser.get(f"{BASE}/projects/?q=家园九"))
    assert "示例家园九期" in text(browser.get(f"{BASE}/entities/{entity.pk}/"))


def test_the_rejected_rows_can_be_had_as_a_file(browser):
    batch = staged(browser, [builders.HEADER, *builders.rows(1), ["", "123", "x", ""]])
    for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        response = browser.get(f"{BASE}/imports/{batch.pk}/rejected.{form}")
        assert b"".join(response.streaming_content).startswith(start)
        assert "attachment" in response["Content-Disposition"]


def test_a_mapping_can_be_chosen_and_kept(browser):
    response = upload(browser, builders.csv_bytes([["单位", "编码", "成立日期", "住所"], *builders.rows(1)]))
    columns = response["Location"]
    asked = text(browser.get(columns))
    assert "名称（必填）" in asked
    assert "成立日期（必填）" not in asked
    assert asked.count("（选填）") == 1  # the name to keep the mapping under
    lacking = browser.post(columns, {"column0": "name"})
    assert lacking.status_code == 422
    assert "没有列对应必填的" in text(lacking)
    browser.post(columns, {"column0": "name", "column1": "code", "save_as": "许可库"})
    worker.run_until_idle(loops=False)
    assert ImportBatch.objects.get().counts["rows"]["new"] == 1
    kept = ColumnMapping.objects.get()
    assert kept.columns == {"单位": "name", "编码": "code"}
    other = ["单位", "编码", "成立日期", "住所"]
    services.save_mapping(
        actor_of(browser_account(browser)), agency=kept.agency, district=kept.district, name="带住所", source="许可",
        columns={"单位": "name", "编码": "code", "住所": "address"},
    )  # fmt: skip
    again = upload(browser, builders.csv_bytes([other, *builders.rows(1)]))["Location"]
    page = browser.get(f"{again}?mapping={kept.pk}")
    assert "许可库" in text(page)
    assert "带住所" in text(page)
    assert [page.context["form"][f"column{place}"].value() for place in (0, 1, 3)] == ["name", "code", ""]


def test_markup_in_a_cell_or_a_header_is_shown_and_not_run(browser):
    table = [["<b>单位</b>", "编码"], ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>"]]
    page = text(browser.get(upload(browser, builders.csv_bytes(table))["Location"]))
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    for markup in ("<img src=x", "<script>alert", "<b>单位"):
        assert markup not in page


def test_a_file_that_turns_out_wrong_says_so_on_its_page(browser):
    content = builders.csv_bytes([builders.HEADER, *builders.rows(60)]) + b'"never closed\n'
    response = upload(browser, content)
    form = browser.get(response["Location"]).context["form"]
    browser.post(response["Location"], {f.name: f.value() for f in form if f.name.startswith("column")})
    worker.run_until_idle(loops=False)
    batch = ImportBatch.objects.get()
    assert batch.state == "refused"
    assert "引号没有闭合" in text(browser.get(f"{BASE}/imports/{batch.pk}/"))


def test_an_import_can_be_given_up(browser):
    batch = staged(browser, [builders.HEADER, *builders.rows(1)])
    browser.post(f"{BASE}/imports/{batch.pk}/discard/")
    batch.refresh_from_db()
    assert batch.state == "discarded"
    refused = browser.post(f"{BASE}/imports/{batch.pk}/discard/")
    assert refused.status_code == 409


def test_what_is_staged_cannot_be_undone_and_what_is_applied_not_written_again(browser):
    batch = staged(browser, [builders.HEADER, *builders.rows(1)])
    page, operation = f"{BASE}/imports/{batch.pk}/", f"{API}/imports/{batch.pk}/"

    def refused(step, remedy):
        shown = browser.post(f"{page}{step}/")
        answered = browser.post(f"{operation}{step}", "{}", content_type="application/json")
        assert (shown.status_code, answered.status_code) == (409, 409)
        assert answered.json()["rule_id"] == "xz-registry-import-step"
        assert remedy in text(shown)
        assert remedy in answered.json()["remedy"]

    refused("undo", "请先确认写入")
    browser.post(f"{page}apply/")
    worker.run_until_idle(loops=False)
    refused("apply", "请撤销导入")
    assert browser.get(f"{page}columns/").status_code == 409
    again = browser.post(f"{operation}stage", "{}", content_type="application/json")
    assert again.status_code == 409
    assert not Job.objects.filter(state="queued").exists()


def test_a_dry_run_with_other_columns_waits_for_the_one_that_is_under_way(browser):
    response = upload(browser, builders.csv_bytes([builders.HEADER, *builders.rows(1)]))
    browser.post(response["Location"], {"column0": "name", "column1": "code"})
    other = browser.post(response["Location"], {"column0": "name", "column1": "code", "column3": "address"})
    assert other.status_code == 409
    assert "还没有结束" in text(other)


def test_a_waiting_run_can_be_cancelled(browser):
    batch = staged(browser, [builders.HEADER, *builders.rows(1)])
    browser.post(f"{BASE}/imports/{batch.pk}/apply/")
    browser.post(f"{BASE}/imports/{batch.pk}/cancel/")
    worker.run_until_idle(loops=False)
    assert not Entity.objects.exists()
    assert "确认写入" in text(browser.get(f"{BASE}/imports/{batch.pk}/"))


PAGES = ("entities/new/", "projects/new/", "imports/", "imports/new/")


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_opens_no_page_that_writes(reader, page):
    assert reader.get(f"{BASE}/{page}").status_code == 403


def test_what_is_not_visible_is_not_found(browser):
    other = builders.entity(builders.officer(agency="/elsewhere/"))
    for page in (f"entities/{other.pk}/", f"entities/{other.pk}/edit/", f"imports/{uuid.uuid4()}/"):
        assert browser.get(f"{BASE}/{page}").status_code == 404


def test_the_api_lists_and_gets_entities_and_projects(browser, officer):
    entity, project = builders.entity(officer), builders.project(officer)
    assert [item["id"] for item in browser.get(f"{API}/entities").json()["items"]] == [str(entity.pk)]
    response = browser.get(f"{API}/entities/{entity.pk}")
    assert (response["ETag"], response.json()["code"]) == ('"1"', entity.code)
    assert browser.get(f"{API}/projects").json()["items"][0]["number"] == project.number
    assert browser.get(f"{API}/projects/{project.pk}").json()["name"] == project.name
    assert browser.get(f"{API}/entities/{uuid.uuid4()}").status_code == 404


def test_the_api_pages_without_loss(browser, officer):
    for number in range(1, 6):
        builders.entity(officer, number=number)
    seen, after = [], ""
    while True:
        page = browser.get(f"{API}/entities", {"limit": 2, "after": after}).json()
        seen += [item["code"] for item in page["items"]]
        after = page["next"]
        if not after:
            break
    assert len(seen) == len(set(seen)) == 5


def test_a_place_in_a_list_that_is_none_is_told(browser, officer):
    entity = builders.entity(officer)
    answer = browser.get(f"{API}/entities?after=zzz")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "after"
    page = text(browser.get(f"{BASE}/entities/?after=zzz"))
    assert "翻页位置无效" in page
    assert entity.name in page


def test_the_api_imports_from_file_to_undo(browser):
    table = builders.csv_bytes([builders.HEADER, *builders.rows(2), ["", "123", "", ""]])
    created = browser.post(f"{API}/imports", {"file": SimpleUploadedFile("a.csv", table), "source": "登记"})
    assert created.status_code == 201
    address = f"{API}/imports/{created.json()['id']}"

    def order(step, body="{}"):
        assert browser.post(f"{address}/{step}", body, content_type="application/json").status_code == 202
        worker.run_until_idle(loops=False)
        return browser.get(address).json()

    assert order("stage")["state"] == "staged"
    rejected = browser.get(f"{address}/rows", {"outcome": "rejected"}).json()["items"]
    assert [reason["column"] for reason in rejected[0]["reasons"]] == ["企业名称", "统一社会信用代码"]
    assert order("apply")["results"] == {"new": 2, "rejected": 1}
    assert order("undo")["results"] == {"rejected": 1, "undone": 2}
    refused = browser.post(f"{address}/discard", "{}", content_type="application/json")
    assert refused.status_code == 409


def test_the_api_names_what_is_wrong_with_a_file_or_a_mapping(browser):
    wrong = browser.post(f"{API}/imports", {"file": SimpleUploadedFile("a.csv", b""), "source": "登记"})
    assert wrong.status_code == 422
    table = builders.csv_bytes([builders.HEADER, *builders.rows(1)])
    created = browser.post(f"{API}/imports", {"file": SimpleUploadedFile("a.csv", table), "source": "登记"}).json()
    body = json.dumps({"columns": {"企业名称": "name"}})
    lacking = browser.post(f"{API}/imports/{created['id']}/stage", body, content_type="application/json")
    assert lacking.status_code == 422
    assert "统一社会信用代码" in str(lacking.json()["errors"])


def test_who_may_not_import_is_denied_by_the_api(reader):
    table = builders.csv_bytes([builders.HEADER, *builders.rows(1)])
    response = reader.post(f"{API}/imports", {"file": SimpleUploadedFile("a.csv", table), "source": "登记"})
    assert response.status_code == 403
    assert reader.get(f"{API}/imports").json()["items"] == []


def test_a_system_sees_all():
    builders.entity(builders.officer(agency="/elsewhere/"))
    assert queries.visible_to(system("test")).count() == 1
