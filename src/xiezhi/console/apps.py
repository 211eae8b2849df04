from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The desk: pages of the apps below ``web``, the home page, navigation."""

    name = "xiezhi.console"
    label = "console"

    def ready(self) -> None:
        from . import navigation  # noqa: F401
        from .jobs import links as jobs_links  # noqa: F401
        from .lawbase import links as law_links  # noqa: F401
        from .messages import links as message_links  # noqa: F401
        from .people import authenticator_keys, lockout  # noqa: F401
        from .people import navigation as people_navigation  # noqa: F401
