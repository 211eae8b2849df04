"""The import wizard in a real browser: an error in the file, writing, undo; no page in breach of axe."""

from decimal import Decimal

import pytest
from tests.browser.pictures import shot

from xiezhi.jobs import worker
from xiezhi.people.queries import actor_of
from xiezhi.registry import services
from xiezhi.registry.models import Entity, ImportBatch
from xiezhi.registry.tests import builders
from xiezhi.web.tests import signing_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BASE = "/console/registry"


def test_an_import_with_errors_is_previewed_written_and_undone(page, sign_in, axe, tmp_path):
    account = signing_in.account_with("registry.read", "registry.edit", "registry.import")
    account.name = "示例数据管理员"
    account.save(update_fields=["name"])
    sign_in(account)
    file = tmp_path / "示例名录.csv"
    file.write_bytes(builders.csv_bytes([builders.HEADER, *builders.rows(3), ["", "123", "x", ""]], "gb18030"))

    page.goto(f"{BASE}/imports/new/")
    assert axe(page) == []
    page.get_by_label("名录文件").set_input_files(file)
    page.get_by_label("数据来源").fill("市场监管登记")
    page.get_by_role("button", name="上传并核对列").click()
    assert axe(page) == []
    page.get_by_role("button", name="开始预演").click()
    page.get_by_role("progressbar").wait_for()
    assert axe(page) == []
    worker.run_until_idle(loops=False)
    page.get_by_role("button", name="确认写入").wait_for()
    page.get_by_role("link", name="查看拒收的 1 行").click()
    page.get_by_text("统一社会信用代码：应为 18 位").first.wait_for()  # the rows come by htmx
    shot(page, "import-preview")
    assert axe(page) == []

    page.get_by_role("button", name="确认写入").click()
    worker.run_until_idle(loops=False)
    page.get_by_text("撤销导入").first.wait_for()
    assert Entity.objects.count() == 3
    page.get_by_text("撤销导入").first.click()
    assert axe(page) == []
    page.locator(".xz-confirm__body button[type=submit]").click()
    worker.run_until_idle(loops=False)
    page.get_by_text("已撤销").first.wait_for()
    assert (Entity.objects.count(), ImportBatch.objects.get().state) == (0, "undone")


def test_lists_and_pages_of_entities_and_projects_are_accessible(page, sign_in, axe):
    account = signing_in.account_with("registry.read", "registry.edit", "registry.read_personal")
    officer = actor_of(account)
    entity, project = builders.entity(officer, address="示例路1号"), builders.project(officer)
    permit = builders.permit(officer, entity_id=entity.id)
    added = services.add_participant(officer, project.id, entity_id=entity.id, role="contractor")
    place = services.place_person(officer, entity.id, role="head", name="示例甲")
    where = {"latitude": Decimal("32.5"), "longitude": Decimal("119.9"), "datum": "WGS-84"}
    site = services.record_site(officer, project.id, name="示例工地", **where)
    sign_in(account)
    for path in (
        "entities/",
        "entities/new/",
        f"entities/{entity.pk}/",
        f"entities/{entity.pk}/edit/",
        "projects/",
        f"projects/{project.pk}/",
        f"projects/{project.pk}/sites/",
        f"projects/{project.pk}/edit/",
        f"projects/{project.pk}/move/",
        f"participants/{added.pk}/end/",
        "sites/",
        f"sites/{site.pk}/",
        "permits/",
        "permits/new/",
        f"permits/{permit.pk}/",
        f"permits/{permit.pk}/change/",
        f"permits/{permit.pk}/suspend/",
        "persons/",
        "persons/find/",
        f"persons/{place.pk}/",
        f"entities/{entity.pk}/persons/",
        f"entities/{entity.pk}/merge/",
    ):
        page.goto(f"{BASE}/{path}")
        assert axe(page) == [], path
