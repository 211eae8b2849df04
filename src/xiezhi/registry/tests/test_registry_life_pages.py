"""Permits, persons, merging, projects and sites, as officers walk them through the pages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from xiezhi import clock
from xiezhi.people.queries import actor_of
from xiezhi.record.models import Event
from xiezhi.registry import queries, services
from xiezhi.registry.models import Entity, Participant, Permit, Project, Site
from xiezhi.registry.tests import builders
from xiezhi.web.tests import signing_in

pytestmark = pytest.mark.django_db
BASE = "/console/registry"
API = "/api/v1/registry"
ABILITIES = ("registry.read", "registry.edit", "registry.read_personal")


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


def text(response):
    return response.content.decode()


def form_of(browser, address):
    """The form's fields as the page shows them."""
    return {
        field.name: field.value() for field in browser.get(address).context["form"] if field.value() is not None
    }


def send(browser, address, **given):
    return browser.post(address, form_of(browser, address) | given, follow=True)


def test_a_permit_is_entered_found_extended_suspended_restored_and_revoked(browser, officer):
    entity, project = builders.entity(officer), builders.project(officer)
    new = {
        "kind": "construction",
        "number": "009999202601010101",
        "code": entity.code,
        "project": project.number,
        "issuer": "示例市住房和城乡建设局",
        "issued_on": "2026-01-01",
        "valid_until": "2027-12-31",
    }
    page = browser.post(f"{BASE}/permits/new/", new, follow=True)
    permit = Permit.objects.get()
    shown = text(page)
    assert all(part in shown for part in (entity.name, project.name, "施工许可证", "有效", "登记许可"))
    assert permit.number in text(browser.get(f"{BASE}/permits/?q={entity.name}&state=valid"))
    assert permit.number not in text(browser.get(f"{BASE}/permits/?state=revoked"))
    address = f"{BASE}/permits/{permit.pk}/"
    assert "2029-06-30" in text(
        send(browser, f"{address}change/", valid_until="2029-06-30", document="示许〔2027〕1号")
    )
    why = {"on": "2027-01-05", "reason": "示例理由", "document": "示罚〔2027〕2号"}
    for step, state in (("suspend", "暂扣"), ("restore", "有效"), ("revoke", "撤销或吊销")):
        shown = text(send(browser, f"{address}{step}/", **why))
        assert state in shown
        assert "自 2027-01-05 起；示例理由；文号：示罚〔2027〕2号" in shown
    refused = send(browser, f"{address}suspend/", **why)
    assert (refused.status_code, Permit.objects.get().state) == (409, "revoked")
    assert "示例理由" in text(refused)


def test_a_permit_for_what_is_not_registered_names_the_field_and_keeps_the_rest(browser, officer):
    builders.project(officer)
    given = {"kind": "construction", "number": "示例1号", "code": "91", "project": "没有", "issuer": "示例局"}
    response = browser.post(f"{BASE}/permits/new/", given | {"issued_on": "2026-01-01"})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"code", "project"}
    assert "示例1号" in text(response)


def test_the_page_of_a_project_or_entity_leads_to_a_permit_that_names_it(browser, officer):
    entity, project = builders.entity(officer), builders.project(officer)
    given = form_of(browser, f"{BASE}/permits/new/?entity={entity.pk}&project={project.pk}")
    assert (given["code"], given["project"], given["kind"]) == (entity.code, project.number, "construction")
    assert browser.get(f"{BASE}/permits/new/?entity=nonsense").status_code == 200


def test_an_expired_permit_is_valid_again_once_its_extension_is_entered(browser, officer):
    permit = builders.permit(officer)
    services.expire_permit(officer, permit.pk, rev=1, on=date(2028, 1, 1))
    with clock.fixed(datetime(2028, 1, 10, tzinfo=UTC)):
        address = f"{BASE}/permits/{permit.pk}/change/"
        late = send(browser, address, valid_until="2027-12-30")
        assert "请填写新的有效期" in text(late)
        send(browser, address, valid_until="2030-12-31")
    assert Permit.objects.values_list("state", "valid_until").get() == ("valid", date(2030, 12, 31))


def test_a_permit_of_others_is_not_there_and_a_reader_changes_none(browser, reader):
    permit = builders.permit(builders.officer(agency="/elsewhere/"))
    assert browser.get(f"{BASE}/permits/{permit.pk}/").status_code == 404
    assert reader.get(f"{BASE}/permits/new/").status_code == 403


def test_an_unknown_step_of_a_permit_is_not_found(browser, officer):
    permit = builders.permit(officer)
    assert browser.get(f"{BASE}/permits/{permit.pk}/forget/").status_code == 404


def test_permits_are_exported_as_the_list_shows_them(browser, officer):
    builders.permit(officer)
    answer = browser.post(f"{BASE}/permits/?kind=safety", {"export": "csv"})
    table = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert table[0].startswith("许可编号,种类,持证单位")
    assert "安全生产许可证" in table[1]


