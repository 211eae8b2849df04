from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "xiezhi.command"
    label = "command"
