"""A valid call of every act, for the walk over all services."""

import io
from datetime import date

from xiezhi import clock
from xiezhi.documents import gate, services
from xiezhi.documents.tests import desk
from xiezhi.people import flow
from xiezhi.people import services as people
from xiezhi.people.approval_kinds import INSPECTION
from xiezhi.people.tests import house


def _built(prepare):
    def call():
        desk.build()
        return prepare()

    return call


def _load():
    return services.load_builtin_templates, (desk.SETUP,), {}


def _draft():
    given = {"template": desk.template(), "agency": desk.SQUAD, "title": "示例检查", "values": desk.sample()}
    return services.draft_document, (desk.actor(desk.LIN),), given


def _save():
    row = desk.drafted()
    return services.save_draft, (desk.actor(desk.LIN), row.id), {"values": {}, "rev": row.rev}


def _ask():
    people.adopt_route(
        desk.SETUP,
        kind=INSPECTION,
        agency=desk.BODY,
        steps=(flow.Step("支队长批准", ("detachment_head",)),),
        source="示例〔2026〕2号",
        valid_from=date(2026, 1, 1),
    )
    row = desk.drafted("inspection_approval")
    return services.ask_approval, (desk.actor(desk.LIN), row.id), {"rev": row.rev, "text": "请审批。"}


def _sign():
    row = desk.drafted()
    return services.sign_document, (desk.actor(desk.LIN), row.id), {"rev": row.rev}


def _issue():
    row = desk.sealed()
    return services.issue_document, (desk.actor(desk.LIN), row.id), {"rev": row.rev}


def _void():
    row = desk.signed()
    return services.void_document, (desk.actor(desk.LIN), row.id), {"rev": row.rev, "reason": "写错对象"}


def _correct():
    row = desk.signed()
    return services.correct_document, (desk.actor(desk.LIN), row.id), {"rev": row.rev}


def _reserve():
    given = {"template": desk.template(), "agency": desk.BODY, "reason": "纸质文书补录"}
    return services.reserve_number, (desk.actor(desk.FA),), given


def _void_number():
    (row,) = services.reserve_number(
        desk.actor(desk.FA), template=desk.template(), agency=desk.BODY, reason="补录"
    )
    return services.void_number, (desk.actor(desk.FA), row.id), {"rev": row.rev, "reason": "不再需要"}


def _blank():
    given = {"template": desk.template(), "agency": desk.BODY, "holder": house.account(desk.LIN)}
    return services.issue_blank, (desk.actor(desk.FA),), given


def _return():
    row = desk.blank()
    return services.return_blank, (desk.actor(desk.FA), row.id), {"rev": row.rev}


def _use():
    row = desk.blank()
    given = {
        "rev": row.rev,
        "title": "示例检查",
        "signed_on": gate.day_of(clock.now()),
        "scan": io.BytesIO(desk.PDF),
    }
    return services.use_blank, (desk.actor(desk.FA), row.id), given


def _request():
    row = desk.signed()
    return services.request_seal, (desk.actor(desk.LIN), row.id), {"rev": row.rev, "purpose": "送达"}


def _register():
    row = desk.requested()
    return services.register_seal, (desk.actor(desk.FA), row.id), {"rev": row.rev, "seal_name": "示例支队公章"}


def _scan():
    row = desk.registered()
    return services.return_scan, (desk.actor(desk.FA), row.id), {"rev": row.rev, "scan": io.BytesIO(desk.PDF)}


def _edit():
    return services.draft_template, (desk.actor(desk.FA),), desk.local()


def _publish():
    row = services.draft_template(desk.actor(desk.FA), **desk.local())
    return (
        services.publish_template,
        (desk.actor(desk.ZHI), row.id),
        {
            "rev": row.rev,
            "valid_from": gate.day_of(clock.now()),
        },
    )


_BY_FUNCTION = {
    services.draft_document: _built(_draft),
    services.save_draft: _built(_save),
    services.ask_approval: _built(_ask),
    services.sign_document: _built(_sign),
    services.issue_document: _built(_issue),
    services.void_document: _built(_void),
    services.correct_document: _built(_correct),
    services.reserve_number: _built(_reserve),
    services.void_number: _built(_void_number),
    services.issue_blank: _built(_blank),
    services.return_blank: _built(_return),
    services.use_blank: _built(_use),
    services.request_seal: _built(_request),
    services.register_seal: _built(_register),
    services.return_scan: _built(_scan),
    services.draft_template: _built(_edit),
    services.publish_template: _built(_publish),
    services.load_builtin_templates: _load,
}
SCENARIOS = {f"{service.__module__}.{service.__name__}": prepare for service, prepare in _BY_FUNCTION.items()}
