"""Full text, newest first: what services feed in (``fulltext.index``) and surfaces ask for (``fulltext.find``).

Machinery: no services, no acts; the caller's act is the event, and its transaction holds both. One meaning on two
databases:

===============  ====================================================================================
``grams``        text to terms: overlapping pairs of Chinese characters, fours of letters and digits
``fulltext``     the door: index, remove, find, rebuild
``fts5``         SQLite: FTS5 in the order of publishing
``gin``          PostgreSQL: GIN over terms or a scan from the newest, whichever an estimate finds cheaper
===============  ====================================================================================
"""
