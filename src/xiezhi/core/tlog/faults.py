"""What can be wrong with something that claims to be part of a log."""


class TlogError(ValueError):
    """Root of the log's errors; the text says what was expected and what was found."""


class Malformed(TlogError):
    """The bytes are not in the format they claim."""


class Refuted(TlogError):
    """The format is right and the claim does not hold: a hash, a length or a signature disagrees."""
