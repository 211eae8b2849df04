"""The console's pages: ``papers`` (lists, new), ``paper`` (one document and its acts), ``registers`` (numbers, blanks,
seals), ``templates``; ``public`` is the authenticity page that everyone may open."""
