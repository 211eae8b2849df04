"""The one rendering of errors: a domain error becomes a :class:`Problem`, that a page or problem+json."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from xiezhi.core.errors import Denied, Invalid, NotFound, Refused, Stale, XiezhiError
from xiezhi.people.abilities import ABILITIES

from .concurrency import RevRequired

Text = str | Promise
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Problem:
    """What went wrong, for a person and for a program.

    kind     last part of the type's URN, e.g. ``"refused"``
    remedy   what to do next
    fields   a field's name to its messages; ``""`` is the whole form
    """

    status: int
    kind: str
    title: Text
    detail: Text = ""
    remedy: Text = ""
    rule_id: str = ""
    article: str = ""
    fields: Mapping[str, list[str]] = field(default_factory=dict)
    extra: Mapping[str, object] = field(default_factory=dict)

    def as_json(self, request: HttpRequest) -> dict[str, Any]:
        """The members of problem+json; empty ones are left out."""
        members: dict[str, Any] = {
            "type": f"urn:xiezhi:problem:{self.kind}",
            "title": str(self.title),
            "status": self.status,
            "detail": str(self.detail),
            "remedy": str(self.remedy),
            "rule_id": self.rule_id,
            "article": self.article,
            "errors": [{"field": name, "messages": list(texts)} for name, texts in self.fields.items()],
            "instance": getattr(request, "request_id", ""),
            **self.extra,
        }
        return {name: value for name, value in members.items() if value not in ("", [], None)}


TABLE: dict[str, tuple[int, Text, Text]] = {
    "denied": (403, _("无权进行此操作"), _("如工作需要，请联系本机构管理员授予相应权限。")),
    "unauthenticated": (401, _("请先登录"), _("请登录，或在 Authorization 请求头中提供有效的接口密钥。")),
    "not-found": (404, _("没有找到"), _("请检查地址是否完整；您可能无权查看该内容，或者它已被移走。")),
    "done": (409, _("该操作已经办理"), _("请查看已有结果，不必重复提交。")),
    "invalid": (422, _("提交的内容有误"), _("请按提示改正后重新提交。")),
    "stale": (412, _("内容已被他人修改"), _("请重新打开页面，核对他人的修改后再提交。")),
    "csrf": (403, _("页面已过期"), _("请返回上一页，刷新后重新提交。已填写的内容请先复制保存。")),
    "rev-required": (428, _("缺少版本号"), _("请先读取该对象，并在 If-Match 请求头中带上其 ETag。")),
    "method-not-allowed": (405, _("不支持的请求方法"), _("请改用接口文档中列出的方法。")),
    "bad-request": (400, _("请求无法识别"), _("请检查请求的格式。")),
    "too-big": (413, _("内容过大"), _("请减小文件，或改用分段上传。")),
    "too-many": (429, _("请求过于频繁"), _("请稍后再试。")),
    "internal": (500, _("系统出现故障"), _("请稍后重试；如仍有问题，请将请求编号告知系统管理员。")),
}


def of_kind(kind: str, detail: Text = "", **more: Any) -> Problem:
    """A problem of :data:`TABLE`."""
    status, title, remedy = TABLE[kind]
    return Problem(status=status, kind=kind, title=title, detail=detail, remedy=more.pop("remedy", remedy), **more)


def csrf(request: HttpRequest) -> Problem:
    """A write without the form's token: for a person an old page, for a program a missing header."""
    problem = of_kind("csrf")
    if not wants_json(request):
        return problem
    remedy = _(
        "会话的写操作须带 X-CSRFToken 请求头，其值取自名为 csrftoken 的 Cookie；"
        "经 HTTPS 时还须带本站的 Referer 或 Origin。程序宜改用接口密钥：Authorization: Bearer xz_…。"
    )
    return replace(problem, title=_("缺少 CSRF 令牌，或者令牌已失效"), remedy=remedy)


def of(error: XiezhiError) -> Problem:
    """The problem that a domain error is shown as."""
    match error:
        case Refused(refusal=refusal):
            return Problem(
                status=409,
                kind="refused",
                title=_("不能进行此操作"),
                detail=gettext(refusal.message) % refusal.params,
                remedy=gettext(refusal.remedy) % refusal.params if refusal.remedy else "",
                rule_id=refusal.rule_id,
                article=refusal.article,
            )
        case Denied():
            return of_kind("denied", _missing(error.ability), extra={"ability": error.ability})
        case NotFound():
            return of_kind("not-found")
        case Invalid(fields=fields):
            return of_kind("invalid", fields={name: [str(t) for t in texts] for name, texts in fields.items()})
        case Stale():
            text = gettext("您修改的是第 %(given)s 版，现在已是第 %(stored)s 版。")
            return of_kind(
                "stale",
                text % {"given": error.given, "stored": error.stored},
                extra={"given": error.given, "stored": error.stored},
            )
        case RevRequired():
            return of_kind("rev-required")
    return of_kind("internal")


def _missing(ability: str) -> str:
    """The right that was missing, in words."""
    row = ABILITIES.get(ability)
    return gettext("这项操作需要“%(right)s”的权限。") % {"right": gettext(row.title)} if row else ""


def wants_json(request: HttpRequest) -> bool:
    """Programs get problem+json: all of ``/api/``, and whoever asks for JSON and not for HTML."""
    accepts = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("json" in accepts and "html" not in accepts)


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as this client reads it."""
    if wants_json(request):
        return JsonResponse(problem.as_json(request), status=problem.status, content_type=MEDIA_TYPE)
    template = "web/server_error.html" if problem.status >= 500 else "web/problem.html"
    return render(request, template, {"problem": problem, "base": base_of(request)}, status=problem.status)


def base_of(request: HttpRequest) -> str:
    """The base template of the surface that an address belongs to."""
    signed_in = getattr(getattr(request, "actor", None), "kind", "public") != "public"
    return (
        "web/base_console.html" if request.path.startswith("/console/") and signed_in else "web/base_portal.html"
    )
