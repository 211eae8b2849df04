"""What may be seen: the published form of each kind of datum, masks for screens, and a scan of finished text.

treatments  the table of published forms, one row a kind of datum
forms       a value in its published form, or partly hidden for a screen
scanner     personal data that must not stand in published text, found by form and checksum
wording     words of a penalty, marks of secrecy, persons' names; what each kind of finding means

Publishing works from a whitelist of fields; the scan is the net below it, not the means.
"""

from xiezhi.core.masking.forms import PartialKind, names_apart, partly, published
from xiezhi.core.masking.scanner import Finding, FindingKind, redact, scan
from xiezhi.core.masking.treatments import Form, Treatment, read_treatment
from xiezhi.core.masking.wording import RULES, Found, Weight, bars, look

__all__ = [
    "RULES",
    "Finding",
    "FindingKind",
    "Form",
    "Found",
    "PartialKind",
    "Treatment",
    "Weight",
    "bars",
    "look",
    "names_apart",
    "partly",
    "published",
    "read_treatment",
    "redact",
    "scan",
]
