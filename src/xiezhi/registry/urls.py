"""Addresses of the registry, below ``/console/registry/``."""

from django.urls import path

from .views import entities, import_forms, imports, merging, permits, persons, projects, sites

app_name = "registry"
urlpatterns = [
    path("entities/", entities.EntityList.as_view(), name="entities"),
    path("entities/new/", entities.EntityNew.as_view(), name="entity-new"),
    path("entities/<uuid:entity_id>/", entities.EntityPage.as_view(), name="entity"),
    path("entities/<uuid:entity_id>/edit/", entities.EntityEdit.as_view(), name="entity-edit"),
    path("entities/<uuid:entity_id>/code/", entities.EntityCodeChange.as_view(), name="entity-code"),
    path("entities/<uuid:entity_id>/persons/", persons.PersonNew.as_view(), name="person-new"),
    path("entities/<uuid:entity_id>/merge/", merging.EntityMerge.as_view(), name="entity-merge"),
    path("entities/<uuid:entity_id>/separate/", merging.EntitySeparate.as_view(), name="entity-separate"),
    path("persons/", persons.PersonList.as_view(), name="persons"),
    path("persons/find/", persons.PersonFind.as_view(), name="person-find"),
    path("persons/<uuid:place_id>/", persons.PersonPage.as_view(), name="person"),
    path("persons/<uuid:place_id>/end/", persons.PersonEnd.as_view(), name="person-end"),
    path("projects/", projects.ProjectList.as_view(), name="projects"),
    path("projects/new/", projects.ProjectNew.as_view(), name="project-new"),
    path("projects/<uuid:project_id>/", projects.ProjectPage.as_view(), name="project"),
    path("projects/<uuid:project_id>/participants/", projects.ParticipantNew.as_view(), name="participant-new"),
    path("projects/<uuid:project_id>/edit/", projects.ProjectEdit.as_view(), name="project-edit"),
    path("projects/<uuid:project_id>/move/", projects.ProjectMove.as_view(), name="project-move"),
    path("participants/<uuid:participant_id>/end/", projects.ParticipantEnd.as_view(), name="participant-end"),
    path("sites/", sites.SiteList.as_view(), name="sites"),
    path("sites/<uuid:site_id>/", sites.SiteEdit.as_view(), name="site-edit"),
    path("permits/", permits.PermitList.as_view(), name="permits"),
    path("permits/new/", permits.PermitNew.as_view(), name="permit-new"),
    path("permits/<uuid:permit_id>/", permits.PermitPage.as_view(), name="permit"),
    path("permits/<uuid:permit_id>/change/", permits.PermitChange.as_view(), name="permit-change"),
    path("permits/<uuid:permit_id>/<slug:step>/", permits.PermitStep.as_view(), name="permit-step"),
    path("projects/<uuid:project_id>/sites/", sites.SiteNew.as_view(), name="site-new"),
    path("imports/", imports.ImportList.as_view(), name="imports"),
    path("imports/new/", import_forms.Upload.as_view(), name="import-new"),
    path("imports/<uuid:batch_id>/", imports.ImportPage.as_view(), name="import"),
    path("imports/<uuid:batch_id>/columns/", import_forms.Columns.as_view(), name="import-columns"),
    path("imports/<uuid:batch_id>/apply/", imports.Apply.as_view(), name="import-apply"),
    path("imports/<uuid:batch_id>/cancel/", imports.Cancel.as_view(), name="import-cancel"),
    path("imports/<uuid:batch_id>/discard/", imports.Discard.as_view(), name="import-discard"),
    path("imports/<uuid:batch_id>/undo/", imports.Undo.as_view(), name="import-undo"),
    path(
        "imports/<uuid:batch_id>/rejected.xlsx",
        imports.RejectedReport.as_view(),
        {"form": "xlsx"},
        name="import-rejected-xlsx",
    ),
    path(
        "imports/<uuid:batch_id>/rejected.csv",
        imports.RejectedReport.as_view(),
        {"form": "csv"},
        name="import-rejected-csv",
    ),
]
