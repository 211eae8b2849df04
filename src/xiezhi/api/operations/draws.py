"""Draws: what everyone may read, and the acts of a draw. An act names in ``If-Match`` the ``rev`` it read."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Router, Schema
from pydantic import AfterValidator, AwareDatetime, Field

from xiezhi.api.auth import SIGNED_IN
from xiezhi.api.paging import Page, PagingQuery, paged
from xiezhi.core.errors import Denied, NotFound
from xiezhi.inspection import queries, services
from xiezhi.inspection.models import READ, Draw, DrawBundle, DrawnTarget
from xiezhi.web import navigation
from xiezhi.web.concurrency import rev_of, set_etag

from .shared import readable

router = Router()
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def _sensible(moment: datetime) -> datetime:
    if not EARLIEST <= moment < LATEST:
        raise ValueError(_("时间须在 2000 年至 2199 年之间。"))
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
Short = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(readable)]
Document = Annotated[str, Field(min_length=1, max_length=80), AfterValidator(readable)]


class DrawOut(Schema):
    """A draw. Hashes are lower-case hex; ``rev`` is only of use to those who act."""

    id: UUID
    draw_id: str
    title: str
    item: str
    state: str
    level: str
    profile: str
    window_from: date
    window_to: date
    plan: list[dict[str, Any]]
    sources: list[dict[str, str]]
    objects: int | None
    root: str
    rules_hash: str
    seed: str
    drawn: int | None
    opened: int
    committed_at: datetime | None
    drawn_at: datetime | None
    published_at: datetime | None
    opened_at: datetime | None
    voided_at: datetime | None
    void_reason: str
    void_document: str
    rev: int


class TargetOut(Schema):
    """A drawn object or reserve by opaque id; ``code``, ``name`` and ``salt`` are empty until they are opened."""

    opaque: str
    stratum: str
    stream: str
    place: int
    standing: str
    reason: str
    document: str
    code: str
    name: str
    salt: str


class BundleOut(Schema):
    """A published bundle.zip; ``href`` is where it lies."""

    id: UUID
    sha256: str
    size: int
    stage: str
    vkey: str
    built_at: datetime
    href: str


class ValueIn(Schema):
    """A source's value."""

    label: Short
    value: Annotated[str, Field(min_length=1, max_length=600), AfterValidator(readable)]


class SourceIn(ValueIn):
    """A source's value and when it came out."""

    published_at: Moment


class GroundIn(Schema):
    """Reason code and document number."""

    reason: Annotated[str, Field(max_length=20)]
    document: Document


class ExclusionIn(GroundIn):
    """A target to leave out before the commitment."""

    code: Short


class ReplacementIn(GroundIn):
    """A drawn object to remove; the next reserve follows."""

    opaque: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class ReplacementRequestIn(ReplacementIn):
    """The same through the approval matrix; ``text`` is the applicant's opinion."""

    text: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(readable)]


class ReplacementRequestOut(Schema):
    """The approval that decides; its draw is unchanged but for ``rev``."""

    approval: UUID
    state: str
    rev: int


class VoidIn(Schema):
    """Why the draw does not count."""

    reason: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(readable)]
    explanation: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(readable)]
    document: Document


