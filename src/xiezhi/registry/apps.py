from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "xiezhi.registry"
    label = "registry"

    def ready(self) -> None:
        from xiezhi.record.wrapping import keep_wrapped

        from . import events, navigation, projections  # noqa: F401
        from .models import Person

        keep_wrapped(Person)
