"""Exact reading of canonical JSON objects and of the small forms of ev-1."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from xiezhi.core import canonical

from .faults import Malformed

Check: TypeAlias = Callable[[str, Any], None]

_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")
_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


def opened(data: bytes) -> Any:
    """The value of canonical JSON; :class:`Malformed` for anything else."""
    try:
        return canonical.decode(data)
    except canonical.NotCanonical as error:
        raise Malformed("", str(error)) from error


def demand(where: str, value: object, checks: Mapping[str, Check]) -> None:
    """:class:`Malformed` unless ``value`` is an object of exactly these fields, each as its check wants it."""
    if not isinstance(value, dict):
        raise Malformed(where, "is not an object")
    for name in sorted(set(value) ^ set(checks)):
        raise Malformed(way(where, name), "is missing" if name in checks else "is not a field of ev-1")
    for name, check in checks.items():
        check(way(where, name), value[name])


def way(where: str, name: str) -> str:
    """The way to a field inside of another."""
    return f"{where}.{name}" if where else name


def matches(pattern: str, told: str) -> Check:
    """Text that ``pattern`` covers whole."""
    form = re.compile(pattern)

    def check(where: str, value: Any) -> None:
        if not (isinstance(value, str) and form.fullmatch(value)):
            raise Malformed(where, f"is not {told}")

    return check


def between(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(where: str, value: Any) -> None:
        if type(value) is not int or not least <= value <= most:
            raise Malformed(where, f"is not a whole number from {least} to {most}")

    return check


def among(*words: str) -> Check:
    """One of a few words."""

    def check(where: str, value: Any) -> None:
        if not isinstance(value, str) or value not in words:
            raise Malformed(where, f"is none of {', '.join(words)}")

    return check


def or_null(inner: Check) -> Check:
    """``null``, or what ``inner`` wants."""

    def check(where: str, value: Any) -> None:
        if value is not None:
            inner(where, value)

    return check


def moment(where: str, value: Any) -> None:
    """A time of ev-1 that exists."""
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        raise Malformed(where, "is not a time of the form YYYY-MM-DDThh:mm:ss.sssZ")
    try:
        datetime.strptime(value, _FORM).replace(tzinfo=UTC)
    except ValueError as error:
        raise Malformed(where, "is a time that does not exist") from error


def instant(text: str) -> datetime:
    """The moment that a checked text names."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    """``at`` as ev-1 writes it, cut to milliseconds; a time without a zone is refused."""
    if at.tzinfo is None:
        raise ValueError("a time of ev-1 needs its zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds."""
    return span // timedelta(milliseconds=1)


def b64url(data: bytes) -> str:
    """base64url without padding (RFC 4648 §5), as JWK and WebCrypto's users write it."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_b64url(where: str, text: object, size: int) -> bytes:
    """The ``size`` bytes that ``text`` spells in its one way."""
    if not isinstance(text, str):
        raise Malformed(where, "is not text")
    try:
        data = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as error:
        raise Malformed(where, "is not base64url") from error
    if b64url(data) != text or len(data) != size:
        raise Malformed(where, f"is not {size} bytes in base64url without padding, in its one spelling")
    return data


ID = matches(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "an id (UUID in lower case)")
DIGEST = matches(r"[0-9a-f]{64}", "a SHA-256 in lower-case hex")
