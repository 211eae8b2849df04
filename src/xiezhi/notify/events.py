"""Event types of messages that leave the house. Addresses are private; texts are not in the record at all."""

from xiezhi.record.types import Data, event_type


class Ordered(Data):
    """``content_hash`` is SHA-256 (hex) of what was to be said; ``sendable``: a server or service was set."""

    message: str
    channel: str
    key: str
    about: str
    content_hash: str
    sendable: bool


class Address(Data):
    """Where to: a mail address or a mobile number."""

    address: str


class Delivered(Data):
    """``reference``: the mail's Message-ID or the number the SMS service gave."""

    message: str
    reference: str
    attempts: int


class GivenUp(Data):
    """Why it did not go out."""

    message: str
    reason: str
    attempts: int


class Requeued(Data):
    """It is tried again on someone's order."""

    message: str


event_type("notify.ordered", "提交外发消息", Ordered, Address)
event_type("notify.sent", "外发消息已发送", Delivered)
event_type("notify.failed", "外发消息发送失败", GivenUp)
event_type("notify.requeued", "重新发送外发消息", Requeued)
