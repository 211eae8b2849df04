"""The domain's errors and the outcome of a guard. ``web`` turns them into pages and problem+json in one place.

Texts are Chinese source strings marked for gettext by their users; params are filled in when shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Allowed:
    """A guard let the act pass; ``warnings`` are limits that were overrun or rules still 待核."""

    warnings: tuple["Refusal", ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an act may not be done, citing its rule and article, and what to do next.

    rule_id     id of the rule, e.g. ``"处罚法-62"``; for rules of the house ``"xz-…"``
    article     the article as a reader would cite it, e.g. ``"《行政处罚法》第六十二条"``; empty for house rules
    message     what was tried and why not (Chinese source text with ``%(name)s`` places)
    remedy      what the user does next (same form)
    """

    rule_id: str
    article: str
    message: str
    remedy: str
    params: Mapping[str, object] = field(default_factory=dict)


Verdict: TypeAlias = Allowed | Refusal


class XiezhiError(Exception):
    """Root of everything the domain raises on purpose."""

    status = 500


class Refused(XiezhiError):
    """A service was asked for something that a rule forbids. Carries the :class:`Refusal`."""

    status = 409

    def __init__(self, refusal: Refusal):
        super().__init__(refusal.message % refusal.params)
        self.refusal = refusal


class AtOnce(Refused):
    """Another act wrote the same thing at the same moment; the database let only one of the two stand."""


class Denied(XiezhiError):
    """The actor lacks the ability. The surface answers 403, or 404 where even existence is not his to know."""

    status = 403

    def __init__(self, ability: str, scope: str = ""):
        super().__init__(f"missing ability {ability!r} on {scope!r}")
        self.ability = ability
        self.scope = scope


class NotFound(XiezhiError):
    """Nothing visible to the actor has this id."""

    status = 404


class Invalid(XiezhiError):
    """Input that can't be taken. ``fields`` maps a field's name to its messages; ``""`` is the whole form."""

    status = 422

    def __init__(self, fields: Mapping[str, list[str]]):
        super().__init__("; ".join(f"{name}: {text}" for name, texts in fields.items() for text in texts))
        self.fields = dict(fields)


class Stale(XiezhiError):
    """``rev`` (``If-Match``) names an older version than the stored one: someone else wrote first."""

    status = 412

    def __init__(self, given: int, stored: int):
        super().__init__(f"rev {given} is not the stored rev {stored}")
        self.given = given
        self.stored = stored
