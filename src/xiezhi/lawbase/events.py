"""Event types of law as configuration. Payloads travel as JSON text: catalogue amounts may have decimals."""

from xiezhi.record.types import Data, event_type


class KindLoaded(Data):
    """How many rows of a kind a release added, changed, or offered where the office keeps its own."""

    kind: str
    added: int
    changed: int
    held: int


class ReleaseLoaded(Data):
    """The data files of a version of the program. ``digest`` covers all rows."""

    kinds: list[KindLoaded]
    digest: str


class Confirmed(Data):
    """A jurist found a 待核 version right; see ``models.Confirmation``."""

    confirmation: str
    item: str
    kind: str
    code: str
    scope: str
    version: int
    digest: str
    citation: str
    source_text: str
    consulted_on: str
    remark: str


class ConfirmationWithdrawn(Data):
    """The confirmation no longer stands; the item is 待核 again."""

    confirmation: str
    item: str
    reason: str


class Entered(Data):
    """A version that the office entered. ``superseded`` is the id of the version it ends, or empty."""

    item: str
    superseded: str
    kind: str
    code: str
    scope: str
    version: int
    payload: str
    valid_from: str
    reason: str


class Withdrawn(Data):
    """A version that should never have been entered; it counts for no day."""

    item: str
    kind: str
    code: str
    reason: str


class CalendarLoaded(Data):
    """The working days changed; upper apps recompute the dates that ``changed`` (ISO) may move.

    ``before`` and ``after`` are versions of the calendar, which every computed date carries.
    """

    year: int
    number: str
    item: str
    before: str
    after: str
    changed: list[str]


event_type("lawbase.release_loaded", "载入法规数据", ReleaseLoaded)
event_type("lawbase.figure_confirmed", "核定待核内容", Confirmed)
event_type("lawbase.confirmation_withdrawn", "撤回核定", ConfirmationWithdrawn)
event_type("lawbase.figure_corrected", "更正法规内容", Entered)
event_type("lawbase.item_added", "增加法规内容", Entered)
event_type("lawbase.item_withdrawn", "撤销法规内容", Withdrawn)
event_type("lawbase.calendar_loaded", "更新工作日历", CalendarLoaded)
