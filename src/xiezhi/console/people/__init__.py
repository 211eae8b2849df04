"""Pages of ``people``: sign-in and one's own security, agencies and people, approvals."""
