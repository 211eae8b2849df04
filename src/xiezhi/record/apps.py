from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "xiezhi.record"
    label = "record"
