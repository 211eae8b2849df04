"""Drawn inspections (双随机抽查): items, target rosters, and draws that anyone can recompute.

Read in this order: ``models`` (what is kept), ``rules`` (a stored draw as ``core.draw`` sees it), ``guards``
(what may not be done, and why), ``services`` (the acts, in the order of a draw's life), ``bundles`` (what is
published), ``queries``.

Which object bears which opaque id is nowhere in clear: the salts come from a secret in the private part of the
commitment's event, the drawn names stand in the private part of the draw's.
"""
