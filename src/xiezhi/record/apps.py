from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install_triggers(**_: object) -> None:
    from . import triggers

    triggers.install()


class RecordConfig(AppConfig):
    """The whole-process record (全过程记录): one append-only spine; see ``acts`` first."""

    name = "xiezhi.record"
    label = "record"

    def ready(self) -> None:
        from . import events  # noqa: F401 - declares the types
        from .models import EventKey
        from .wrapping import keep_wrapped

        keep_wrapped(EventKey)

        post_migrate.connect(_install_triggers, sender=self)
