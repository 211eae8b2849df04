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


event_type("web.key_issued", "签发接口密钥", KeyIssued)
event_type("web.key_revoked", "吊销接口密钥", KeyRevoked)
