"""The console's own addresses; apps above ``web`` are mounted under it with their own ``urls``."""

from django.urls import path

from . import job_pages, key_pages, views

app_name = "console"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("components/", views.Components.as_view(), name="components"),
    path("jobs/", job_pages.Jobs.as_view(), name="jobs"),
    path("jobs/<uuid:job_id>/", job_pages.JobPage.as_view(), name="job"),
    path("jobs/<uuid:job_id>/cancel/", job_pages.Cancel.as_view(), name="job-cancel"),
    path("jobs/<uuid:job_id>/file/", job_pages.Download.as_view(), name="job-file"),
    path("keys/", key_pages.Keys.as_view(), name="keys"),
    path("keys/issue/", key_pages.Issue.as_view(), name="key-issue"),
    path("keys/<uuid:key_id>/", key_pages.Key.as_view(), name="key"),
    path("keys/<uuid:key_id>/revoke/", key_pages.Revoke.as_view(), name="key-revoke"),
]
