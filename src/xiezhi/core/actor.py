"""Who acts: a frozen value, so that ``record`` and ``documents`` need not know the tables of ``people``."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["officer", "party", "system", "public"]


@dataclass(frozen=True, slots=True)
class Ability:
    """What may be done, and in which subtree of agencies: ``name`` e.g. ``"registry.import"``.

    ``path`` is an agency's materialised path, ``"/泰州/支队/"``-like with ids; ``"/"`` is everywhere.
    """

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Actor:
    """One who reads or acts.

    id          stable id of the person, account or component, as text (a uuid, or ``"system:<name>"``)
    agency      path of the agency he acts for, e.g. ``"/a1/b2/"``; empty for the public and for parties
    district    GB/T 2260 code (six digits) of that agency; empty where it has none
    person      id of the one who answers for it: ``id`` itself, of an API key the account that issued it. Rules of
                "not yourself" and "two people" compare persons.
    """

    id: str
    kind: Kind
    agency: str = ""
    district: str = ""
    abilities: frozenset[Ability] = frozenset()
    person: str = ""

    def __post_init__(self) -> None:
        if not self.person:
            object.__setattr__(self, "person", self.id)

    def may(self, ability: str, path: str) -> bool:
        """Does he hold ``ability`` for a row that belongs to agency ``path``? Deny by default."""
        if self.kind == "system":
            return True
        return any(a.name == ability and path.startswith(a.path) for a in self.abilities)

    def paths(self, ability: str) -> tuple[str, ...]:
        """The subtrees in which he holds ``ability``, none inside another; empty: nowhere."""
        if self.kind == "system":
            return ("/",)
        found = sorted({a.path for a in self.abilities if a.name == ability})
        return tuple(p for p in found if not any(p != q and p.startswith(q) for q in found))


PUBLIC = Actor(id="public", kind="public")


def system(name: str) -> Actor:
    """The component ``name`` acting by itself, e.g. ``system("sequencer")``; never a person's stand-in."""
    return Actor(id=f"system:{name}", kind="system")
