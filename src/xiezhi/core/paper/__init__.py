"""Documents as plain data: the contract of a template, its marked-up text, what a filled page holds, numbers.

A template's text is never code: it is parsed into blocks here, filled with values, and one fixed page description
(``documents/press/page.typ``) sets the result. So neither a template nor what an officer typed can open a file,
run forever or change another field.
"""
