from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "xiezhi.people"
    label = "people"
