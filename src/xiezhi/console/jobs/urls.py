"""Addresses of the jobs' pages, below ``/console/jobs/``."""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.Jobs.as_view(), name="jobs"),
    path("<uuid:job>/", views.JobPage.as_view(), name="job"),
    path("<uuid:job>/progress/", views.Progress.as_view(), name="job_progress"),
    path("<uuid:job>/cancel/", views.Cancel.as_view(), name="job_cancel"),
    path("<uuid:job>/file/", views.Result.as_view(), name="job_file"),
]
