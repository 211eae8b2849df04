import pytest
from django.test import Client

from xiezhi.people.models import Account


@pytest.fixture
def account(db):
    return Account.objects.create_user("officer", "a-long-password")


@pytest.fixture
def signed_in(account):
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in():
    response = Client().get("/console/")
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_home_greets_whoever_is_signed_in(signed_in):
    response = signed_in.get("/console/")
    assert response.status_code == 200
    page = response.content.decode()
    assert "工作台" in page
    assert "常用入口" not in page, "the side menu leads everywhere already"


def test_a_page_needs_its_ability(signed_in):
    response = signed_in.get("/console/components/")
    assert response.status_code == 403
    assert "无权进行此操作" in response.content.decode()
    assert "这项操作需要“" in response.content.decode()


@pytest.mark.django_db
def test_the_portal_leads_a_stranger_to_sign_in_and_whoever_is_signed_in_to_the_desk(signed_in):
    assert ">工作人员登录</a>" in Client().get("/").content.decode()
    assert ">工作台</a>" in signed_in.get("/").content.decode()
