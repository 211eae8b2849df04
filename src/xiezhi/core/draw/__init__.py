"""The verifiable double-random draw, profile dr/1 (normative text: docs/dr-1.md).

Before the seed: :func:`commit` fixes roster, rules, exclusions and officers' chances by hash.
After the seed: :func:`draw` runs hashes and whole numbers only. :func:`bundle` writes what a stranger needs
to recompute it; ``verify.py`` (stand-alone) and the portal's TypeScript do so without this package.

Read in this order: ``hashing`` (notation, coin), ``roster`` (ids, roots, seed), ``levels`` (who
witnesses), ``targets`` (tickets, equal, weighted, ratio), ``officers``, ``ceremony`` (commit, draw), ``bundle``.
"""
