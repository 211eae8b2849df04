from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "xiezhi.documents"
    label = "documents"

    def ready(self) -> None:
        from . import approval, events, navigation, projections  # noqa: F401 - each declares its own
