from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "xiezhi.console"
    label = "console"

    def ready(self) -> None:
        from . import navigation  # noqa: F401
