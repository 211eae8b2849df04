"""Items that rest on national law, ready for an agency to adopt into its own list (``data/items.json``).

Each names violations of the catalogue (``lawbase``); basis and contents are read from there, so that an amended
article reaches them. One that names a violation whose articles were not compared with a text is marked 待核.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from xiezhi.core.law.violations import Provision, Violation
from xiezhi.lawbase import queries as lawbase

from .codes import Field, Method, TargetKind


@dataclass(frozen=True, slots=True)
class NationalItem:
    """An item as ``services.publish_item`` takes it; ``contents`` are [{"text", "basis"}]."""

    code: str
    title: str
    field: Field
    target_kind: TargetKind
    methods: tuple[Method, ...]
    applies_to: str
    share: str
    scope: str
    skills: tuple[str, ...]
    basis: str
    contents: tuple[dict[str, str], ...]
    unverified: bool


def items(on: date) -> dict[str, NationalItem]:
    """All of them by code, with the law in force on a day."""
    catalogue = lawbase.violations(on)
    return {row["code"]: _item(row, catalogue) for row in _rows()}


@lru_cache(maxsize=1)
def _rows() -> list[dict[str, Any]]:
    text = files("xiezhi.inspection").joinpath("data", "items.json").read_text("utf-8")
    return list(json.loads(text))


def _item(row: dict[str, Any], catalogue: Mapping[str, Violation]) -> NationalItem:
    named = [catalogue[code] for code in row["violations"]]
    return NationalItem(
        code=row["code"],
        title=row["title"],
        field=Field(row["field"]),
        target_kind=TargetKind(row["target_kind"]),
        methods=tuple(Method(method) for method in row["methods"]),
        applies_to=row["applies_to"],
        share=row["share"],
        scope=row["scope"],
        skills=tuple(row["skills"]),
        basis=_together([violation.prohibition for violation in named]),
        contents=tuple(
            {"text": violation.name, "basis": _together([violation.prohibition])} for violation in named
        ),
        unverified=not all(violation.verified for violation in named),
    )


def _together(provisions: Iterable[Provision]) -> str:
    """《甲法》第一条、第三条；《乙条例》第二条: each law once, in the order in which it is first named."""
    by_law: dict[str, list[str]] = {}
    for provision in provisions:
        articles = by_law.setdefault(provision.law, [])
        articles += [one for one in provision.article.split("、") if one not in articles]
    return "；".join(f"《{law}》{'、'.join(articles)}" for law, articles in by_law.items())
