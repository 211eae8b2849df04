from django.apps import AppConfig


class LawbaseConfig(AppConfig):
    name = "xiezhi.lawbase"
    label = "lawbase"
