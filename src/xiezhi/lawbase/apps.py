from django.apps import AppConfig


class LawbaseConfig(AppConfig):
    """Law as configuration: catalogues, dated figures, calendars; the jurist's confirmations."""

    name = "xiezhi.lawbase"
    label = "lawbase"

    def ready(self) -> None:
        from . import events, projections  # noqa: F401 - declare types and projected columns
