"""How a seal is put on: an electronic one is a provider; without any, the page is printed, sealed and scanned back.

A provider is named by the setting ``XIEZHI_SEAL_PROVIDER`` (dotted path of a class without arguments).
"""

from abc import ABC, abstractmethod

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _


class ElectronicSeal(ABC):
    """An electronic seal service. ``title`` is what the screen says of it."""

    title: str | Promise
    ready: bool = True

    @abstractmethod
    def seal(self, pdf: bytes, *, seal_name: str) -> bytes:
        """The PDF with the seal's signature on it."""


class NotConfigured(ElectronicSeal):
    """The default: none; it says so and seals nothing."""

    title = _("本系统没有配置电子印章")
    ready = False

    def seal(self, pdf: bytes, *, seal_name: str) -> bytes:
        raise RuntimeError("no electronic seal is configured")


def provider() -> ElectronicSeal:
    """The configured provider."""
    return import_string(settings.SEAL_PROVIDER)()  # type: ignore[no-any-return]
