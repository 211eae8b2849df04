"""What import-linter cannot see: relations of models, dependencies of migrations, template tags and templates."""

import re
import tomllib
from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

import xiezhi

SOURCE = Path(xiezhi.__file__).parent
ROOT = SOURCE.parent.parent


def order() -> list[str]:
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    return contract["layers"]


RANK = {name: rank for rank, name in enumerate(order())}
OURS = {app.label: app.name.split(".")[1] for app in apps.get_app_configs() if app.name.startswith("xiezhi.")}


def points_up(source: str, target: str) -> bool:
    return RANK[OURS[source]] > RANK[OURS[target]]


def test_every_app_has_a_place_in_the_order():
    assert set(OURS.values()) <= set(RANK)


def test_relations_of_models_point_down():
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model
        if field.related_model._meta.app_label in OURS
        if points_up(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert not wrong


def test_people_documents_evidence_and_record_name_no_business_by_foreign_key():
    business = {"registry", "inspection"}
    for label in ("people", "documents", "record"):
        for model in apps.get_app_config(label).get_models():
            targets = {f.related_model._meta.app_label for f in model._meta.get_fields() if f.many_to_one}
            assert not targets & business


def test_migrations_depend_downwards():
    wrong = [
        f"{key} -> {dependency}"
        for key, migration in MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()
        if key[0] in OURS
        for dependency in migration.dependencies
        if dependency[0] in OURS and points_up(key[0], dependency[0])
    ]
    assert not wrong


def test_templates_extend_include_and_load_downwards():
    wrong = []
    for path in SOURCE.rglob("templates/**/*.html"):
        owner = path.relative_to(SOURCE).parts[0]
        used = set(re.findall(r"{%\s*(?:extends|include)\s+[\"']([\w-]+)/", path.read_text())) & set(RANK)
        wrong += [f"{path.relative_to(SOURCE)} uses {name}" for name in used if RANK[owner] > RANK[name]]
    assert not wrong
