"""The console's own addresses; apps above ``web`` are mounted under it with their own ``urls``."""

from django.urls import include, path

from . import views

app_name = "console"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("people/", include("xiezhi.console.people.urls")),
    path("components/", views.Components.as_view(), name="components"),
]
