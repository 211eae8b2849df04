"""Addresses below ``/draws/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.DrawList.as_view(), name="draws"),
    path("verify/", views.verify, name="verify_bundle"),
    path("<uuid:draw>/", views.DrawDetail.as_view(), name="draw"),
    path("bundles/<uuid:bundle>/bundle.zip", views.bundle, name="bundle"),
]
