"""The event types of the registry. Names, codes and typed facts are private: they may be a person's."""

from typing import Literal

from django.utils.translation import gettext_noop as _
from pydantic import Field

from xiezhi.record.types import Data, event_type

Scalar = str | int | None
Facts = dict[str, Scalar]
Changes = dict[str, tuple[Scalar, Scalar]]


class Registered(Data):
    """``id`` of the row that was made; ``source`` is who said so."""

    id: str
    source: str = ""


class Stated(Data):
    facts: Facts


class Corrected(Data):
    """``columns`` that changed; their values are private."""

    id: str
    columns: list[str]
    source: str = ""


class Altered(Data):
    changes: Changes


class CodeChanged(Data):
    id: str
    kind: str


class Merged(Data):
    """``merged`` went into ``into``."""

    merged: str
    into: str
    reason: str


class Separated(Data):
    """A merge taken back: ``separated`` no longer points at ``out_of``."""

    separated: str
    out_of: str
    reason: str


class PersonPlaced(Data):
    entity: str
    person: str
    role: str


class PersonEnded(PersonPlaced):
    on: str


class ParticipantChanged(Data):
    project: str
    participant: str
    entity: str
    role: str
    section: str = ""
    on: str | None = None


class ProjectMoved(Data):
    id: str
    state: str
    reason: str = ""


class SiteRecorded(Data):
    """Coordinates in millionths of a degree, WGS-84."""

    id: str
    project: str
    latitude: int
    longitude: int
    datum: str


class PermitMoved(Data):
    """A step in a permit's life: why, by which document, from which day."""

    id: str
    reason: str
    document: str = ""
    on: str


class PermitChanged(Data):
    """``state``: what an extension made of an expired permit; None: as it was."""

    id: str
    columns: list[str]
    valid_until: str | None
    document: str = ""
    on: str
    state: str | None = None


class ImportReceived(Data):
    batch: str
    source: str
    filename: str
    sha256: str
    size: int
    target: str = "entity"


class ImportStaged(Data):
    """What the dry run found; ``columns`` by the number of rows that would change them."""

    batch: str
    rows: dict[str, int]
    marks: dict[str, int]
    changes: dict[str, int]
    mapping: str = Field(description="SHA-256 of the canonical mapping")


class ImportEnded(Data):
    batch: str
    reason: str = ""


class ImportedRow(Data):
    """One row of a chunk: the hash of what it states, the entity it made, changed or confirmed."""

    hash: str
    entity: str
    outcome: Literal["new", "changed", "confirmed", "shifted"]


class RowsApplied(Data):
    batch: str
    through: int
    rows: list[ImportedRow]


class UndoneRow(Data):
    hash: str
    entity: str
    result: Literal["undone", "kept"]
    why: str = ""


class RowsUndone(Data):
    batch: str
    through: int
    rows: list[UndoneRow]


class ImportCounted(Data):
    batch: str
    counts: dict[str, int]


class MappingSaved(Data):
    mapping: str
    name: str


event_type("registry.entity_registered", _("登记市场主体"), Registered, Stated)
event_type("registry.entity_corrected", _("更正市场主体信息"), Corrected, Altered)
event_type("registry.entity_code_changed", _("变更主体代码"), CodeChanged, Altered)
event_type("registry.entities_merged", _("合并市场主体"), Merged)
event_type("registry.entities_separated", _("撤销合并市场主体"), Separated)
event_type("registry.person_placed", _("登记主体人员"), PersonPlaced)
event_type("registry.person_ended", _("主体人员离任"), PersonEnded)
event_type("registry.project_registered", _("登记工程项目"), Registered, Stated)
event_type("registry.project_corrected", _("更正工程项目信息"), Corrected, Altered)
event_type("registry.project_moved", _("变更工程项目状态"), ProjectMoved)
event_type("registry.participant_added", _("登记参建单位"), ParticipantChanged)
event_type("registry.participant_ended", _("参建单位退出"), ParticipantChanged)
event_type("registry.site_recorded", _("登记工地"), SiteRecorded)
event_type("registry.site_corrected", _("更正工地信息"), SiteRecorded)
event_type("registry.permit_registered", _("登记许可"), Registered, Stated)
event_type("registry.permit_changed", _("许可变更"), PermitChanged, Altered)
event_type("registry.permit_suspended", _("许可暂扣"), PermitMoved)
event_type("registry.permit_restored", _("许可恢复"), PermitMoved)
event_type("registry.permit_revoked", _("许可撤销或吊销"), PermitMoved)
event_type("registry.permit_expired", _("许可到期"), PermitMoved)
event_type("registry.import_received", _("接收导入文件"), ImportReceived)
event_type("registry.import_staged", _("完成导入预演"), ImportStaged)
event_type("registry.import_refused", _("导入文件有误"), ImportEnded)
event_type("registry.import_discarded", _("放弃导入"), ImportEnded)
event_type("registry.import_rows_applied", _("写入导入数据"), RowsApplied)
event_type("registry.import_cancelled", _("中止导入"), ImportEnded)
event_type("registry.import_applied", _("完成导入"), ImportCounted)
event_type("registry.import_rows_undone", _("撤销导入数据"), RowsUndone)
event_type("registry.import_undone", _("完成撤销导入"), ImportCounted)
event_type("registry.mapping_saved", _("保存列对应关系"), MappingSaved)
