"""一公开: what is published of inspections – items, plans, draws, results – as a masked projection of events.

It decides nothing in a case. Read in this order: ``kinds`` (which fields of a source may be shown, a table),
``models``, ``services`` (due, prepare, sign, correct, withdraw), ``guards`` (what may not be published, and why),
``channels`` (where it goes, and how each acknowledges), ``reactions`` (how a lower app's event makes a row of the
work list), ``queries`` (``public()`` is all that a stranger ever reads).

What is not whitelisted in ``kinds`` never leaves; a scan of the finished text is the net below it; a second person
signs.
"""
