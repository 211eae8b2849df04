"""Who am I?"""

from django.http import HttpRequest
from ninja import Router, Schema

from xiezhi.core.actor import Actor

router = Router()


class AbilityOut(Schema):
    """An ability and the subtree of agencies in which it is held."""

    name: str
    path: str


class Me(Schema):
    """The actor of the request."""

    id: str
    kind: str
    agency: str
    district: str
    abilities: list[AbilityOut]


@router.get("", response=Me, summary="当前身份与权限", operation_id="me")
def me(request: HttpRequest) -> dict[str, object]:
    """The actor that this session or key stands for."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    abilities = sorted(actor.abilities, key=lambda a: (a.name, a.path))
    return {
        "id": actor.id,
        "kind": actor.kind,
        "agency": actor.agency,
        "district": actor.district,
        "abilities": [{"name": a.name, "path": a.path} for a in abilities],
    }
