import uuid

import pytest

from xiezhi.people.models import Agency
from xiezhi.web.tests import signing_in
from xiezhi.web.tests.pages_under_test import Rename

pytestmark = [pytest.mark.django_db, pytest.mark.urls("xiezhi.web.tests.pages_under_test")]
URL = "/console/test/rename/"


@pytest.fixture
def officer():
    Rename.calls.clear()
    return signing_in.browser_of(signing_in.account_with("people.read"))


def test_what_was_typed_stays_beside_its_error(officer):
    response = officer.post(URL, {"name": "一二三四五六七八九十十一", "rev": 1})
    html = response.content.decode()
    assert response.status_code == 422
    assert "最多 10 个字，现在有 12 个。" in html
    assert 'value="一二三四五六七八九十十一"' in html
    assert '<a href="#id_name">' in html
    assert 'aria-invalid="true"' in html


def test_the_services_own_errors_land_at_their_fields(officer):
    html = officer.post(URL, {"name": "重名", "rev": 1}).content.decode()
    assert "名称：已有同名机构。" in html


def test_a_refusal_keeps_the_form_and_cites_its_article(officer):
    response = officer.post(URL, {"name": "拒绝", "rev": 1})
    assert response.status_code == 409
    assert "《行政处罚法》第六十二条" in response.content.decode()
    assert 'value="拒绝"' in response.content.decode()


def test_a_stale_edit_shows_what_the_other_changed_and_may_then_be_sent_again(officer):
    Agency.objects.update(name="他人所改", rev=2)
    response = officer.post(URL, {"name": "我所改", "rev": 1})
    html = response.content.decode()
    assert response.status_code == 412
    assert "我所改" in html
    assert "他人所改" in html
    assert '<input type="hidden" name="rev" value="2"' in html
    assert officer.post(URL, {"name": "我所改", "rev": 2}).status_code == 302
    assert Agency.objects.get().name == "我所改"


def test_a_form_sent_twice_acts_once(officer):
    sent = {"name": "新名", "rev": 1, "_operation": str(uuid.uuid4())}
    first, second = officer.post(URL, sent), officer.post(URL, sent)
    assert first.status_code == second.status_code == 302
    assert second["Location"] == first["Location"]
    assert second["Idempotent-Replay"] == "true"
    assert Rename.calls == ["新名"]


def test_a_form_that_came_back_with_an_error_may_be_sent_again_under_its_operation(officer):
    operation = str(uuid.uuid4())
    assert officer.post(URL, {"name": "重名", "rev": 1, "_operation": operation}).status_code == 422
    assert officer.post(URL, {"name": "新名", "rev": 1, "_operation": operation}).status_code == 302


def test_the_form_that_is_shown_carries_version_and_operation(officer):
    html = officer.get(URL).content.decode()
    assert 'name="rev" value="1"' in html
    assert 'name="_operation"' in html
