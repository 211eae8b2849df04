"""Text messages: the contract of services, and what the default says."""

import pytest

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Invalid
from xiezhi.jobs.worker import run_until_idle
from xiezhi.notify import queries, services, sms
from xiezhi.notify.models import Channel, Message, State
from xiezhi.notify.tests.acts_scenarios import Accepting
from xiezhi.notify.tests.sms_contract import SmsProviderContract

LI = Actor("li", "officer", "/city/a/", "321200")
TEXT = {"number": "13800000000", "template": "login", "params": {"code": "123456"}}


class TestNotSent(SmsProviderContract):
    @pytest.fixture
    def provider(self):
        return sms.NotSent()


class TestAccepting(SmsProviderContract):
    @pytest.fixture
    def provider(self):
        return Accepting()


class Busy:
    """Says twice that it is busy."""

    configured = True
    calls: list[str] = []

    def send(self, number, template, params, *, key):
        self.calls.append(key)
        raise sms.TryLater(f"{number} 限流")


def use(settings, provider):
    settings.SMS_PROVIDER = f"{provider.__module__}.{provider.__qualname__}"


@pytest.mark.django_db
def test_without_a_service_nothing_is_sent_and_the_screen_says_so():
    message = services.send_sms(LI, key="k", **TEXT)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.status) == (State.UNSENT, "未发送：未配置短信服务")
    assert not queries.sendable(Channel.SMS)


@pytest.mark.django_db
def test_a_service_gets_the_message_under_its_own_key(settings):
    use(settings, Accepting)
    message = services.send_sms(LI, key="k", **TEXT)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.reference) == (State.SENT, f"r-{message.pk}")


@pytest.mark.django_db
def test_a_busy_service_is_asked_again_later_and_its_reason_names_no_number(settings):
    use(settings, Busy)
    message = services.send_sms(LI, key="k", **TEXT)
    run_until_idle()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == (State.QUEUED, 1, "… 限流")
    assert message.status == "待发送（已试 1 次）"


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["", "1380000000", "138000000000", "02380000000", "１3800000000"])
def test_only_mobile_numbers_are_taken(number):
    with pytest.raises(Invalid):
        services.send_sms(LI, key="k", **{**TEXT, "number": number})
    assert not Message.objects.exists()


def test_a_setting_that_names_no_provider_is_refused(settings):
    settings.SMS_PROVIDER = "decimal.Decimal"
    with pytest.raises(TypeError, match="XIEZHI_SMS_PROVIDER"):
        sms.provider()
