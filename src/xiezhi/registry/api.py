"""Operations of the registry under /api/v1/registry."""

from typing import Annotated, Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile

from xiezhi.web.concurrency import set_etag
from xiezhi.web.lists import keyset

from . import imports, queries, services
from .importing import mapping as mappings
from .importing.kinds import KINDS
from .models import Entity, ImportBatch, Permit, Project
from .schemas import (
    MOST,
    ColumnsIn,
    EntityOut,
    EntityPage,
    ImportOut,
    ImportPage,
    ImportRows,
    Paging,
    PermitOut,
    PermitPage,
    ProjectOut,
    ProjectPage,
    SitePage,
)

router = Router()


@router.get("/entities", response=EntityPage, summary="市场主体列表", operation_id="list_entities")
def list_entities(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Entities that the actor may see, by name; ``q``: words of its names or codes."""
    actor, text = _actor(request), _clean(paging.q)
    rows = queries.search_entities(actor, text) if text else queries.entities_visible_to(actor)
    return _page(rows, paging, ["name"])


@router.get("/entities/{uuid:entity_id}", response=EntityOut, summary="市场主体", operation_id="get_entity")
def get_entity(request: HttpRequest, response: HttpResponse, entity_id: UUID) -> Entity:
    """One entity."""
    entity = queries.get_entity(_actor(request), entity_id)
    set_etag(response, entity.rev)
    return entity


@router.get("/projects", response=ProjectPage, summary="工程项目列表", operation_id="list_projects")
def list_projects(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Projects that the actor may see, by name; ``q``: words of its name, number or address."""
    actor, text = _actor(request), _clean(paging.q)
    rows = queries.search_projects(actor, text) if text else queries.projects_visible_to(actor)
    return _page(rows, paging, ["name"])


@router.get("/projects/{uuid:project_id}", response=ProjectOut, summary="工程项目", operation_id="get_project")
def get_project(request: HttpRequest, response: HttpResponse, project_id: UUID) -> Project:
    """One project."""
    project = queries.get_project(_actor(request), project_id)
    set_etag(response, project.rev)
    return project


@router.get("/permits", response=PermitPage, summary="许可列表", operation_id="list_permits")
def list_permits(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Permits that the actor may see, latest first; ``q``: part of the number or of the holder's name."""
    rows, text = queries.permits_visible_to(_actor(request)), _clean(paging.q)
    if text:
        rows = rows.filter(Q(number__icontains=text) | Q(entity__name__icontains=text))
    return _page(rows, paging, ["-issued_on"])


@router.get("/permits/{uuid:permit_id}", response=PermitOut, summary="许可", operation_id="get_permit")
def get_permit(request: HttpRequest, response: HttpResponse, permit_id: UUID) -> Permit:
    """One permit."""
    permit = queries.get_permit(_actor(request), permit_id)
    set_etag(response, permit.rev)
    return permit


@router.get("/sites", response=SitePage, summary="工地列表", operation_id="list_sites")
def list_sites(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Sites that the actor may see, by name; ``q``: part of the site's or the project's name."""
    rows, text = queries.sites_visible_to(_actor(request)), _clean(paging.q)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(project__name__icontains=text))
    return _page(rows, paging, ["name"])


@router.get("/imports", response=ImportPage, summary="导入批次列表", operation_id="list_imports")
def list_imports(request: HttpRequest, paging: Annotated[Paging, Query()]) -> dict[str, Any]:
    """Imports of the agencies in which the actor may import, newest first."""
    actor = _actor(request)
    page = _page(queries.imports_visible_to(actor), paging, ["-created_at"])
    return {"items": [_import(actor, batch) for batch in page["items"]], "next": page["next"]}


@router.post("/imports", response={201: ImportOut}, summary="上传名录", operation_id="create_import")
def create_import(
    request: HttpRequest,
    file: File[UploadedFile],
    source: Annotated[str, Form(min_length=1, max_length=60)],
    lenient: Annotated[bool, Form()] = False,
    target: Annotated[str, Form(pattern="^(entity|project|permit)$")] = "entity",
) -> Status:
    """Take a file in. It is checked as a whole; its columns are proposed; nothing is written yet."""
    actor = _actor(request)
    batch = imports.receive(
        actor,
        stream=file,
        filename=file.name or "",
        source=source,
        lenient=lenient,
        target=target,
        agency=actor.agency,
        district=actor.district,
    )
    return Status(201, _import(actor, batch))


@router.get("/imports/{uuid:batch_id}", response=ImportOut, summary="导入批次", operation_id="get_import")
def get_import(request: HttpRequest, batch_id: UUID) -> dict[str, Any]:
    """One import, with its counts."""
    actor = _actor(request)
    return _import(actor, queries.get_import(actor, batch_id))


@router.get(
    "/imports/{uuid:batch_id}/rows", response=ImportRows, summary="导入批次的行", operation_id="list_import_rows"
)
def list_import_rows(
    request: HttpRequest,
    batch_id: UUID,
    outcome: Annotated[str, Query(pattern="^(new|changed|confirmed|same|rejected)$")] = "rejected",
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> dict[str, Any]:
    """Rows of one outcome behind line ``after``, each with what it would change or why it was rejected."""
    rows = imports.preview_rows(_actor(request), batch_id, outcome=outcome, after=after, limit=limit)
    return {
        "items": [
            {
                "number": row.number,
                "outcome": row.outcome,
                "name": row.name,
                "code": row.code,
                "changes": [{"column": c.column, "before": c.before, "after": c.after} for c in row.changes],
                "reasons": [{"column": column, "reason": reason} for column, reason in row.reasons],
            }
            for row in rows
        ],
        "next": rows[-1].number if len(rows) == limit else 0,
    }


@router.post(
    "/imports/{uuid:batch_id}/stage", response={202: ImportOut}, summary="预演导入", operation_id="stage_import"
)
def stage_import(request: HttpRequest, batch_id: UUID, payload: ColumnsIn) -> Status:
    """Order the dry run; poll the import until its state is ``staged``."""
    batch = queries.get_import(_actor(request), batch_id)
    columns = batch.columns if payload.columns is None else payload.columns
    with imports.worded_files():
        chosen = mappings.check(columns, batch.headers, KINDS[batch.target])
    return _ordered(request, batch, "stage_import", columns=[list(pair) for pair in chosen.items()])


@router.post(
    "/imports/{uuid:batch_id}/apply",
    response={202: ImportOut},
    summary="写入导入数据",
    operation_id="apply_import",
)
def apply_import(request: HttpRequest, batch_id: UUID) -> Status:
    """Order the writing of a staged import, or of the rest of a cancelled one."""
    return _ordered(request, queries.get_import(_actor(request), batch_id), "apply_import")


@router.post(
    "/imports/{uuid:batch_id}/undo", response={202: ImportOut}, summary="撤销导入", operation_id="undo_import"
)
def undo_import(request: HttpRequest, batch_id: UUID) -> Status:
    """Order the undoing: what is unchanged and unused since is taken back, the rest kept with why."""
    return _ordered(request, queries.get_import(_actor(request), batch_id), "undo_import")


@router.post(
    "/imports/{uuid:batch_id}/discard", response=ImportOut, summary="放弃导入", operation_id="discard_import"
)
def discard_import(request: HttpRequest, batch_id: UUID) -> dict[str, Any]:
    """Give up an import of which nothing was written."""
    actor = _actor(request)
    return _import(actor, services.discard_import(actor, queries.get_import(actor, batch_id).pk))


def _ordered(request: HttpRequest, batch: ImportBatch, step: str, **args: Any) -> Status:
    actor = _actor(request)
    imports.order(actor, batch, step, **args)
    return Status(202, _import(actor, queries.get_import(actor, batch.pk)))


def _import(actor: Any, batch: ImportBatch) -> dict[str, Any]:
    preview = imports.preview(actor, batch.pk)
    names = ("id", "target", "filename", "source", "state", "reason", "headers", "columns", "job", "created_at")
    return {name: getattr(batch, name) for name in names} | {"rows": preview.rows, "results": preview.results}


def _page(rows: Any, paging: Paging, order: list[str]) -> dict[str, Any]:
    found = keyset.page(rows, order, paging.limit, after=paging.after)
    return {"items": found.rows, "next": found.after}


def _actor(request: HttpRequest) -> Any:
    return request.actor  # type: ignore[attr-defined]


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()
