from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xiezhi.people"
    label = "people"

    def ready(self) -> None:
        from xiezhi.jobs import actors

        from . import events, projections, reactions, sign_in_notes  # noqa: F401
        from .standing import standing_of

        actors.resolve_with(standing_of)