def person(browser, officer, **given):
    entity = builders.entity(officer)
    facts = {"role": "head", "name": "示例甲", "number": builders.RESIDENT, "begins": "2026-01-01"} | given
    return entity, browser.post(f"{BASE}/entities/{entity.pk}/persons/", facts, follow=True)


def test_a_person_is_entered_and_shown_by_surname_only(browser, officer):
    entity, page = person(browser, officer)
    assert entity.name in text(page)
    for shown in (text(page), text(browser.get(f"{BASE}/persons/"))):
        assert "示某某" in shown
        assert "示例甲" not in shown
        assert builders.RESIDENT not in shown


def test_name_and_number_are_shown_for_a_purpose_that_is_recorded(browser, officer):
    entity, _page = person(browser, officer)
    place = entity.persons.get()
    address = f"{BASE}/persons/{place.pk}/"
    without = browser.post(address, {"purpose": ""})
    assert (without.status_code, builders.RESIDENT in text(without)) == (422, False)
    opened = text(browser.post(address, {"purpose": "核对法定代表人身份"}))
    assert "示例甲" in opened
    assert builders.RESIDENT in opened
    assert Event.objects.filter(stream=f"access:person:{place.person_id}").count() == 1


def test_a_person_is_found_by_number_and_leaves(browser, officer):
    entity, _page = person(browser, officer)
    found = browser.post(f"{BASE}/persons/find/", {"number": builders.RESIDENT})
    assert entity.name in text(found)
    assert "没有登记过" in text(browser.post(f"{BASE}/persons/find/", {"number": "0" * 18}))
    address = f"{BASE}/persons/{entity.persons.get().pk}/end/"
    assert browser.post(address, {"ends": "2025-12-31"}).status_code == 422
    assert "2026-06-30 止" in text(browser.post(address, {"ends": "2026-06-30"}, follow=True))
    assert "示某某" not in text(browser.get(f"{BASE}/persons/?now=present"))
    assert "示某某" in text(browser.get(f"{BASE}/persons/?now=past"))


@pytest.mark.parametrize(
    ("page", "field"), [("entities/new/", "name"), ("projects/new/", "name"), ("entities/{}/persons/", "name")]
)
def test_a_typed_name_with_a_direction_override_is_refused(browser, officer, page, field):
    answer = browser.post(f"{BASE}/{page.format(builders.entity(officer).pk)}", {field: "示例\u202e甲"})
    assert (answer.status_code, "U+202E" in text(answer)) == (422, True)


def test_a_wrong_number_comes_back_with_what_was_typed(browser, officer):
    _entity, page = person(browser, officer, number="32120219900101001X")
    assert page.status_code == 422
    assert "公民身份号码不正确" in text(page)


def test_who_may_not_read_personal_data_sees_no_persons(reader, browser, officer):
    entity, _page = person(browser, officer)
    assert reader.get(f"{BASE}/persons/").status_code == 403
    assert "示某某" not in text(reader.get(f"{BASE}/entities/{entity.pk}/"))


def test_a_merge_shows_what_follows_is_read_together_and_can_be_taken_back(browser, officer):
    first, second = builders.entity(officer, number=1), builders.entity(officer, number=2)
    project = builders.project(officer)
    services.add_participant(officer, project.id, entity_id=first.id, role="contractor")
    permit = builders.permit(officer, entity_id=first.id)
    address = f"{BASE}/entities/{first.pk}/merge/"
    given = form_of(browser, address) | {"code": second.code, "reason": "重复登记"}
    preview = browser.post(address, given)
    assert not Entity.objects.filter(state="merged").exists()
    assert ["参建记录", 1, 0] in [[str(row[0]), *row[1:]] for row in preview.context["body"]]
    assert "确认合并" in text(preview)
    assert "重复登记" in text(preview)
    seen = {field.name: field.value() for field in preview.context["form"]}
    page = text(browser.post(address, seen, follow=True))
    assert all(part in page for part in (second.name, first.code, first.name, project.name, permit.number))
    first.refresh_from_db()
    assert first.merged_into == second
    again = browser.post(address, given | {"rev": first.rev})
    assert again.status_code == 409

    send(browser, f"{BASE}/entities/{first.pk}/separate/", reason="并非同一主体")
    first.refresh_from_db()
    assert (first.state, first.merged_into) == ("active", None)
    assert project.name not in text(browser.get(f"{BASE}/entities/{second.pk}/"))
    assert send(browser, f"{BASE}/entities/{first.pk}/separate/", reason="再次").status_code == 409


@pytest.mark.parametrize(("code", "message"), [("91", "没有登记过"), (None, "不能与自身合并")])
def test_a_merge_with_nothing_or_itself_is_refused(browser, officer, code, message):
    entity = builders.entity(officer)
    response = send(browser, f"{BASE}/entities/{entity.pk}/merge/", code=code or entity.code, reason="示例")
    assert (response.status_code, message in text(response)) == (422, True)


