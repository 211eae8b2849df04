"""Checklists and findings as they are typed: read, and held against each other. Plain values; no database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from xiezhi.core.errors import Invalid

from .codes import Answer, Outcome
from .texts import is_text

AT_MOST = 300
# Outcomes that rest on something found, and those where nobody could look.
WITH_FINDINGS = (Outcome.FIXED, Outcome.RECTIFY, Outcome.STOP, Outcome.TRANSFER)
UNSEEN = (Outcome.UNCOOPERATIVE, Outcome.ENDED, Outcome.UNREACHABLE, Outcome.REFUSED)


def sections(given: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The sections of a checklist.

    :raises Invalid: ``sections``: no check, too many, one without code or text, a code twice
    """
    read = [
        {
            "title": str(section.get("title") or "").strip(),
            "checks": [_check(check) for check in section.get("checks") or ()],
        }
        for section in given
    ]
    listed = [check for section in read for check in section["checks"]]
    faults = [_("第 %(number)s 节没有标题。") % {"number": n} for n, one in enumerate(read, 1) if not one["title"]]
    faults += [
        _("第 %(number)s 项须有编号和检查内容。") % {"number": number}
        for number, check in enumerate(listed, 1)
        if not (is_text(check["code"]) and is_text(check["text"]))
    ]
    if not 0 < len(listed) <= AT_MOST:
        faults.append(_("检查表须有 1 至 %(most)s 项。") % {"most": AT_MOST})
    codes = [check["code"] for check in listed]
    faults += [
        _("编号 %(code)s 重复。") % {"code": code} for code in sorted({c for c in codes if codes.count(c) > 1})
    ]
    if faults:
        raise Invalid({"sections": faults[:50]})
    return read


def _check(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "code": str(given.get("code") or "").strip(),
        "text": str(given.get("text") or "").strip(),
        "basis": str(given.get("basis") or "").strip(),
        "required": bool(given.get("required", True)),
    }


def parse(text: str) -> list[dict[str, Any]]:
    """Sections from lines as a form takes them: ``# title``, then ``code | text | basis`` (basis may be left out)."""
    found: list[dict[str, Any]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith(("#", "＃")):
            found.append({"title": line[1:].strip(), "checks": []})
            continue
        if not found:
            found.append({"title": _("检查内容"), "checks": []})
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        found[-1]["checks"].append(dict(zip(("code", "text", "basis"), [*parts, ""], strict=False)))
    return found


def written(given: Iterable[Mapping[str, Any]]) -> str:
    """The lines that :func:`parse` reads."""
    lines = []
    for section in given:
        lines.append(f"# {section['title']}")
        lines += [
            " | ".join(filter(None, (check["code"], check["text"], check["basis"]))) for check in section["checks"]
        ]
    return "\n".join(lines)


def checks(given: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Every check of some sections."""
    for section in given:
        yield from section["checks"]


def faults(
    lists: Mapping[str, Sequence[Mapping[str, Any]]],
    outcome: str,
    answers: Mapping[str, Mapping[str, str]],
    findings: Sequence[Mapping[str, str]],
    notes: str,
) -> dict[str, list[str]]:
    """What is wrong with a result: field → texts.

    lists   checklist id → its sections
    """
    wrong: dict[str, list[str]] = {}
    if outcome not in Outcome.values:
        return {"outcome": [_("请选择检查结果。")]}
    if any(not is_text(one.get("text", "")) for one in findings):
        wrong["findings"] = [_("每个问题都须写明内容。")]
    elif outcome in WITH_FINDINGS and not findings:
        wrong["findings"] = [
            _("结果为“%(outcome)s”的，须逐条登记发现的问题。") % {"outcome": Outcome(outcome).label}
        ]
    elif outcome == Outcome.CLEAN and findings:
        wrong["findings"] = [_("登记了问题，结果就不能是“未发现问题”。")]
    if outcome in UNSEEN:
        if not is_text(notes):
            wrong["notes"] = [_("请写明经过，例如何时到场、如何联系、对方如何答复。")]
        return wrong
    said = list(_answers(lists, answers))
    missing = [code for code, required, answer in said if required and answer not in Answer.values]
    if missing:
        wrong["answers"] = [_("检查表还有未填的项目：%(codes)s。") % {"codes": "、".join(missing[:20])}]
    elif outcome == Outcome.CLEAN and _failed(said):
        wrong["outcome"] = [_("检查表中有“不符合”的项目，结果就不能是“未发现问题”。")]
    elif outcome in WITH_FINDINGS and findings and said and not (is_text(notes) or _failed(said)):
        # Something outside the list may be found; then the notes say so.
        wrong["answers"] = [
            _("登记了问题，检查表中就须有“不符合”的项目；问题不在检查表之内的，请在“经过与说明”中写明。")
        ]
    return wrong


def _failed(said: Sequence[tuple[str, bool, str]]) -> bool:
    return any(answer == Answer.FAIL for _code, _required, answer in said)


def _answers(
    lists: Mapping[str, Sequence[Mapping[str, Any]]], answers: Mapping[str, Mapping[str, str]]
) -> Iterator[tuple[str, bool, str]]:
    for key, given in lists.items():
        for check in checks(given):
            yield check["code"], check["required"], answers.get(key, {}).get(check["code"], "")


def kept(
    lists: Mapping[str, Sequence[Mapping[str, Any]]], answers: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, str]]:
    """The answers that belong to a check; nothing else is stored."""
    return {
        key: {
            check["code"]: answers[key][check["code"]]
            for check in checks(given)
            if answers.get(key, {}).get(check["code"]) in Answer.values
        }
        for key, given in lists.items()
    }


def read_findings(text: str) -> list[dict[str, str]]:
    """Findings from lines as a form takes them: ``what was found | basis | measure``; the last two may be left out."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        found.append(dict(zip(("text", "basis", "measure"), [*parts, "", ""], strict=False)))
    return found


def written_findings(given: Iterable[Mapping[str, str]]) -> str:
    """The lines that :func:`read_findings` reads."""
    return "\n".join(" | ".join(filter(None, (one["text"], one["basis"], one["measure"]))) for one in given)
