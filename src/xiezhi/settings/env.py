"""Typed readers of the environment that remember what they read: ``xiezhi settings`` prints this table."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

T = TypeVar("T")


@dataclass(frozen=True)
class Setting:
    """One documented variable; ``secret`` values are never printed."""

    name: str
    kind: str
    default: str
    text: str
    secret: bool = False


DECLARED: dict[str, Setting] = {}


class BadSetting(SystemExit):
    """A variable holds what can't be read: one sentence, no traceback."""

    def __init__(self, name: str, value: str, wanted: str):
        super().__init__(f"xiezhi: setting {name}={value!r} is not {wanted}; see `xiezhi settings`.")


def _read(name: str, kind: str, default: T, text: str, parse: Callable[[str], T], *, secret: bool = False) -> T:
    DECLARED[name] = Setting(name, kind, "" if secret else str(default), text, secret)
    raw = os.environ.get(name)
    if raw is None or raw == "":
        return default
    try:
        return parse(raw)
    except ValueError:
        raise BadSetting(name, "…" if secret else raw, kind) from None


def text(name: str, default: str, about: str, *, secret: bool = False) -> str:
    """A text."""
    return _read(name, "text", default, about, str, secret=secret)


def number(name: str, default: int, about: str) -> int:
    """A whole number."""
    return _read(name, "whole number", default, about, int)


def _flag(raw: str) -> bool:
    table = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if raw.lower() not in table:
        raise ValueError(raw)
    return table[raw.lower()]


def flag(name: str, default: bool, about: str) -> bool:
    """1/true/yes or 0/false/no."""
    return _read(name, "1 or 0", default, about, _flag)


def words(name: str, default: list[str], about: str) -> list[str]:
    """Words separated by commas."""
    return _read(
        name,
        "words separated by commas",
        default,
        about,
        lambda raw: [w.strip() for w in raw.split(",") if w.strip()],
    )


def folder(name: str, default: Path, about: str) -> Path:
    """A folder's path; made when first needed, not here."""
    return _read(name, "folder", default, about, lambda raw: Path(raw).expanduser().resolve())


def database(url: str) -> dict[str, object]:
    """Django's settings of one database from ``sqlite:///path`` or ``postgres://user:password@host:port/name?option=…``."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:] if parts.path.startswith("//") else unquote(parts.path)
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": path,
            "OPTIONS": {
                # Read-then-write transactions in SQLite's default mode fail with "locked" at once; measured.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL, since receipts and checkpoints promise durability.
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                    "PRAGMA cache_size=-64000;PRAGMA mmap_size=134217728;"
                ),
            },
        }
    if parts.scheme in {"postgres", "postgresql"}:
        options: dict[str, object] = dict(parse_qsl(parts.query))
        host = options.pop("host", None) or unquote(parts.hostname or "")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": host,
            "PORT": str(parts.port or ""),
            "OPTIONS": options,
        }
    raise BadSetting(
        "XIEZHI_DATABASE_URL", f"{parts.scheme}:…", "sqlite:///path or postgres://user:password@host/name"
    )


def cache(url: str) -> dict[str, object]:
    """Django's settings of the cache that every process shares, from ``redis://…``; empty: a table of the database."""
    if not url:
        return {"BACKEND": "xiezhi.web.shared_cache.TableCache"}
    if urlsplit(url).scheme not in {"redis", "rediss"}:
        raise BadSetting("XIEZHI_CACHE_URL", f"{urlsplit(url).scheme}:…", "redis://host:port/number or rediss://…")
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "KEY_PREFIX": "xiezhi",
        "OPTIONS": {
            "serializer": "xiezhi.web.shared_cache.Json",
            # Someone waits for his page meanwhile.
            "socket_connect_timeout": 2,
            "socket_timeout": 2,
        },
    }
