"""``xiezhi law due`` and ``xiezhi law rules``: limits of time, counted and explained. No Django."""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import date, datetime
from difflib import get_close_matches

from xiezhi.core.calendar import SHANGHAI, Span
from xiezhi.core.law import Deadline, Mark, Rule, Uncountable, Unit, dated, due
from xiezhi.lawbase.files import calendar, deadlines

from .given import whole

EXIT_OK, EXIT_NO_DATE = 0, 2
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?")
_DESCRIPTION = """\
Line 1 is the date alone (with HH:MM for rules in hours). All times are those of China (+08:00); a start with
another offset is converted, and standard error says so. Lines after line 1 are tab-separated:
  至秒    the moment to the second, where --from has seconds: line 1 names the minute it lies in
  未顺延  the last day before it moved on to a working day
  不扣除  the date had nothing been excluded
  从严    the date to work by while an exclusion or extension is still to be checked
  待核    the date, and what about the rule is still to be checked against the official text
  预估    the date, and the years whose notice on holidays is not loaded
  说明    one step of the explanation
The day of the event is not counted. A limit whose last day is no working day moves on to the next one;
查封扣押, waits, keeping periods, maxima, accruals and rules in hours do not."""
_WHY_NUMBERLESS = {
    Unit.PROMPTLY: "the law says only that it be done promptly",
    Unit.CLOCK: "the law gives fixed times of the clock",
    Unit.WITHIN_DECISION_LIMIT: "it runs inside the limit of the rule `decision`",
}


class Problem(ValueError):
    """What was given on the command line yields no date; the text says why."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Hang ``law`` with ``due`` and ``rules`` under the program's parser."""
    law = subparsers.add_parser("law", help="limits of time in the law")
    acts = law.add_subparsers(required=True, metavar="due|rules")
    count = acts.add_parser(
        "due",
        help="when a limit ends",
        description=_DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    count.add_argument("rule", metavar="RULE", help="id of a rule, see `xiezhi law rules`")
    count.add_argument(
        "--from", dest="start", metavar="DATE", required=True, help="2026-03-02, or 2026-03-02T10:30"
    )
    count.add_argument(
        "--exclude", action="append", default=[], metavar="A..B", help="days not counted, both ends included"
    )
    count.add_argument("--extended", type=whole, default=0, metavar="N", help="extensions granted, in their order")
    count.set_defaults(run=run_due)
    acts.add_parser("rules", help="list all rules, one a line").set_defaults(run=run_rules)


def run_due(options: argparse.Namespace) -> int:
    """Print when the rule ends; exit 2 with a sentence if no date follows."""
    try:
        rule = _rule(options.rule)
        start = _start(options.start)
        if rule.unit is Unit.HOUR and not isinstance(start, datetime):
            raise Problem(f"{rule.id} is counted in hours: give --from with a time, e.g. {options.start}T10:30")
        exclusions = [_span(text) for text in options.exclude]
        found = due(rule, start, calendar(), exclusions, options.extended)
    except (Problem, Uncountable) as error:
        print(f"xiezhi law due: {error}", file=sys.stderr)
        return EXIT_NO_DATE
    if isinstance(start, datetime) and start.utcoffset() not in (None, SHANGHAI.utcoffset(None)):
        here = dated(found.start, start.astimezone(SHANGHAI))
        said = f"--from {options.start!r} is {here} in China (+08:00), and so it is counted"
        print(f"xiezhi law due: {said}", file=sys.stderr)
    return _write(_lines(found))


def run_rules(options: argparse.Namespace) -> int:
    """Print all rules: id, kind, direction, length, unit, mark, name, basis."""
    return _write("\t".join(_row(rule)) for rule in deadlines().values())


def _row(rule: Rule) -> tuple[str, ...]:
    length = "-" if rule.length is None else str(rule.length)
    mark = "已核" if rule.verified else str(Mark.UNVERIFIED)
    return (rule.id, rule.kind, rule.direction, length, rule.unit, mark, rule.name, rule.legal_basis)


def _lines(found: Deadline) -> Iterator[str]:
    answer = dated(found.due, found.due_at)
    without = dated(found.without_exclusions, found.without_exclusions_at)
    stricter = dated(found.stricter, found.stricter_at)
    minute = found.due_at and found.due_at.replace(second=0, microsecond=0)
    first = dated(found.due, minute)
    yield first
    if first != answer:
        yield f"至秒\t{answer}"
    if found.unrolled != found.due:
        yield f"未顺延\t{found.unrolled}"
    if without != answer:
        yield f"不扣除\t{without}"
    if stricter != answer:
        yield f"从严\t{stricter}"
    for mark, step in found.reservations:
        yield f"{mark}\t{answer}\t{step.text()}"
    for step in found.steps:
        yield f"说明\t{step.text()}"


def _write(lines: Iterator[str]) -> int:
    sys.stdout.buffer.write("".join(f"{line}\n" for line in lines).encode("utf-8"))
    sys.stdout.buffer.flush()
    return EXIT_OK


def _rule(name: str) -> Rule:
    rules = deadlines()
    if name not in rules:
        near = get_close_matches(name, rules, n=3)
        hint = f"did you mean {', '.join(near)}?" if near else "`xiezhi law rules` lists them."
        raise Problem(f"no rule {name!r}; {hint}")
    rule = rules[name]
    if not rule.is_countable:
        raise Problem(f"{name} has no number to count with: {_WHY_NUMBERLESS[rule.unit]} ({rule.legal_basis}).")
    return rule


def _start(text: str) -> date | datetime:
    day, separator, clock = text[:10], text[10:11], text[11:]
    if not _DATE.fullmatch(day) or separator not in ("", "T", " ") or (separator and not _TIME.fullmatch(clock)):
        raise Problem(f"--from {text!r} is neither YYYY-MM-DD nor YYYY-MM-DDTHH:MM")
    try:
        return datetime.fromisoformat(text) if separator else date.fromisoformat(day)
    except ValueError as error:
        raise Problem(f"--from {text!r} is no date of the calendar") from error


def _span(text: str) -> Span:
    first, dots, last = text.partition("..")
    if not dots or not _DATE.fullmatch(first) or not _DATE.fullmatch(last):
        raise Problem(f"--exclude {text!r} is not of the form YYYY-MM-DD..YYYY-MM-DD")
    try:
        return Span(date.fromisoformat(first), date.fromisoformat(last))
    except ValueError as error:
        raise Problem(f"--exclude {text!r}: {error}") from error
