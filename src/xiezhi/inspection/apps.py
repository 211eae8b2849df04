from django.apps import AppConfig


class InspectionConfig(AppConfig):
    name = "xiezhi.inspection"
    label = "inspection"
