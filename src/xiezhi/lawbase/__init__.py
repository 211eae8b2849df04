"""Law as configuration: catalogues, dated figures and calendars, shipped as files that a jurist can read."""
