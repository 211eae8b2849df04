"""The console's own addresses; apps above ``web`` are mounted beside it with their own ``urls``."""

from django.urls import include, path

from . import key_pages, views

app_name = "console"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("people/", include("xiezhi.console.people.urls")),
    path("components/", views.Components.as_view(), name="components"),
    path("keys/", key_pages.Keys.as_view(), name="keys"),
    path("keys/issue/", key_pages.Issue.as_view(), name="key-issue"),
    path("keys/<uuid:key_id>/", key_pages.Key.as_view(), name="key"),
    path("keys/<uuid:key_id>/revoke/", key_pages.Revoke.as_view(), name="key-revoke"),
    path("law/", include("xiezhi.console.lawbase.urls")),
    path("jobs/", include("xiezhi.console.jobs.urls")),
    path("", include("xiezhi.console.messages.urls")),
]
