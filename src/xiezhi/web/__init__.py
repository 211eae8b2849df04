"""How things are shown: base templates, components, lists, forms, errors, API sign-in, idempotency.

No business is decided here. Surfaces and apps above bring pages (``ConsoleView``, ``ListPage``, ``FormPage``,
``DetailPage``) and register navigation; apps below are shown by ``console``, ``portal`` and ``api``.
"""
