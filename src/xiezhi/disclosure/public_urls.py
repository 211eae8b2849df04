"""Addresses below ``/published/``: what anyone may read."""

from django.urls import path

from .views import public

urlpatterns = [
    path("", public.published_list, name="published-list"),
    path("<uuid:publication>/", public.published, name="published"),
    path("<uuid:publication>/<int:version>/content.json", public.content_json, name="published-content"),
    path("<uuid:publication>/<int:version>/proof.json", public.proof, name="published-proof"),
]
