"""Canonical JSON (RFC 8785), restricted to what Xiezhi stores.

Keys are ASCII strings, numbers are whole and within ±(2**53 - 1). Under that restriction the standard
encoder with sorted keys writes exactly RFC 8785: ASCII keys sort alike in UTF-8 and UTF-16, and its short
escapes are the ones the RFC names. Floats are refused, so that no two readers can disagree on a number.
"""

import json
from typing import TypeAlias

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

SAFE_INTEGER = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


class NotCanonical(ValueError):
    """The value cannot be written in the restricted canonical form, or the text is not in it."""


def encode(value: object) -> bytes:
    """The canonical UTF-8 bytes of ``value``; :class:`NotCanonical` for floats, odd keys, lone surrogates."""
    _check(value)
    try:
        return _ENCODER.encode(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise NotCanonical(f"text with a lone surrogate: {error}") from error


def decode(data: bytes) -> Json:
    """Parse ``data`` and demand that it is byte for byte what :func:`encode` would have written."""
    try:
        value = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from error
    if encode(value) != data:
        raise NotCanonical("JSON is not in canonical form")
    return value  # type: ignore[no-any-return]


def _check(value: object, where: tuple[object, ...] = ()) -> None:
    """``where``: the way to ``value``, put into words only where it fails."""
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > SAFE_INTEGER:
            raise NotCanonical(f"{_path(where)}: whole number beyond 2**53 - 1")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if type(item) is not str:
                _check(item, (*where, index))
    elif isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise NotCanonical(f"{_path(where)}: key {key!r} is not ASCII text")
            if type(item) is not str:
                _check(item, (*where, key))
    else:
        raise NotCanonical(f"{_path(where)}: {type(value).__name__} has no canonical form")


def _path(where: tuple[object, ...]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
