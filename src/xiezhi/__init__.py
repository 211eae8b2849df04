"""獬豸: one lawful, provable record for a city's construction enforcement."""

__version__ = "0.1.0"
