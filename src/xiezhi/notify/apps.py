from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "xiezhi.notify"
    label = "notify"
