"""Pure domain logic: plain data in, a value out. No Django, no clock, no I/O."""
