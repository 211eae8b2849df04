"""What an outsider can see at a moment: every page, file and answer that is reached without signing in.

The walk begins at the portal's home and at the doors of the public API and of the sealed record, and follows every
link of the house, as a crawler does. The form of what it gathers stands in docs/operating.md.
"""

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from django.test import Client
from django.urls import reverse

from xiezhi import clock
from xiezhi.command.demo import Failed, strangers
from xiezhi.core.tlog import tiles
from xiezhi.record import queries as record

# The program's own files and its description of the API hold no data; behind a sign-in nobody is an outsider.
ELSEWHERE = ("/static/", "/console/", "/accounts/", "/api/v1/docs", "/api/v1/openapi.json", "/care/")
DOORS = ("/", "/robots.txt", "/healthz", "/log/checkpoint", "/log/keys", "/log/check_event.py")
AT_MOST = 3_000
LINK = re.compile(
    r"""(?:href|src|action)=["']([^"'<>]+)["']|"(/(?:api|d|draws|log|published)/[\w.%/?=&+-]+)"|<(https?://[^>\s]+)>;"""
)
HOST = "127.0.0.1"
Page = dict[str, Any]


def seen(moment: str, codes: Iterable[str], *, papers: Iterable[str] = ()) -> dict[str, Any]:
    """Everything at the clock's moment, in the order of addresses.

    codes    those of all targets: each is put into the public searches, and what they answer is told
    papers   codes printed on papers that went out: who holds one checks it on its public page
    """
    client, doors = Client(HTTP_HOST=HOST), (path for path in _operations() if "{" not in path)
    pages = _walk(client, [*DOORS, *doors, *_tiles(), *(f"/d/{code}/" for code in papers)])
    return {
        "moment": moment,
        "at": clock.now().isoformat(),
        "pages": pages,
        "searches": _searched(client, sorted(codes)),
    }


def _walk(client: Client, start: Iterable[str]) -> list[Page]:
    found: dict[str, Page] = {}
    waiting = sorted(set(start))
    while waiting:
        path = waiting.pop(0)
        if path in found or path.startswith(ELSEWHERE):
            continue
        page, links = _page(client, path)
        found[path] = page
        waiting += sorted(links - found.keys())
        if len(found) > AT_MOST:
            raise Failed(f"公开页面超过 {AT_MOST} 个，无法在演示中逐页走完。")
    return [found[path] for path in sorted(found)]


def _page(client: Client, path: str) -> tuple[Page, set[str]]:
    response = client.get(path)
    data = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    kind = response.get("Content-Type", "")
    page: Page = {"path": path, "status": response.status_code, "content_type": kind}
    if response.status_code >= 500:
        raise Failed(f"公开页面 {path} 出错（{response.status_code}）。")
    if kind == "application/zip":
        files = strangers.members(data)
        return page | {
            "base64": _base64(data),
            "files": {name: files[name].decode() for name in sorted(files)},
        }, set()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return page | {"base64": _base64(data)}, set()
    links = _links(path, text + response.get("Link", "") + f' href="{response.get("Location", "")}"')
    if path.startswith("/api/") and kind.startswith("application/json"):
        links |= set(_opened_by(path, text))
    return page | {"body": text}, links


@lru_cache(maxsize=1)
def _operations() -> tuple[str, ...]:
    """Templates of the API's addresses that are read without a key."""
    # Imported late: the API's operations import every app.
    from xiezhi.api.root import api

    paths = api.get_openapi_schema()["paths"]
    return tuple(sorted(path for path, ways in paths.items() if "get" in ways and not ways["get"].get("security")))


def _opened_by(path: str, text: str) -> Iterator[str]:
    """Addresses of the API that an answer's ids open: ``/draws/public`` names ids of ``/draws/public/{draw}/…``."""
    told = json.loads(text)
    rows = told.get("items", ()) if isinstance(told, dict) else told
    ids = [str(row["id"]) for row in rows if isinstance(row, dict) and "id" in row]
    for template in _operations():
        before, brace, rest = template.partition("/{")
        if brace and before == path.partition("?")[0]:
            yield from (f"{before}/{one}{rest.partition('}')[2]}" for one in ids)


def _links(path: str, text: str) -> set[str]:
    """Addresses of this house that a text names."""
    found = set()
    for groups in LINK.findall(text):
        given = html.unescape(next(filter(None, groups)))
        parts = urlsplit(urldefrag(urljoin(f"http://{HOST}{path}", given))[0])
        if parts.hostname == HOST and parts.scheme in ("http", "https"):
            found.add(parts.path + (f"?{parts.query}" if parts.query else ""))
    return found


def _tiles() -> list[str]:
    """Addresses of the tiles of hashes under the latest checkpoint: full ones, and the partial one of each level."""
    head = record.latest_checkpoint()
    count, level, found = head.size if head else 0, 0, []
    while count:
        full, rest = divmod(count, tiles.WIDTH)
        found += [f"/log/{tiles.Tile(level, index).path}" for index in range(full)]
        found += [f"/log/{tiles.Tile(level, full, rest).path}"] if rest else []
        count, level = full, level + 1
    return found


def _searched(client: Client, codes: list[str]) -> dict[str, Any]:
    """Each code put into each public search: how many were asked, and which addresses they led to."""
    found: dict[str, list[str]] = {}
    doors = [reverse("portal:draws"), reverse("published-list")]
    one = {door: re.compile(re.escape(door) + r"[0-9a-f-]{36}/") for door in doors}
    for code in codes:
        for door in doors:
            body = client.get(door, {"q": code}).content.decode()
            if hits := sorted(set(one[door].findall(body))):
                found.setdefault(code, []).extend(hits)
    return {"asked": len(codes) * len(doors), "found": found}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def written(moments: list[dict[str, Any]]) -> bytes:
    """``published.json``."""
    return json.dumps({"moments": moments}, ensure_ascii=False, indent=1).encode() + b"\n"
