from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xiezhi.people"
    label = "people"

    def ready(self) -> None:
        from . import events, projections, sign_in_notes  # noqa: F401
