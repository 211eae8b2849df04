"""Event types of ``web``."""

from xiezhi.record.types import Data, event_type


class KeyIssued(Data):
    key: str
    prefix: str
    name: str
    scopes: list[str]
    expires_at: str


class KeyRevoked(Data):
    key: str
    prefix: str


class ViewSaved(Data):
    view: str
    page: str


class ViewPrivate(Data):
    name: str
    query: str


event_type("web.key_issued", "签发接口密钥", KeyIssued)
event_type("web.key_revoked", "吊销接口密钥", KeyRevoked)
# A filter may hold a person's name, and so may what a reader calls it.
event_type("web.view_saved", "保存列表视图", ViewSaved, ViewPrivate)
event_type("web.view_deleted", "删除列表视图", ViewSaved)
