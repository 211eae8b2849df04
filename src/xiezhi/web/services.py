"""Acts on API keys, and on the views of lists that a reader keeps for himself."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xiezhi.core.actor import Actor
from xiezhi.core.errors import Denied, Invalid, NotFound
from xiezhi.people import queries as people
from xiezhi.people.scope import account_id
from xiezhi.record.acts import act, at, emit, iso, unchanged

from . import keys
from .models import ApiKey, SavedView

MANAGE = "api.manage_keys"
MOST_VIEWS = 30


@act("web.key_issued")
def issue_key(
    actor: Actor, *, name: str, agency: str, scopes: list[str], expires_at: datetime
) -> tuple[ApiKey, str]:
    """Issue a key bound to ``agency`` (path); returns it and the secret, which is never shown again.

    Raises ``Denied`` where the actor lacks ``api.manage_keys`` there, ``NotFound``, ``Invalid``. Nobody hands on what
    he does not hold over the whole of ``agency`` himself, and some abilities need a person (``keys.GRANTABLE``).
    """
    if not actor.may(MANAGE, agency):
        raise Denied(MANAGE, agency)
    district = people.agency(actor, agency).district
    problems: dict[str, list[str]] = {}
    if not name.strip():
        problems["name"] = [str(_("请填写用途，以便日后辨认。"))]
    if unfit := sorted(set(scopes) - keys.GRANTABLE):
        problems["scopes"] = [str(_("这些权限不能授予接口密钥：%(names)s。")) % {"names": "、".join(unfit)}]
    elif lacking := sorted(scope for scope in set(scopes) if not actor.may(scope, agency)):
        problems["scopes"] = [
            str(_("您在该机构没有这些权限，不能授予密钥：%(names)s。请由担任相应角色的人员签发。"))
            % {"names": "、".join(lacking)}
        ]
    elif not scopes:
        problems["scopes"] = [str(_("请至少选择一项权限。"))]
    if expires_at <= at():
        problems["expires_at"] = [str(_("到期时间须晚于现在。"))]
    if problems:
        raise Invalid(problems)
    token, prefix, digest = keys.new_secret()
    key = ApiKey.objects.create(
        name=name.strip(),
        prefix=prefix,
        digest=digest,
        agency=agency,
        district=district,
        scopes=sorted(set(scopes)),
        issued_by=actor.person,
        issued_at=at(),
        expires_at=expires_at,
    )
    emit(
        stream=f"api-key:{key.id}",
        subject=f"api-key:{key.id}",
        data={
            "key": str(key.id),
            "prefix": prefix,
            "name": key.name,
            "scopes": key.scopes,
            "expires_at": iso(expires_at),
        },
        agency=agency,
        district=district,
    )
    return key, token


@act("web.key_revoked")
def revoke_key(actor: Actor, *, key_id: object) -> ApiKey:
    """Revoke a key for good; a second time changes nothing. ``NotFound`` outside the actor's agencies."""
    key = ApiKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None or not actor.may(MANAGE, key.agency):
        raise NotFound
    if key.revoked_at is not None:
        unchanged()
        return key
    emit(
        stream=f"api-key:{key.id}",
        subject=f"api-key:{key.id}",
        data={"key": str(key.id), "prefix": key.prefix},
        agency=key.agency,
        district=key.district,
    )
    key.refresh_from_db()
    return key


@act("web.view_saved")
def save_view(actor: Actor, *, page: str, name: str, query: str) -> SavedView:
    """Keep the filters of the list ``page`` under a name, for the actor alone; the same name is written over.

    query   filters and sorting as in the list's address, without ``?``
    Raises ``Denied`` to who has no account, ``Invalid`` without a name or with too many views.
    """
    own = _own_views(actor, page)
    name = name.strip()[:40]
    if not name:
        raise Invalid({"name": [str(_("请填写视图名称。"))]})
    if own.exclude(name=name).count() >= MOST_VIEWS:
        text = str(_("最多保存 %(count)s 个视图，请先删除不用的。"))
        raise Invalid({"name": [text % {"count": MOST_VIEWS}]})
    view, created = own.get_or_create(
        name=name, defaults={"account_id": account_id(actor), "page": page, "query": query}
    )
    if not created and view.query == query:
        unchanged()
        return view
    view.query = query
    view.save(update_fields=["query"])
    _emit_view(actor, view, "web.view_saved", {"name": name, "query": query})
    return view


@act("web.view_deleted")
def delete_view(actor: Actor, *, page: str, name: str) -> None:
    """Give a view of one's own up; one that is not there changes nothing."""
    view = _own_views(actor, page).filter(name=name).first()
    if view is None:
        unchanged()
        return
    _emit_view(actor, view, "web.view_deleted")
    view.delete()


def _own_views(actor: Actor, page: str) -> QuerySet[SavedView]:
    person = account_id(actor)
    if person is None:
        raise Denied("")
    return SavedView.objects.select_for_update().filter(account=person, page=page)


def _emit_view(actor: Actor, view: SavedView, type_: str, private: dict[str, str] | None = None) -> None:
    data = {"view": str(view.pk), "page": view.page}
    emit(type_, stream=f"views:{actor.id}", subject=f"view:{view.pk}", data=data, private=private)
