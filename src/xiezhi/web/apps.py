from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "xiezhi.web"
    label = "web"
