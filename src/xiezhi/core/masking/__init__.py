"""What may be seen: the published form of each kind of datum, masks for screens, and a scan of finished text.

treatments  the table of published forms, one row a kind of datum
forms       a value in its published form, or partly hidden for a screen
scanner     personal data that must not stand in published text, found by form and checksum

Publishing works from a whitelist of fields; the scan is the net below it, not the means.
"""

from xiezhi.core.masking.forms import PartialKind, names_apart, partly, published
from xiezhi.core.masking.scanner import Finding, FindingKind, redact, scan
from xiezhi.core.masking.treatments import Form, Treatment, read_treatment

__all__ = [
    "Finding",
    "FindingKind",
    "Form",
    "PartialKind",
    "Treatment",
    "names_apart",
    "partly",
    "published",
    "read_treatment",
    "redact",
    "scan",
]
