"""What can be wrong with something that claims to be evidence under ev-1."""


class EvidenceError(ValueError):
    """Root of this package's errors."""


class Malformed(EvidenceError):
    """Not in the form of ev-1. ``field`` is the way to it, as ``position.lat_e7``; empty for the whole."""

    def __init__(self, field: str, text: str):
        super().__init__(f"{field}: {text}" if field else text)
        self.field = field


class Refuted(EvidenceError):
    """The form is right and the claim does not hold. ``code`` is one of docs/ev-1.md §6."""

    def __init__(self, code: str, text: str):
        super().__init__(f"{code}: {text}")
        self.code = code
