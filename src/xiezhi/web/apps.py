from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "xiezhi.web"
    label = "web"

    def ready(self) -> None:
        from . import events, keys, projections  # noqa: F401
