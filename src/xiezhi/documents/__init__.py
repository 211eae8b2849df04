"""Documents (文书): templates that an agency edits, numbers, PDF, signature, seal, issue; none of it a case's business.

Read in this order: ``core.paper`` (contract, marked-up text, filled page), ``models``, ``services`` (templates,
numbers, papers, seals), ``queries``, ``pages`` (what is printed around a page's text), ``press`` (how it is set).

A document names its subject (``"task:<id>"``) and its stream, never a case by foreign key. What was typed lies
encrypted in the private part of its events; a row holds only what lists need.
"""
