"""The transparency log under the record: pure functions over bytes, no clock, no files, no database.

==============  =====================================================================================
``merkle``      RFC 9162 hashing; roots; making and checking inclusion and consistency proofs
``tiles``       C2SP tlog-tiles: paths, growing the right edge, reading hashes out of tiles, bundles
``note``        C2SP signed-note with Ed25519 (signature type 0x01), verifier keys
``checkpoint``  C2SP tlog-checkpoint: origin, size and root as the text of a note
``cosign``      C2SP tlog-cosignature, ``cosignature/v1`` (signature type 0x04)
``proof``       C2SP tlog-proof: one text file that a party can check away from the house
==============  =====================================================================================

What cannot be parsed raises ``faults.Malformed``; what parses and does not hold raises ``faults.Refuted``.
"""
