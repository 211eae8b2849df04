"""``openapi.yaml`` as its readers need it: every operation named, described, with its problems; no loose end."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from xiezhi.api.root import api
from xiezhi.api.schema import METHODS, asks_for_version

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[2] / "openapi.yaml").read_text(encoding="utf-8")
)
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (path, method, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
    if method in METHODS
}
NAME = re.compile(r"[a-z]+(_[a-z]+)*")


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def test_no_two_operations_share_a_name():
    assert len(OPERATIONS) == sum(method in METHODS for one in DOCUMENT["paths"].values() for method in one)


def test_every_reference_leads_somewhere():
    for node in nodes(DOCUMENT):
        if "$ref" in node:
            found: Any = DOCUMENT
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part]


def test_every_schema_is_one():
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert schema.get("description") or "Page" in name, name
        jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_says_what_it_takes_and_answers(name):
    path, method, operation = OPERATIONS[name]
    assert NAME.fullmatch(name), "a name of the house, not one made up from a module"
    assert operation["summary"]
    assert operation["description"]
    assert operation["tags"]
    headers = {one["name"] for one in operation["parameters"] if one["in"] == "header"}
    answers = set(operation["responses"])
    assert [status for status in answers if status.startswith("2")]
    assert ("{" in path) <= ({"404"} <= answers)
    assert bool(operation.get("security")) <= ({"401", "403"} <= answers)
    assert (method != "get") == ("Idempotency-Key" in headers)
    assert (method != "get") <= ({"400", "409", "422"} <= answers)
    assert ("If-Match" in headers) == ("428" in answers) == asks_for_version(api.views()[name])
    for status, answer in operation["responses"].items():
        described = answer if "$ref" not in answer else DOCUMENT["components"]["responses"][f"Problem{status}"]
        assert described["description"], status


def test_problems_show_what_they_look_like():
    for status, answer in DOCUMENT["components"]["responses"].items():
        (content,) = answer["content"].values()
        jsonschema_rs.validator_for(DOCUMENT["components"]["schemas"]["Problem"]).validate(content["example"])
        assert content["example"]["status"] == int(status.removeprefix("Problem"))
