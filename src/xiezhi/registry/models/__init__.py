"""Entities, persons, projects, permits, sites, where each fact comes from, and the imports that bring them."""

from .entities import CodeKind, Entity, EntityCode, EntityKind, EntityName, EntityPerson, EntityState, Person
from .imports import ColumnMapping, ImportBatch, ImportRow
from .permits import Permit, PermitKind
from .projects import Participant, Project, Role, Site
from .sources import SourceRecord

__all__ = [
    "CodeKind",
    "ColumnMapping",
    "Entity",
    "EntityCode",
    "EntityKind",
    "EntityName",
    "EntityPerson",
    "EntityState",
    "ImportBatch",
    "ImportRow",
    "Participant",
    "Permit",
    "PermitKind",
    "Person",
    "Project",
    "Role",
    "Site",
    "SourceRecord",
]
