"""The console's pages: ``lists``, ``setting_up`` (items, rosters, plans), ``draws`` (one draw), ``shown``."""
