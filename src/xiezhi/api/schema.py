"""What the OpenAPI document says beyond the operations: problems, operation ids, versions."""

from typing import Any

from ninja.openapi.schema import OpenAPISchema

from xiezhi.web.problems import MEDIA_TYPE

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "请求编号"},
        "remedy": {"type": "string", "description": "可以怎样办"},
        "rule_id": {"type": "string", "description": "规则编号"},
        "article": {"type": "string", "description": "依据的条文"},
        "errors": {
            "type": "array",
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
METHODS = ("get", "post", "put", "patch", "delete")


def with_problems(schema: OpenAPISchema) -> OpenAPISchema:
    """Add to each operation the problems it may answer with, to each write its operation id."""
    schema.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "问题（RFC 9457）",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in schema["paths"].values():
        for method in METHODS:
            if method not in operations:
                continue
            operation = operations[method]
            operation["responses"].setdefault("4XX", answer)
            if method != "get":
                operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    return schema
