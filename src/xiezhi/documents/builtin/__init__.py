"""The national templates that come with the program: a folder of ``<code>.json`` (contract and the rest) and
``<code>.txt`` (marked-up text). ``basis`` says what their elements rest on and which of it is 待核.
"""

import json
from datetime import date
from pathlib import Path
from typing import Any

from xiezhi.core.paper import contract

HERE = Path(__file__).parent
VALID_FROM = date(2026, 1, 1)


def shipped() -> list[dict[str, Any]]:
    """Columns of a national template each, in order of code; contracts in their stored form."""
    found = []
    for path in sorted(HERE.glob("*.json")):
        given = json.loads(path.read_text(encoding="utf-8"))
        given["fields"] = contract.parse(given["fields"]).as_json()
        body = path.with_suffix(".txt").read_text(encoding="utf-8").strip() + "\n"
        found.append({"code": path.stem, "body": body, **given})
    return found
