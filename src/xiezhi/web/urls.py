"""Addresses that belong to no surface."""

from django.urls import path

from . import care, health, metrics

app_name = "web"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.view, name="metrics"),
    path("care/", care.switch, name="care"),
]
