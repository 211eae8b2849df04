"""People: agencies, officers, accounts, what they may do, and through whom an act must pass.

models/     one concept a file
services/   every change; one function = one act with its event
queries/    every reading; ``visible_to(actor)`` first
abilities.py, roles.py   the tables that a reader of rights begins with
flow.py     the approval machine, pure
"""