def test_a_merge_of_a_merged_one_shows_all_three_together(officer):
    a, b, c = (builders.entity(officer, number=number) for number in (1, 2, 3))
    services.merge_entities(officer, a.id, rev=1, into=b.id, reason="示例")
    services.merge_entities(officer, b.id, rev=1, into=c.id, reason="示例")
    assert queries.find_by_code(officer, a.code) == c


def test_a_project_is_corrected_with_its_cost_and_moved_on(browser, officer):
    project = builders.project(officer)
    address = f"{BASE}/projects/{project.pk}/"
    page = text(send(browser, f"{address}edit/", name="示例家园二期", cost="5000.5", area="12000"))
    assert "示例家园二期" in page
    assert "5000.5 万元" in page
    assert Project.objects.get().cost == 5_000_500_000
    moved = text(send(browser, f"{address}move/", state="running", reason="已开工"))
    assert "在建；已开工" in moved
    assert form_of(browser, f"{address}edit/")["cost"] == 5000.5
    wrong = browser.post(f"{address}move/", {"rev": "3", "state": "planned"})
    assert wrong.status_code == 422


def test_someone_else_s_correction_is_shown_beside_mine(browser, officer):
    project = builders.project(officer)
    address = f"{BASE}/projects/{project.pk}/edit/"
    mine = form_of(browser, address) | {"name": "示例家园甲"}
    services.correct_project(officer, project.pk, rev=1, name="示例家园乙")
    stale = browser.post(address, mine)
    assert stale.status_code == 412
    assert all(name in text(stale) for name in ("示例家园甲", "示例家园乙"))
    assert "示例家园甲" in text(browser.post(address, mine | {"rev": "2"}, follow=True))


def test_a_participant_leaves_and_may_come_back(browser, officer):
    project, entity = builders.project(officer), builders.entity(officer)
    added = services.add_participant(
        officer, project.id, entity_id=entity.id, role="contractor", begins=date(2026, 3, 1)
    )
    address = f"{BASE}/participants/{added.pk}/end/"
    assert browser.post(address, {"ends": "2026-02-01"}).status_code == 422
    page = browser.post(address, {"ends": "2026-06-01"}, follow=True)
    assert "2026-06-01" in text(page)
    assert f"participants/{added.pk}/end/" not in text(page)
    services.add_participant(officer, project.id, entity_id=entity.id, role="contractor")
    assert Participant.objects.filter(ends=None).count() == 1


def test_a_site_is_corrected_as_it_was_given_and_listed_in_wgs84(browser, officer):
    project = builders.project(officer)
    given = {"name": "示例工地", "latitude": "32.49", "longitude": "119.9", "datum": "GCJ-02"}
    browser.post(f"{BASE}/projects/{project.pk}/sites/", given)
    site = Site.objects.get()
    address = f"{BASE}/sites/{site.pk}/"
    assert str(form_of(browser, address)["latitude"]) == "32.490000"
    send(browser, address, latitude="32.6", datum="WGS-84")
    site.refresh_from_db()
    assert (str(site.latitude), site.rev) == ("32.600000", 2)
    shown = text(browser.get(f"{BASE}/sites/?q=示例家园"))
    assert all(part in shown for part in ("示例工地", "32.600000", "119.900000"))
    assert send(browser, address).status_code == 422


@pytest.mark.parametrize("page", ["permits/", "sites/", "persons/"])
def test_an_empty_list_says_where_to_begin(browser, page):
    assert "还没有记录" in text(browser.get(f"{BASE}/{page}"))


def test_the_api_lists_permits_and_sites(browser, officer):
    permit, project = builders.permit(officer), builders.project(officer)
    other = builders.officer(agency="/elsewhere/")
    builders.permit(other, number="别处1号", entity_id=builders.entity(other, number=78).pk)
    given = {"latitude": Decimal("32.5"), "longitude": Decimal("119.9"), "datum": "WGS-84"}
    site = services.record_site(officer, project.id, name="示例工地", **given)
    assert len(browser.get(f"{API}/permits").json()["items"]) == 1
    (item,) = browser.get(f"{API}/permits", {"q": permit.number}).json()["items"]
    assert (item["id"], item["entity"], item["state"]) == (str(permit.pk), str(permit.entity_id), "valid")
    answer = browser.get(f"{API}/permits/{permit.pk}")
    assert (answer["ETag"], answer.json()["valid_until"]) == ('"1"', "2027-12-31")
    (found,) = browser.get(f"{API}/sites", {"q": "家园"}).json()["items"]
    assert (found["id"], found["project"], found["latitude"]) == (str(site.pk), str(project.pk), 32.5)
    assert browser.get(f"{API}/sites", {"q": "没有"}).json()["items"] == []
