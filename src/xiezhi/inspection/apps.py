from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "xiezhi.inspection"
    label = "inspection"

    def ready(self) -> None:
        from . import events, navigation, news, papers, projections, reactions, uses  # noqa: F401 - each declares its own
