"""The console's own addresses; apps above ``web`` are mounted under it with their own ``urls``."""

from django.urls import include, path

from . import views

app_name = "console"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("components/", views.Components.as_view(), name="components"),
    path("law/", include("xiezhi.console.lawbase.urls")),
    path("jobs/", include("xiezhi.console.jobs.urls")),
    path("", include("xiezhi.console.messages.urls")),
]
