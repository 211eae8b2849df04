"""Addresses below ``/d/``: where the codes on documents lead."""

from django.urls import path

from .views import public

urlpatterns = [
    path("<str:code>/", public.authenticity, name="document-authenticity"),
    path("<str:code>/proof.json", public.proof, name="document-proof"),
]
