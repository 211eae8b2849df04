from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "xiezhi.disclosure"
    label = "disclosure"

    def ready(self) -> None:
        from . import events, jobs, navigation, numbers, projections, reactions, searching  # noqa: F401 - each its own
