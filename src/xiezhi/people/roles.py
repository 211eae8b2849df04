"""The roles that an installation begins with. They are data afterwards: ``services.define_role`` changes them.

Reading goes with every role of the house; no role holds everything, and the administrator of accounts neither
decides cases nor runs draws.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class DefaultRole:
    """``code`` is stable and named by approval routes; ``name`` is Chinese source text."""

    code: str
    name: str
    abilities: frozenset[str]


_READ = frozenset(
    {
        "people.read",
        "registry.read",
        "lawbase.read",
        "inspection.read",
        "approval.read",
        "documents.read",
        "disclosure.read",
    }
)
_WRITE = frozenset({"documents.draft", "documents.sign"})
_SUBMIT = frozenset({"approval.submit"})
_LEAD = (
    _READ
    | _SUBMIT
    | {
        "registry.read_personal",
        "documents.read_private",
        "people.read_private",
        "people.grant",
        "approval.authorise",
        "record.read",
        "jobs.read",
    }
)
_LEGAL = _READ | _SUBMIT | {"registry.read_personal", "record.read", "oversight.read"}

DEFAULT_ROLES: tuple[DefaultRole, ...] = (
    DefaultRole(
        "administrator",
        _("系统管理员"),
        frozenset(
            {
                "people.read",
                # Keys hold no more than who issues them: without it no program could read the registry.
                "registry.read",
                "people.manage_agencies",
                "people.manage_accounts",
                "people.manage_roles",
                "people.assign_roles",
                "people.manage_officers",
                "people.manage_letters",
                "people.manage_routes",
                "lawbase.read",
                "lawbase.manage",
                "record.read",
                "record.rotate_keys",
                "record.alarm",
                "jobs.read",
                "jobs.cancel",
                "notify.read",
                "notify.requeue",
                "api.manage_keys",
            }
        ),
    ),
    DefaultRole(
        "officer",
        _("执法人员"),
        _READ
        | _SUBMIT
        | _WRITE
        | {
            "registry.read_personal",
            "documents.read_private",
            "inspection.visit",
            "casework.investigate",
            "casework.serve",
            "people.grant",
        },
    ),
    DefaultRole(
        "squad_leader",
        _("大队长"),
        _LEAD
        | _WRITE
        | {
            "inspection.plan",
            "inspection.read_released",
            "inspection.review",
            "inspection.visit",
            "disclosure.prepare",
            "casework.investigate",
            "casework.serve",
        },
    ),
    DefaultRole(
        "detachment_legal",
        _("支队法制"),
        _LEGAL
        | {
            "inspection.witness",
            "disclosure.sign",
            "disclosure.objections",
            "documents.templates",
            "documents.numbers",
            "documents.seal",
            "documents.read_private",
        },
    ),
    DefaultRole(
        "detachment_head",
        _("支队长"),
        _LEAD
        | _WRITE
        | {
            "documents.publish_templates",
            "inspection.plan",
            "inspection.draw",
            "inspection.publish",
            "inspection.open_names",
            "inspection.read_names",
            "inspection.read_released",
            "inspection.review",
            "disclosure.sign",
            "disclosure.objections",
        },
    ),
    DefaultRole("bureau_legal", _("局法规处"), _LEGAL | {"inspection.witness", "people.manage_letters"}),
    DefaultRole("deputy_director", _("分管局长"), _LEAD | {"oversight.read"}),
    DefaultRole("director", _("局长"), _LEAD | {"oversight.read"}),
    DefaultRole("jurist", _("法制员"), _LEGAL | {"lawbase.manage", "lawbase.confirm"}),
    DefaultRole(
        "data_steward",
        _("数据管理员"),
        frozenset(
            {
                "registry.read",
                "registry.edit",
                "registry.import",
                "registry.read_personal",
                "jobs.cancel",
                "lawbase.read",
                "inspection.read",
                "jobs.read",
            }
        ),
    ),
    DefaultRole(
        "draw_organiser",
        _("抽取组织员"),
        _READ
        | _SUBMIT
        | {
            "inspection.plan",
            "inspection.draw",
            "inspection.publish",
            "inspection.open_names",
            "disclosure.prepare",
            "jobs.cancel",
            "jobs.read",
        },
    ),
    DefaultRole("overseer", _("监督员"), _READ | {"record.read", "record.alarm", "oversight.read", "jobs.read"}),
)