@router.get("/public", response=Page[DrawOut], auth=None, summary="已公布的抽取", operation_id="list_public_draws")
def list_public_draws(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Draws from their commitment on, newest first."""
    return paged(request, response, queries.public_draws(), paging, order=["-committed_at"], shape=_draw)


@router.get("/public/{uuid:draw}", response=DrawOut, auth=None, summary="一次抽取", operation_id="get_public_draw")
def get_public_draw(request: HttpRequest, draw: UUID) -> dict[str, object]:
    """One draw."""
    return _draw(_public(draw))


@router.get(
    "/public/{uuid:draw}/objects",
    response=Page[TargetOut],
    auth=None,
    summary="抽中与备选",
    operation_id="list_public_draw_objects",
)
def list_public_objects(
    request: HttpRequest, response: HttpResponse, draw: UUID, paging: PagingQuery
) -> dict[str, object]:
    """Drawn objects and reserves, once the result is published."""
    return paged(request, response, queries.public_targets(_public(draw)), paging, order=["pk"], shape=_target)


@router.get(
    "/public/{uuid:draw}/bundles",
    response=list[BundleOut],
    auth=None,
    summary="已公布的数据包",
    operation_id="list_public_draw_bundles",
)
def list_public_bundles(request: HttpRequest, draw: UUID) -> list[dict[str, object]]:
    """Published bundles, newest first."""
    return [_bundle(one) for one in _public(draw).bundles.all()]


@router.get("", response=Page[DrawOut], auth=SIGNED_IN, summary="本机构的抽取", operation_id="list_draws")
def list_draws(request: HttpRequest, response: HttpResponse, paging: PagingQuery) -> dict[str, object]:
    """Draws of the agencies in which one may read."""
    rows = queries.visible_to(_reader(request))
    return paged(request, response, rows, paging, order=["-prepared_at"], shape=_draw)


@router.get("/{uuid:draw}", response=DrawOut, auth=SIGNED_IN, summary="本机构的一次抽取", operation_id="get_draw")
def get_draw(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    """One draw, with its ``rev`` as ETag."""
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/exclusions",
    response=DrawOut,
    auth=SIGNED_IN,
    summary="抽取前排除",
    operation_id="exclude_target",
)
def exclude(request: HttpRequest, response: HttpResponse, draw: UUID, payload: ExclusionIn) -> dict[str, object]:
    """Leave a target out before the commitment."""
    services.exclude_target(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/commitment", response=DrawOut, auth=SIGNED_IN, summary="作出承诺", operation_id="commit_draw"
)
def commit(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    """Fix roster and rules by hash."""
    services.commit_draw(_reader(request), draw, rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/source", response=DrawOut, auth=SIGNED_IN, summary="录入随机源", operation_id="enter_source"
)
def enter(request: HttpRequest, response: HttpResponse, draw: UUID, payload: SourceIn) -> dict[str, object]:
    """Type the value of an announced source."""
    services.enter_source(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/source/confirmation",
    response=DrawOut,
    auth=SIGNED_IN,
    summary="复核随机源",
    operation_id="confirm_source",
)
def confirm(request: HttpRequest, response: HttpResponse, draw: UUID, payload: ValueIn) -> dict[str, object]:
    """Type it again, as another person."""
    services.confirm_source(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/source/reveal",
    response=DrawOut,
    auth=SIGNED_IN,
    summary="录入见证人揭示",
    operation_id="reveal_witness",
)
def reveal(request: HttpRequest, response: HttpResponse, draw: UUID, payload: ValueIn) -> dict[str, object]:
    """Enter what an outside witness hands over, ``secret:nonce`` in hex; his commitment confirms it."""
    services.reveal_witness(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/source/release",
    response=DrawOut,
    auth=SIGNED_IN,
    summary="启用系统随机数",
    operation_id="release_number",
)
def release(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    """Use the system's own number of a quick draw, as another person than who committed it."""
    services.release_number(_reader(request), draw, rev=rev_of(request))
    return _answer(request, response, draw)


@router.post("/{uuid:draw}/result", response=DrawOut, auth=SIGNED_IN, summary="抽取", operation_id="run_draw")
def run(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    """Draw; once a draw."""
    services.run_draw(_reader(request), draw, rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/replacements",
    response=DrawOut,
    auth=SIGNED_IN,
    summary="移出与递补",
    operation_id="replace_drawn",
)
def replace(request: HttpRequest, response: HttpResponse, draw: UUID, payload: ReplacementIn) -> dict[str, object]:
    """Remove a drawn object; the next reserve follows."""
    services.replace_drawn(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


@router.post(
    "/{uuid:draw}/replacement-requests",
    response=ReplacementRequestOut,
    auth=SIGNED_IN,
    summary="申请移出与递补",
    operation_id="ask_replacement",
)
def ask_replacement(request: HttpRequest, draw: UUID, payload: ReplacementRequestIn) -> dict[str, object]:
    """Where the agency's approval matrix names replacements: ask; the reserve follows once all have signed."""
    rev = rev_of(request)
    approval = services.ask_replacement(_reader(request), draw, **payload.dict(), rev=rev)
    return {"approval": approval.pk, "state": approval.state, "rev": rev + 1}


@router.post(
    "/{uuid:draw}/bundles", response=BundleOut, auth=SIGNED_IN, summary="公布数据包", operation_id="publish_bundle"
)
def publish(request: HttpRequest, draw: UUID) -> dict[str, object]:
    """Build bundle.zip from what is known now and publish it."""
    return _bundle(services.publish_bundle(_reader(request), draw, rev=rev_of(request)))


@router.post("/{uuid:draw}/names", response=DrawOut, auth=SIGNED_IN, summary="公开名称", operation_id="open_names")
def open_names(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    """Open the names of the drawn, after the window of visits."""
    services.open_names(_reader(request), draw, rev=rev_of(request))
    return _answer(request, response, draw)


@router.post("/{uuid:draw}/void", response=DrawOut, auth=SIGNED_IN, summary="作废抽取", operation_id="void_draw")
def void(request: HttpRequest, response: HttpResponse, draw: UUID, payload: VoidIn) -> dict[str, object]:
    """Void the draw; it stays in the record."""
    services.void_draw(_reader(request), draw, **payload.dict(), rev=rev_of(request))
    return _answer(request, response, draw)


def _reader(request: HttpRequest) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    if not navigation.holds(actor, READ):
        raise Denied(READ)
    return actor


def _answer(request: HttpRequest, response: HttpResponse, draw: UUID) -> dict[str, object]:
    found = queries.visible_to(_reader(request)).filter(pk=draw).first()
    if found is None:
        raise NotFound(f"draw {draw}")
    set_etag(response, found.rev)
    return _draw(found)


def _public(draw: UUID) -> Draw:
    found = queries.public_draws().filter(pk=draw).first()
    if found is None:
        raise NotFound(f"draw {draw}")
    return found


_DRAW = (
    "id", "draw_id", "title", "state", "level", "profile", "window_from", "window_to", "plan", "sources", "root",
    "rules_hash", "seed", "committed_at", "drawn_at", "published_at", "opened_at", "voided_at", "void_reason",
    "void_document", "rev",
)  # fmt: skip
_TARGET = ("opaque", "stratum", "place", "standing", "reason", "document", "code", "name", "salt")


def _draw(row: Draw) -> dict[str, object]:
    item = row.roster.item
    counts = {"objects": row.objects_count, "drawn": row.drawn_count, "opened": row.opened_count}
    return {name: getattr(row, name) for name in _DRAW} | counts | {"item": f"{item.code} {item.title}"}


def _target(row: DrawnTarget) -> dict[str, object]:
    return {name: getattr(row, name) for name in _TARGET} | {"stream": row.stream_label}


def _bundle(row: DrawBundle) -> dict[str, object]:
    names = ("id", "sha256", "size", "stage", "vkey", "built_at")
    return {name: getattr(row, name) for name in names} | {"href": f"/draws/bundles/{row.pk}/bundle.zip"}
