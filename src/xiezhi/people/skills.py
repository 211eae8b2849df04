"""What officers are trained for: codes with their Chinese names. A code that is not here is stored and shown as it is."""

from collections.abc import Iterable

from django.utils.translation import gettext, gettext_noop

SKILLS: dict[str, str] = {
    "quality": gettext_noop("工程质量"),
    "safety": gettext_noop("施工安全"),
    "hazardous-works": gettext_noop("危险性较大的分部分项工程"),
    "tower-crane": gettext_noop("建筑起重机械"),
    "market": gettext_noop("建筑市场"),
    "testing": gettext_noop("质量检测"),
    "fire": gettext_noop("消防设计审查验收"),
    "energy": gettext_noop("建筑节能"),
    "seismic": gettext_noop("抗震设防"),
}


def named(code: str) -> str:
    """Its name in the language of the page; the code itself where it has none."""
    return gettext(SKILLS[code]) if code in SKILLS else code


def listed(codes: Iterable[str]) -> str:
    """Their names in one line, for people."""
    return "、".join(named(code) for code in codes)


def choices(stored: Iterable[str] = ()) -> list[tuple[str, str]]:
    """(code, name) of all, and of those ``stored`` for someone that have no name here, so that saving loses none."""
    return [(code, named(code)) for code in (*SKILLS, *(code for code in stored if code not in SKILLS))]
