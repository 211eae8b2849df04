"""One chunk of staged rows against the database: matched (dry run), written, taken back, counted.

Used inside the acts of :mod:`..services.imports` and by the runs of :mod:`..imports`.
"""
