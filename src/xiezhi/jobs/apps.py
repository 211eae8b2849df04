from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "xiezhi.jobs"
    label = "jobs"
