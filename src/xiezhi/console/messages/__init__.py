"""Messages on screen: one's own inbox, and what went out of the house."""
