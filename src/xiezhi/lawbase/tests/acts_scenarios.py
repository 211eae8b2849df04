"""A valid call of every service of lawbase, for the walk over all acts."""

from datetime import date

from xiezhi.core.actor import system
from xiezhi.lawbase import services
from xiezhi.lawbase.models import Kind, LawItem

ACTOR = system("test")
CITED = {
    "citation": "《住房和城乡建设行政处罚程序规定》（住建部令第55号）第十七条",
    "source_text": "应当自发现线索之日起十五个工作日内予以核查。",
    "consulted_on": date(2026, 1, 5),
}
NOTICE = {
    "year": 2027,
    "number": "国办发明电〔2026〕0号",
    "issued": "2026-11-20",
    "title": "关于2027年部分节假日安排的通知（样例）",
    "verified": False,
    "days_off": [
        {"name": "元旦", "from": "2027-01-01", "to": "2027-01-03"},
        {"name": "春节", "from": "2027-02-05", "to": "2027-02-11"},
        {"name": "清明节", "from": "2027-04-03", "to": "2027-04-05"},
        {"name": "劳动节", "from": "2027-05-01", "to": "2027-05-05"},
        {"name": "端午节", "from": "2027-06-09", "to": "2027-06-09"},
        {"name": "中秋节", "from": "2027-09-15", "to": "2027-09-15"},
        {"name": "国庆节", "from": "2027-10-01", "to": "2027-10-07"},
    ],
    "workdays": ["2027-02-20", "2027-05-08", "2027-10-09"],
}
FIGURE = {
    "key": "hearing.large_fine_organisation",
    "name": "听证：对法人或者其他组织较大数额罚款的起点",
    "value": 50000,
    "unit": "yuan",
    "article": "示例市听证程序规定第三条",
    "scope": "3212",
    "valid_from": date(2026, 1, 1),
    "reason": "本市规定",
}


def loaded(kind: str, code: str) -> LawItem:
    """The current version of a row, the release being loaded first."""
    services.load_release(ACTOR)
    return LawItem.objects.current().get(kind=kind, code=code)


def corrected(**changes):
    """A call that corrects ``clue_check``."""
    old = loaded(Kind.DEADLINE, "clue_check")
    payload = {**old.payload, **(changes or {"length": 20})}
    kwargs = {"payload": payload, "valid_from": date(2026, 6, 1), "reason": "与原文核对"}
    return services.correct_item, (ACTOR, old.pk), kwargs


def _confirmed():
    return services.confirm_item(ACTOR, loaded(Kind.DEADLINE, "clue_check").pk, **CITED)


def _add():
    new = {**loaded(Kind.MASKING, "witness").payload, "key": "expert", "name": "评审专家"}
    kwargs = {"kind": Kind.MASKING, "payload": new, "scope": "", "valid_from": date(2026, 6, 1), "reason": "新增"}
    return services.add_item, (ACTOR,), kwargs


def _set():
    services.load_release(ACTOR)
    return services.set_figure, (ACTOR,), FIGURE


def _notice():
    services.load_release(ACTOR)
    return services.load_notice, (ACTOR, NOTICE), {}


def _withdraw_notice():
    services.load_release(ACTOR)
    return services.withdraw_notice, (ACTOR, services.load_notice(ACTOR, NOTICE).pk), {"reason": "录入有误"}


SCENARIOS = {
    "xiezhi.lawbase.services.releases.load_release": lambda: (services.load_release, (ACTOR,), {}),
    "xiezhi.lawbase.services.entries.correct_item": corrected,
    "xiezhi.lawbase.services.entries.add_item": _add,
    "xiezhi.lawbase.services.entries.set_figure": _set,
    "xiezhi.lawbase.services.confirmations.confirm_item": lambda: (
        services.confirm_item,
        (ACTOR, loaded(Kind.DEADLINE, "clue_check").pk),
        CITED,
    ),
    "xiezhi.lawbase.services.confirmations.withdraw_confirmation": lambda: (
        services.withdraw_confirmation,
        (ACTOR, _confirmed().pk),
        {"reason": "引用的是旧文本"},
    ),
    "xiezhi.lawbase.services.calendars.load_notice": _notice,
    "xiezhi.lawbase.services.calendars.withdraw_notice": _withdraw_notice,
}
