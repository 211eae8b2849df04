"""Sealed evidence, contract ev-1 (normative text: docs/ev-1.md). Pure: no clock, no files, no database.

============  =======================================================================================
``faults``    what can be wrong, by field or by code
``fields``    exact reading of canonical JSON and of the contract's small forms
``manifest``  what a device says of one item at capture
``device``    ES256 signatures of a device's key, and the closing of its chain
``chain``     the chains of a visit: gaps, forks, swapped order, several devices
``moments``   what the clocks tell; told, never refused
``receipts``  the house's counter-signature, as a C2SP signed note
``statement``   the house's word on which chains a visit has
``export``    the folder that leaves the house
============  =======================================================================================

``verify.py`` is a script of its own: a bare ``python3 -I`` runs it, and it imports nothing of this package.
"""
