"""A valid call of every act of the registry, for the walk over all services."""

from datetime import date
from decimal import Decimal

from xiezhi.registry import imports, services, synthetic
from xiezhi.registry.imports import runs
from xiezhi.registry.models import ImportBatch
from xiezhi.registry.tests import builders
from xiezhi.registry.tests.builders import AGENCY, DISTRICT, HEADER, officer, rows, stage

_DAY = date(2028, 1, 1)


def _register_entity():
    facts = {
        "agency": AGENCY,
        "district": DISTRICT,
        "code": synthetic.synthetic_code(1),
        "name": "示例建设〇一有限公司",
    }
    return services.register_entity, (officer(),), facts


def _on_entity(service, **facts):
    def scenario():
        return service, (officer(), builders.entity().id), facts

    return scenario


def _merge():
    first, second = builders.entity(number=1), builders.entity(number=2)
    return services.merge_entities, (officer(), first.id), {"rev": 1, "into": second.id, "reason": "重复登记"}


def _separate():
    _, args, facts = _merge()
    merged = services.merge_entities(*args, **facts)
    return services.separate_entity, (officer(), merged.id), {"rev": merged.rev, "reason": "误合并"}


def _end_person():
    place = services.place_person(officer(), builders.entity().id, role="head", name="示例甲")
    return services.end_person, (officer(), place.id), {"ends": _DAY}


def _correct_site():
    facts = {"name": "示例工地", "latitude": Decimal("32.5"), "longitude": Decimal("119.9"), "datum": "WGS-84"}
    site = services.record_site(officer(), builders.project().id, **facts)
    return services.correct_site, (officer(), site.id), facts | {"rev": 1, "latitude": Decimal("32.6")}


def _register_project():
    facts = {"agency": AGENCY, "district": DISTRICT, "number": "2026-1", "name": "示例家园", "area": 1000}
    return services.register_project, (officer(),), facts


def _on_project(service, **facts):
    def scenario():
        return service, (officer(), builders.project().id), facts

    return scenario


def _add_participant():
    facts = {"entity_id": builders.entity().id, "role": "owner"}
    return services.add_participant, (officer(), builders.project().id), facts


def _end_participant():
    _, args, facts = _add_participant()
    added = services.add_participant(*args, **facts)
    return services.end_participant, (officer(), added.id), {"ends": _DAY}


def _register_permit():
    facts = {
        "agency": AGENCY,
        "district": DISTRICT,
        "kind": "safety",
        "number": "苏JZ安许证字〔示例〕1号",
        "entity_id": builders.entity().id,
        "issuer": "示例厅",
        "issued_on": date(2026, 1, 1),
    }
    return services.register_permit, (officer(),), facts


def _on_permit(service, *before, **facts):
    def scenario():
        permit = builders.permit()
        for step in before:
            permit = step(officer(), permit.id, rev=permit.rev, on=_DAY, reason="示例")
        return service, (officer(), permit.id), {"rev": permit.rev, "on": _DAY} | facts

    return scenario


def _receive():
    batch = stage([HEADER, *rows(1)])
    facts = {
        "agency": AGENCY,
        "district": DISTRICT,
        "source": "登记",
        "filename": "a.csv",
        "sha256": batch.blob_id,
        "size": batch.blob.size,
        "kind": "csv",
        "encoding": "utf-8",
        "headers": HEADER,
        "columns": {},
    }
    return services.receive_file, (officer(),), facts


def _on_batch(service, *, written=0, ended=False, **facts):
    """A staged batch of three rows, of which ``written`` are written; ``ended``: and the import was completed."""

    def scenario():
        batch = stage([HEADER, *rows(3)])
        if written:
            services.apply_rows(officer(), batch.id, after=0, limit=written)
        if ended:
            services.complete_import(officer(), batch.id)
        return service, (officer(), batch.id), facts

    return scenario


def _complete_undo():
    batch = stage([HEADER, *rows(3)])
    imports.apply_batch(officer(), batch.id)
    services.undo_rows(officer(), batch.id, after=0, limit=runs.WRITE_CHUNK)
    return services.complete_undo, (officer(), ImportBatch.objects.get(pk=batch.id).id), {}


def _save_mapping():
    facts = {"agency": AGENCY, "district": DISTRICT, "name": "名录", "source": "登记"}
    return services.save_mapping, (officer(),), facts | {"columns": {"企业": "name", "代码": "code"}}


_SCENARIOS = {
    "entities.register_entity": _register_entity,
    "entities.correct_entity": _on_entity(services.correct_entity, rev=1, address="示例路2号"),
    "entities.change_code": _on_entity(
        services.change_code, rev=1, code=synthetic.synthetic_code(8), begins=date(2026, 1, 1)
    ),
    "merging.merge_entities": _merge,
    "merging.separate_entity": _separate,
    "persons.place_person": _on_entity(
        services.place_person, role="head", name="示例甲", number=builders.RESIDENT
    ),
    "persons.end_person": _end_person,
    "projects.register_project": _register_project,
    "projects.correct_project": _on_project(services.correct_project, rev=1, area=2000),
    "projects.move_project": _on_project(services.move_project, rev=1, state="running"),
    "projects.add_participant": _add_participant,
    "projects.end_participant": _end_participant,
    "sites.record_site": _on_project(
        services.record_site, name="示例工地", latitude=Decimal("32.5"), longitude=Decimal("119.9"), datum="WGS-84"
    ),
    "sites.correct_site": _correct_site,
    "permits.register_permit": _register_permit,
    "permits.change_permit": _on_permit(services.change_permit, content="示例范围"),
    "permits.suspend_permit": _on_permit(services.suspend_permit, reason="示例"),
    "permits.restore_permit": _on_permit(services.restore_permit, services.suspend_permit, reason="示例"),
    "permits.revoke_permit": _on_permit(services.revoke_permit, reason="示例"),
    "permits.expire_permit": _on_permit(services.expire_permit),
    "imports.receive_file": _receive,
    "imports.complete_staging": _on_batch(
        services.complete_staging, columns={"企业名称": "name", "统一社会信用代码": "code"}, marks={}, changes={}
    ),
    "imports.refuse_file": _on_batch(services.refuse_file, reason="示例"),
    "imports.discard_import": _on_batch(services.discard_import),
    "imports.apply_rows": _on_batch(services.apply_rows, after=0),
    "imports.cancel_import": _on_batch(services.cancel_import, written=2),
    "imports.complete_import": _on_batch(services.complete_import, written=3),
    "imports.undo_rows": _on_batch(services.undo_rows, written=3, ended=True, after=0),
    "imports.complete_undo": _complete_undo,
    "imports.save_mapping": _save_mapping,
}
SCENARIOS = {f"xiezhi.registry.services.{name}": scenario for name, scenario in _SCENARIOS.items()}
