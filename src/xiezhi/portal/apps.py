from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "xiezhi.portal"
    label = "portal"
