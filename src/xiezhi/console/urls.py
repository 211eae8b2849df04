"""The console's own addresses; apps above ``web`` are mounted under it with their own ``urls``."""

from django.urls import path

from . import views

app_name = "console"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("components/", views.Components.as_view(), name="components"),
]
