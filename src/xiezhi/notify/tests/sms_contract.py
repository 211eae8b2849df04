"""The contract of SMS providers: subclass, give a ``provider`` fixture, and all of it must hold."""

import pytest

from xiezhi.notify.sms import Provider, Receipt, TryLater

CALL = {"number": "13800000000", "template": "login", "params": {"code": "123456"}}


class SmsProviderContract:
    """What delivery relies on, whatever the service."""

    @pytest.fixture
    def provider(self):
        raise NotImplementedError

    def test_it_is_a_provider(self, provider):
        assert isinstance(provider, Provider)
        assert provider.configured in (True, False)

    def test_it_answers_with_a_receipt_or_asks_to_try_later(self, provider):
        try:
            receipt = provider.send(**CALL, key="contract-1")
        except TryLater:
            return
        assert isinstance(receipt, Receipt)
        assert receipt.reference if receipt.accepted else receipt.reason

    def test_what_is_not_configured_accepts_nothing(self, provider):
        if not provider.configured:
            receipt = provider.send(**CALL, key="contract-2")
            assert (receipt.accepted, receipt.reference) == (False, "")

    def test_the_same_key_is_the_same_message(self, provider):
        answers = {provider.send(**CALL, key="contract-3") for _ in range(2)}
        assert len(answers) == 1
