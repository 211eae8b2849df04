"""Limits of time and the violation catalogue as plain values, and the counting of a limit with its reasons.

rules       one limit of the deadline table, read from its row and held to its form
deadline    ``due(rule, start, …)``: when it ends, why, and how sure that is
words       the explanation's sentences
violations  one item of the violation catalogue
"""

from xiezhi.core.law.deadline import Deadline, Uncountable, due
from xiezhi.core.law.rules import BadRow, Extension, Kind, Rule, Suspension, Unit
from xiezhi.core.law.violations import Fine, IndividualFine, Provision, Violation
from xiezhi.core.law.words import Mark, Step, dated

__all__ = [
    "BadRow",
    "Deadline",
    "Extension",
    "Fine",
    "IndividualFine",
    "Kind",
    "Mark",
    "Provision",
    "Rule",
    "Step",
    "Suspension",
    "Uncountable",
    "Unit",
    "Violation",
    "dated",
    "due",
]
