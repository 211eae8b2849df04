"""Settings come from the environment; each is declared, with its text, where it is read (``settings.env``)."""
