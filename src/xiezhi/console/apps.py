from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "xiezhi.console"
    label = "console"
