"""What an SMS service must be to us; the default sends nothing and says so.

A provider is a class without constructor arguments, named by ``XIEZHI_SMS_PROVIDER``; ``tests/sms_contract.py`` is
the contract that each must pass.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Receipt:
    """The service's answer. ``reference`` is its number for an accepted message, ``reason`` why it was not."""

    accepted: bool
    reference: str = ""
    reason: str = ""


class TryLater(Exception):
    """The service could not be reached or is busy: the same message may be given again, under the same key."""


@runtime_checkable
class Provider(Protocol):
    """An SMS service."""

    @property
    def configured(self) -> bool:
        """Could it send at all?"""

    def send(self, number: str, template: str, params: Mapping[str, str], *, key: str) -> Receipt:
        """Hand over one message. ``key`` is the same in every retry: the service must not send it twice.

        ``number`` is a mainland mobile number, 11 digits. Raises ``TryLater`` and nothing else.
        """


class NotSent:
    """No service is set: nothing is sent, and whoever asks is told."""

    configured = False
    reason = _("未发送：未配置短信服务")

    def send(self, number: str, template: str, params: Mapping[str, str], *, key: str) -> Receipt:
        """Refuse, with the reason a screen shows."""
        return Receipt(accepted=False, reason=str(self.reason))


@lru_cache(maxsize=4)
def _load(path: str) -> Provider:
    made = import_string(path)()
    if not isinstance(made, Provider):
        raise TypeError(f"XIEZHI_SMS_PROVIDER={path} is no SMS provider: it needs `configured` and `send`")
    return made


def provider() -> Provider:
    """The provider that the settings name."""
    return _load(settings.SMS_PROVIDER)
