from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "xiezhi.inspection"
    label = "inspection"

    def ready(self) -> None:
        from . import events, projections  # noqa: F401 - declare types and what they determine
