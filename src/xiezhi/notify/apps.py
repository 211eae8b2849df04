from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Messages out; see the package's text."""

    name = "xiezhi.notify"
    label = "notify"

    def ready(self) -> None:
        from . import events, projections  # noqa: F401 - declare types and projected columns
