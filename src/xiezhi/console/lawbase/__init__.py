"""Law on screen: what is 待核 and its confirmation, figures, calendars, limits with a calculator."""
