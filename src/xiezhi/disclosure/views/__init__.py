"""Pages: the work list and its acts, objections, what a stranger reads."""
