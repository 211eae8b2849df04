"""Messages to people: in the house (``inbox``), and out of it by mail and SMS (``services``, ``delivery``).

A message that leaves the house is a row written in the caller's transaction, so it goes out if and only if what it
tells of was committed; a loop delivers it. Each is ordered under a key and goes out once a key, however often the
order is repeated. Where no mail server or SMS service is set, it stays ``unsent`` and every screen says so.
"""
