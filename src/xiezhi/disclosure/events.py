"""Event types of disclosure. ``data`` holds ids, dates and digests; what is shown stands in ``private``.

What was published is bound by its digest, so that the proof of the signing event shows what was shown, and a
withdrawal can take the words away.
"""

from xiezhi.record.types import Data, event_type


class Due(Data):
    """``source``: the event that made it due; ``due_on`` the last day by ``rule``, counted from ``starts``."""

    publication: str
    kind: str
    subject: str
    source: str
    rule: str
    starts: str
    due_on: str


class SourceChanged(Data):
    """``source``: the event by which the source changed."""

    publication: str
    change: str
    source: str


class Prepared(Data):
    """``corrects`` the version that is public meanwhile; 0: none."""

    publication: str
    version: int
    version_id: str
    corrects: int = 0


class Content(Data):
    title: str
    fields: list[dict[str, str | list[str]]]
    digest: str
    reason: str = ""
    waiver: str = ""


class Returned(Data):
    publication: str
    version: int
    standing: bool


class Reason(Data):
    reason: str


class Signed(Data):
    """``digest``: SHA-256 of what is shown. ``expires_on`` null: no term is set."""

    publication: str
    version: int
    version_id: str
    kind: str
    digest: str
    expires_on: str | None


class Withdrawn(Data):
    """``ground`` is published; the words beside it stand in the private part."""

    publication: str
    version: int
    ground: str


class Expired(Data):
    publication: str
    version: int


class Delivered(Data):
    """``digest`` as the channel acknowledged it; ``receipt`` its reference."""

    delivery: str
    publication: str
    channel: str
    action: str
    digest: str
    receipt: str


class ObjectionReceived(Data):
    objection: str
    publication: str
    version: int
    rule: str
    due_on: str


class ObjectionText(Data):
    name: str
    contact: str
    text: str


class ObjectionAnswered(Data):
    objection: str
    publication: str
    state: str


class Answer(Data):
    answer: str


event_type("disclosure.due", "列入待公示", Due)
event_type("disclosure.source_changed", "公示来源有变", SourceChanged)
event_type("disclosure.stopped", "公示前来源失效", SourceChanged)
event_type("disclosure.prepared", "拟定公示", Prepared, Content)
event_type("disclosure.returned", "退回公示", Returned, Reason)
event_type("disclosure.signed", "签发公示", Signed)
event_type("disclosure.corrected", "更正公示", Signed)
event_type("disclosure.withdrawn", "撤下公示", Withdrawn, Reason)
event_type("disclosure.expired", "公示期满", Expired)
event_type("disclosure.delivered", "公示送达渠道", Delivered)
event_type("disclosure.objection_received", "收到公示异议", ObjectionReceived, ObjectionText)
event_type("disclosure.objection_answered", "答复公示异议", ObjectionAnswered, Answer)
