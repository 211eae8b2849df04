"""The one NinjaAPI. An app above ``web`` brings ``api.py`` with ``router``; it is mounted under the app's name."""

import importlib
import importlib.util
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from xiezhi.core.errors import XiezhiError
from xiezhi.web import problems

from . import validation
from .auth import SIGNED_IN
from .schema import with_problems

DESCRIPTION = """獬豸的对外接口。

- 身份：已登录的会话（写操作须带 `X-CSRFToken`），或接口密钥 `Authorization: Bearer xz_…`。
- 错误：一律为 `application/problem+json`（RFC 9457），含 `rule_id`、`article`、`remedy`。
- 幂等：写操作可带 `Idempotency-Key`（UUID），重复请求返回首次的结果并带 `Idempotent-Replay: true`。
- 并发：修改须带 `If-Match`，其值为读取时得到的 `ETag`；版本不符返回 412。
- 限流：每个账号或密钥、每个未登录的地址每分钟的请求数有上限，超过时返回 429，`Retry-After` 为须等待的秒数。
- 翻页：`?after=…&limit=…`，下一页地址见 `Link` 响应头和 `next` 字段。
"""


class Api(NinjaAPI):
    """NinjaAPI whose schema tells of the problems that every operation may answer with."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        return with_problems(super().get_openapi_schema(**kwargs), self.views())

    def views(self) -> dict[str, Callable[..., Any]]:
        """The function behind each operation, by operation id."""
        return {
            operation.operation_id or self.get_openapi_operation_id(operation): operation.view_func
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
        }


api = Api(
    title="獬豸 Xiezhi",
    version="1",
    description=DESCRIPTION,
    auth=SIGNED_IN,
    # Its page is drawn by scripts from another house's network, which the content policy forbids.
    docs_url=None,
    docs_decorator=require_safe,
    urls_namespace="api",
)


@api.exception_handler(XiezhiError)
def domain_error(request: HttpRequest, error: XiezhiError) -> HttpResponse:
    """A domain error."""
    return problems.respond(request, problems.of(error))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input that does not fit the schema: 422 with the places."""
    return problems.respond(request, problems.of_kind("invalid", fields=validation.fields_of(error.errors)))


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """No valid proof of who asks: 401."""
    response = problems.respond(request, problems.of_kind("unauthenticated"))
    response["WWW-Authenticate"] = 'Bearer realm="xiezhi"'
    return response


@api.exception_handler(AuthorizationError)
@api.exception_handler(PermissionDenied)
def denied(request: HttpRequest, error: Exception) -> HttpResponse:
    """Known, but not allowed: 403."""
    return problems.respond(request, problems.of_kind("denied"))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """404."""
    return problems.respond(request, problems.of_kind("not-found"))


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """A body over the limit."""
    return problems.respond(request, problems.of_kind("too-big"))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework refuses by itself (a body that is no JSON, a missing CSRF token)."""
    kind = {400: "bad-request", 401: "unauthenticated", 403: "csrf", 404: "not-found", 429: "too-many"}.get(
        error.status_code
    )
    if kind == "csrf":
        return problems.respond(request, problems.csrf(request))
    if kind is None:
        title = _(HTTPStatus(error.status_code).phrase)
        return problems.respond(request, problems.Problem(error.status_code, "http", title))
    return problems.respond(request, problems.of_kind(kind))


def mount() -> None:
    """Mount our own operations, then the routers of every app that has some."""
    from .operations import (
        approvals,
        draws,
        events,
        jobs,
        keys,
        law,
        letters,
        me,
        notifications,
        officers,
        people,
        roles,
    )

    own = {
        "me": (me,),
        "keys": (keys,),
        "jobs": (jobs,),
        "notifications": (notifications,),
        "people": (people, officers, letters, roles),
        "approvals": (approvals,),
        "law": (law,),
        "draws": (draws,),
        "events": (events,),
    }
    for name, modules in own.items():
        for module in modules:
            api.add_router(f"/{name}", module.router, tags=[name])
    for app in settings.INSTALLED_APPS:
        name = app.removeprefix("xiezhi.")
        if app.startswith("xiezhi.") and name != "api" and importlib.util.find_spec(f"{app}.api"):
            api.add_router(f"/{name}", importlib.import_module(f"{app}.api").router, tags=[name])


mount()
