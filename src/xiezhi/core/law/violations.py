"""One item of the violation catalogue (违法事项): what is forbidden, what follows, how sure that is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from xiezhi.core.law.rows import Reader


class Mode(StrEnum):
    """How a fine is given: in yuan, as per cent or as a multiple of a base, or not at all."""

    RANGE = "range"
    PERCENT = "percent"
    MULTIPLE = "multiple"
    NONE = "none"


class Hearing(StrEnum):
    """Whether a hearing opens. A case that proposes a heavy kind (处罚法 art. 63) always opens one."""

    YES = "yes"
    BY_AMOUNT = "by_amount"
    BY_PENALTY_TYPE = "by_penalty_type"
    NO = "no"


class Exemption(StrEnum):
    """Engineering hint, not law: does the article itself give a chance to correct before any penalty?"""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


BOUNDS = {
    Mode.RANGE: ("min_yuan", "max_yuan"),
    Mode.PERCENT: ("min_percent", "max_percent"),
    Mode.MULTIPLE: ("min_times", "max_times"),
}


@dataclass(frozen=True, slots=True)
class Provision:
    """An article of an enactment in a version (the date of that text)."""

    law: str
    version: str
    article: str

    def __str__(self) -> str:
        return f"《{self.law}》{self.article}"


@dataclass(frozen=True, slots=True)
class Fine:
    """One tier. ``low``/``high`` are both included: yuan (to the fen), per cent or times, exactly; ``None``:
    not established.

    ``discretionary``: the article says 可以(并)处. ``who``, ``stage``, ``condition`` narrow the tier.
    """

    mode: Mode
    low: Decimal | None
    high: Decimal | None
    base: str
    discretionary: bool
    who: str
    stage: str
    condition: str
    note: str


@dataclass(frozen=True, slots=True)
class IndividualFine:
    """The extra fine on natural persons of a unit (双罚). With ``Mode.NONE`` only ``text`` speaks."""

    mode: Mode
    low: Decimal | None
    high: Decimal | None
    base: str
    persons: str
    basis: str
    condition: str
    text: str


@dataclass(frozen=True, slots=True)
class Violation:
    """A row of the catalogue. ``source`` is the key of the text compared; ``MEM`` means from memory.

    What is not ``verified`` must not drive an automatic decision.
    """

    code: str
    domain: str
    name: str
    subjects: tuple[str, ...]
    prohibition: Provision
    penalty: Provision
    order: str
    correction_first: bool
    correction_note: str
    fines: tuple[Fine, ...]
    individual_fine: IndividualFine | None
    other_penalties: tuple[str, ...]
    hearing: Hearing
    minor_exempt_eligible: Exemption
    typical_evidence: tuple[str, ...]
    enforcing_body: str
    effective_from: date | None
    prior_law: str
    verified: bool
    source: str
    note: str


def read_violation(row: object) -> Violation:
    """An item from its row; :class:`~xiezhi.core.law.rows.BadRow` names what is wrong."""
    code = row.get("code") if isinstance(row, dict) else None
    reader = Reader(f"violation {code}", row)
    individual = reader.reader("individual_fine")
    violation = Violation(
        code=reader.text("code"),
        domain=reader.text("domain"),
        name=reader.text("name"),
        subjects=reader.texts("subjects"),
        prohibition=_provision(reader, "prohibition"),
        penalty=_provision(reader, "penalty"),
        order=reader.optional_text("order"),
        correction_first=reader.take("correction_first", bool),
        correction_note=reader.optional_text("correction_note"),
        fines=tuple(_fine(item) for item in reader.readers("fines")),
        individual_fine=None if individual is None else _individual_fine(individual),
        other_penalties=reader.texts("other_penalties"),
        hearing=reader.one_of("hearing", Hearing),
        minor_exempt_eligible=reader.one_of("minor_exempt_eligible", Exemption),
        typical_evidence=reader.texts("typical_evidence"),
        enforcing_body=reader.text("enforcing_body"),
        effective_from=reader.day("effective_from"),
        prior_law=reader.optional_text("prior_law"),
        verified=reader.take("verified", bool),
        source=reader.text("source"),
        note=reader.optional_text("note"),
    )
    reader.done()
    if violation.verified and violation.source == "MEM":
        raise reader.fail("verified", "what was recalled (MEM) is not verified")
    return violation


def _provision(parent: Reader, field: str) -> Provision:
    reader = parent.reader(field)
    if reader is None:
        raise parent.fail(field, "is null")
    provision = Provision(reader.text("law"), reader.text("version"), reader.text("article"))
    reader.done()
    return provision


def _fine(reader: Reader) -> Fine:
    mode = reader.one_of("mode", Mode)
    low, high = _bounds(reader, mode)
    fine = Fine(
        mode=mode,
        low=low,
        high=high,
        base=reader.text("base") if mode in (Mode.PERCENT, Mode.MULTIPLE) else "",
        discretionary=reader.take("discretionary", bool) if reader.has("discretionary") else False,
        who=reader.given_text("who"),
        stage=reader.given_text("stage"),
        condition=reader.given_text("condition"),
        note=reader.given_text("note"),
    )
    reader.done()
    return fine


def _individual_fine(reader: Reader) -> IndividualFine:
    if reader.has("min_percent"):
        mode = Mode.PERCENT
    else:
        mode = Mode.RANGE if reader.has("min_yuan") else Mode.NONE
    low, high = _bounds(reader, mode)
    fine = IndividualFine(
        mode=mode,
        low=low,
        high=high,
        base=reader.given_text("base"),
        persons=reader.given_text("persons"),
        basis=reader.text("basis"),
        condition=reader.given_text("condition"),
        text=reader.text("text") if mode is Mode.NONE else "",
    )
    reader.done()
    return fine


def _bounds(reader: Reader, mode: Mode) -> tuple[Decimal | None, Decimal | None]:
    if mode is Mode.NONE:
        return None, None
    low_field, high_field = BOUNDS[mode]
    low, high = reader.number(low_field), reader.number(high_field)
    if (low is not None and low < 0) or (low is not None and high is not None and high < low):
        raise reader.fail(low_field, f"the range {low} to {high} is empty")
    for field, bound in ((low_field, low), (high_field, high)):
        if mode is Mode.RANGE and bound is not None and (bound * 100).to_integral_value() != bound * 100:
            raise reader.fail(field, f"{bound} yuan are no whole number of fen")
    return low, high
