"""Event types of the record itself."""

from .types import Data, event_type


class BodyErased(Data):
    """``ground`` cites the rule that asks for it; ``approver`` is the id of an account; ``whole``: public data too."""

    event: str
    ground: str
    approver: str
    whole: bool


class KeyRotated(Data):
    """``key`` is the new key's id (or, for signing keys, its public form); ``rewrapped`` counts rows."""

    key: str
    rewrapped: int


class KeysForgotten(Data):
    """Ids of the wrapping keys that were destroyed; ``rewrapped`` counts rows that had still to be rewrapped."""

    keys: list[str]
    rewrapped: int


class SensitiveRead(Data):
    """Who read is the event's actor. ``fields`` are names, never values."""

    fields: list[str]
    purpose: str


class StateRepaired(Data):
    """``columns`` of the row ``key`` of ``model`` were written anew from the events; names, never values."""

    model: str
    key: str
    columns: list[str]


class Checked(Data):
    """The record was recomputed up to ``size`` events; ``tile`` is where the first of ``faults`` lies, or empty."""

    size: int
    root: str
    faults: int
    tile: str


event_type("record.checked", "核对全过程记录", Checked)
event_type("record.state_repaired", "按记录修复派生数据", StateRepaired)
event_type("record.body_erased", "抹除记录内容", BodyErased)
event_type("record.wrapping_key_rotated", "更换数据加密密钥", KeyRotated)
event_type("record.wrapping_keys_forgotten", "销毁旧的数据加密密钥", KeysForgotten)
event_type("record.signing_key_rotated", "更换封存签名密钥", KeyRotated)
event_type("record.sensitive_read", "查阅敏感信息", SensitiveRead)
