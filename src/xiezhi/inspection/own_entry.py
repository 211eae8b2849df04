"""A target's own entry of a draw, with the path from its leaf to the committed root.

What the weights say about a target's class stays opaque with the ids; so each gets its own entry only, on request,
after the window of visits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from xiezhi.core.draw import hashing, roster

from . import reckoning
from .models import Draw


@dataclass(frozen=True)
class OwnEntry:
    """What the target is given; ``path`` leads from leaf ``index`` of ``size`` to ``root`` (RFC 9162)."""

    draw_id: str
    profile: str
    code: str
    salt: str
    id: str
    stratum: str
    weight: int
    index: int
    size: int
    path: list[str]
    root: str

    def document(self) -> dict[str, object]:
        """As the file that is handed out."""
        return dict(vars(self))


def own_entry(draw: Draw, code: str) -> OwnEntry | None:
    """The entry of ``code`` in the committed roster; None where it is not in it (never listed, or excluded)."""
    profile, secret = hashing.PROFILES[draw.profile], reckoning.secret_of(draw)
    salt = secret.salt(code)
    wanted = roster.opaque_id(profile, code, salt)
    committed = reckoning.commitment(draw, secret, draw.committed_at)
    index = next((n for n, entry in enumerate(committed.roster) if entry.id == wanted), None)
    if index is None:
        return None
    entry = committed.roster[index]
    leaves = [profile.digest(b"\x00" + roster.entry_leaf(one)) for one in committed.roster]
    return OwnEntry(
        draw_id=draw.draw_id,
        profile=draw.profile,
        code=code,
        salt=salt.hex(),
        id=wanted,
        stratum=entry.stratum,
        weight=entry.weight,
        index=index,
        size=len(leaves),
        path=[one.hex() for one in inclusion_path(profile, leaves, index)],
        root=draw.root,
    )


def inclusion_path(profile: hashing.Profile, leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Sibling hashes of the leaf at ``index``, leaf to root; an odd last node moves up unchanged."""
    level, path = list(leaves), []
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        above = [profile.digest(b"\x01" + level[n] + level[n + 1]) for n in range(0, len(level) - 1, 2)]
        level = [*above, level[-1]] if len(level) % 2 else above
        index //= 2
    return path
