from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "xiezhi.search"
    label = "search"
