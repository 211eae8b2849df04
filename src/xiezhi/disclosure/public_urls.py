"""Addresses of what anyone may read: ``/published/`` and ``/opendata/``."""

from django.urls import path

from .views import feed, firms, opendata, public

urlpatterns = [
    path("published/", public.published_list, name="published-list"),
    path("published/feed.atom", feed.atom, name="published-feed"),
    path("published/firm/", firms.search, name="published-firm-search"),
    path("published/objections/", firms.look_up, name="published-objection"),
    path("published/<uuid:publication>/", public.published, name="published"),
    path("published/<uuid:publication>/firm/", firms.firm, name="published-firm"),
    path("published/<uuid:publication>/objection/", firms.object_to, name="published-object"),
    path("published/<uuid:publication>/<int:version>/content.json", public.content_json, name="published-content"),
    path("published/<uuid:publication>/<int:version>/proof.json", public.proof, name="published-proof"),
    path("opendata/", opendata.about, name="opendata"),
    path("opendata/schema.json", opendata.schema_json, name="opendata-schema"),
    path("opendata/publications.json", opendata.publications_json, name="opendata-json"),
    path("opendata/publications.csv", opendata.publications_csv, name="opendata-csv"),
]
