from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "xiezhi.api"
    label = "api"
