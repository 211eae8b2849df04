"""Background jobs on screen: the list, one job with its progress, cancelling, its file."""
