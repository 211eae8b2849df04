"""What a draw announces, in the shape in which its row keeps it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.draw import rules as rules_of_draw
from xiezhi.core.errors import Invalid
from xiezhi.record.acts import at

from . import announced, reckoning
from .codes import Level


def stratum(given: Mapping[str, Any]) -> dict[str, Any]:
    """One stratum of a plan, every column written out."""
    ratio = given.get("ratio")
    return {
        "stratum": given["stratum"],
        "method": given.get("method", "equal"),
        "n": given.get("n"),
        "ratio": [int(part) for part in ratio] if ratio else None,
        "coverage": bool(given.get("coverage", False)),
        "reserves": int(given.get("reserves", 0)),
    }


def sources(level: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The sources that make ``level``; those of a quick draw are its own number, not made yet."""
    if level not in Level.values:
        raise Invalid({"level": [_("请选择抽取级别。")]})
    if level == Level.QUICK and not given:
        return [announced.own_source(rules_of_draw.stamp(reckoning.whole_second(at())))]
    return [_source(source) for source in given]


def _source(given: Mapping[str, Any]) -> dict[str, str]:
    moment: datetime = given["not_before"]
    return {
        **({"commitment": given["commitment"]} if "commitment" in given else {}),
        "label": given["label"],
        "describes": given["describes"],
        "not_before": rules_of_draw.stamp(reckoning.typed_moment("not_before", moment)),
        "encoding": given.get("encoding", "utf8"),
    }
