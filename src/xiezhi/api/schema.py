"""What the OpenAPI document says beyond the operations: each problem by its status, operation ids, versions, examples."""

from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from ninja.openapi.schema import OpenAPISchema

from xiezhi.web.problems import MEDIA_TYPE, TABLE

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "urn:xiezhi:problem:<种类>"},
        "title": {"type": "string", "description": "出了什么问题"},
        "status": {"type": "integer", "description": "HTTP 状态码"},
        "detail": {"type": "string", "description": "具体情况"},
        "instance": {"type": "string", "description": "请求编号"},
        "remedy": {"type": "string", "description": "可以怎样办"},
        "rule_id": {"type": "string", "description": "规则编号"},
        "article": {"type": "string", "description": "依据的条文"},
        "errors": {
            "type": "array",
            "description": "逐项的错误；field 为空的，属于整个请求",
            "items": {
                "type": "object",
                "required": ["field", "messages"],
                "properties": {
                    "field": {"type": "string"},
                    "messages": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "操作编号。同一编号重复请求只执行一次。",
    "schema": {"type": "string", "format": "uuid"},
}
IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "读取时得到的 ETag。",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
    "example": '"3"',
}
# Status → (kind of problem, when it is answered).
KINDS: dict[int, tuple[str, str]] = {
    400: ("bad-request", "请求体不是 JSON"),
    401: ("unauthenticated", "没有登录，也没有有效的接口密钥"),
    403: ("denied", "没有所需的权限；会话的写操作缺少 CSRF 令牌"),
    404: ("not-found", "没有，或者无权查看"),
    409: ("refused", "规则不允许，见 rule_id、article 和 remedy"),
    412: ("stale", "版本已经变化"),
    413: ("too-big", "内容过大"),
    422: ("invalid", "内容有误，见 errors"),
    428: ("rev-required", "缺少 If-Match"),
}
REFUSED = {
    "type": "urn:xiezhi:problem:refused",
    "title": "不能进行此操作",
    "status": 409,
    "detail": "“2026年度抽查计划”的当前步骤不由您签署。",
    "remedy": "在审批表上查看正在等待哪个角色签署。",
    "rule_id": "xz-approval-turn",
}
METHODS = ("get", "post", "put", "patch", "delete")
# What a property of this name may look like.
EXAMPLES: dict[str, object] = {
    "agency": "/zjj/zhidui/",
    "unit": "/zjj/zhidui/yi/",
    "path": "/zjj/zhidui/",
    "principal": "/zjj/",
    "delegate": "/zjj/zhidui/",
    "district": "009999",
    "name": "示例",
    "title": "2026年度抽查计划",
    "kind": "inspection.plan",
    "subject": "plan:2026",
    "text": "同意。",
    "reason": "调离",
    "on": "2026-06-01",
    "number": "示例000001",
    "scope": "住房和城乡建设",
    "authority": "示例省司法厅",
    "matters": "建筑市场、工程质量安全行政处罚（示例）",
    "valid_from": "2026-01-01",
    "valid_to": "2027-12-31",
    "published_at": "https://example.gov.cn/weituo/1",
    "published_on": "2026-01-05",
    "role": "squad_leader",
    "citation": "《住房和城乡建设行政处罚程序规定》（住建部令第55号）第十七条",
    "source_text": "应当自发现线索之日起十五个工作日内予以核查。",
    "consulted_on": "2026-01-05",
    "document": "示监函〔2026〕3号",
    "code": "91",
    "label": "示例信标第1期",
    "value": "9f86d081884c7d659a2feaa0c55ad015",
    "explanation": "名录有误",
    "opaque": "0" * 64,
    "expires_at": "2027-01-01T00:00:00Z",
}


def with_problems(schema: OpenAPISchema, views: dict[str, Callable[..., Any]]) -> OpenAPISchema:
    """Add what every operation has: the problems it may answer with, its headers, examples.

    ``views`` by operation id; a view that reads ``If-Match`` (calls ``rev_of``) says so.
    """
    components = schema.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["responses"] = {f"Problem{status}": _answer(status) for status in KINDS}
    for one in components["schemas"].values():
        _exemplify(one)
    for operations in schema["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                _complete(operation, method, versioned=asks_for_version(views[operation["operationId"]]))
    return schema


def asks_for_version(view: Callable[..., Any]) -> bool:
    """Does the view, or a function of its own module that it calls, read ``If-Match``?"""
    return any("rev_of" in function.__code__.co_names for function in _called(view, set()))


def _called(view: Any, seen: set[Any]) -> Iterator[FunctionType]:
    if not isinstance(view, FunctionType) or view in seen:
        return
    seen.add(view)
    yield view
    for name in view.__code__.co_names:
        other = view.__globals__.get(name)
        if getattr(other, "__module__", "") == view.__module__:
            yield from _called(other, seen)


def _complete(operation: dict[str, Any], method: str, *, versioned: bool) -> None:
    writes = method != "get"
    parameters: list[dict[str, Any]] = operation.setdefault("parameters", [])
    inside = any(one["in"] == "path" for one in parameters)
    statuses = {401: bool(operation.get("security")), 403: bool(operation.get("security")), 404: inside or writes}
    statuses |= {422: writes or bool(parameters), 409: writes, 400: writes, 413: writes}
    statuses |= {412: writes and inside, 428: versioned}
    if writes:
        parameters.append(IDEMPOTENCY_KEY)
    if versioned:
        parameters.append(IF_MATCH)
    for status, answered in sorted(statuses.items()):
        if answered:
            operation["responses"].setdefault(status, {"$ref": f"#/components/responses/Problem{status}"})


def _answer(status: int) -> dict[str, Any]:
    kind, when = KINDS[status]
    content: dict[str, Any] = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": REFUSED}
    if kind in TABLE:
        _status, title, remedy = TABLE[kind]
        content["example"] = {
            "type": f"urn:xiezhi:problem:{kind}",
            "title": str(title),
            "status": status,
            "remedy": str(remedy),
        }
    return {"description": when, "content": {MEDIA_TYPE: content}}


def _exemplify(schema: dict[str, Any]) -> None:
    """An example of each text property whose name says what it holds."""
    for name, one in schema.get("properties", {}).items():
        kinds = {one.get("type"), *(part.get("type") for part in one.get("anyOf", ()))}
        if "string" in kinds and name in EXAMPLES and "enum" not in one and "pattern" not in one:
            one.setdefault("examples", [EXAMPLES[name]])
