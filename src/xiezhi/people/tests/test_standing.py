"""Whose rights an order given earlier has today."""

import pytest

from xiezhi.core.actor import system
from xiezhi.people import services
from xiezhi.people.models import Account
from xiezhi.people.standing import standing_of

SETUP = system("setup")


@pytest.fixture
def account(db):
    services.install_default_roles(SETUP)
    services.create_agency(
        SETUP, parent="/", code="sl", name="示例市住建局", short="示例局", kind="agency", district="329901"
    )
    made = services.create_account(SETUP, username="fa", name="示例法", unit="/sl/", password="Xiezhi-2026-demo")
    services.assign_role(SETUP, account=made.pk, role="jurist", agency="/sl/")
    return made


def test_he_has_the_rights_of_today(account):
    assert standing_of(str(account.pk), "/sl/").may("lawbase.confirm", "/sl/")


def test_a_deactivated_account_and_one_without_a_place_there_no_longer_act(account):
    assert standing_of(str(account.pk), "/other/") is None
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert standing_of(str(account.pk), "/sl/") is None


@pytest.mark.django_db
@pytest.mark.parametrize("actor_id", ["li", "0190b1a2-0000-7000-8000-000000000000"])
def test_what_is_no_account_is_said_to_be_none(actor_id):
    with pytest.raises(LookupError):
        standing_of(actor_id, "/sl/")
