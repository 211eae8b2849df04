from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "xiezhi.console"
    label = "console"

    def ready(self) -> None:
        from . import navigation  # noqa: F401
        from .people import lockout  # noqa: F401
        from .people import navigation as people_navigation  # noqa: F401
