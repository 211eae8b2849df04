from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "xiezhi.registry"
    label = "registry"

    def ready(self) -> None:
        from . import events, navigation, projections  # noqa: F401
