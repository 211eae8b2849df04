"""What drawn inspections keep, a file a matter. Columns named in ``projections`` are written by events only."""

from .draws import (
    Draw,
    DrawBundle,
    DrawExclusion,
    DrawnTarget,
    DrawNumber,
    RosterEntry,
    SourceValue,
    TargetRoster,
)
from .items import READ, InspectionItem
from .plans import Plan, PlanLine, Trigger
from .results import Checklist, TaskResult
from .tasks import Task, TaskOfficer, TaskTarget

__all__ = [
    "READ",
    "Checklist",
    "Draw",
    "DrawBundle",
    "DrawExclusion",
    "DrawNumber",
    "DrawnTarget",
    "InspectionItem",
    "Plan",
    "PlanLine",
    "RosterEntry",
    "SourceValue",
    "TargetRoster",
    "Task",
    "TaskOfficer",
    "TaskResult",
    "TaskTarget",
    "Trigger",
]
