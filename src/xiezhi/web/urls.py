"""Addresses that belong to no surface."""

from django.urls import path

from . import care, health, icon, metrics

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("care/", care.switch, name="care"),
]
