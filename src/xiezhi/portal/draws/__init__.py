"""Draws for everyone: what was committed when, what came out, and the means to check it oneself."""
