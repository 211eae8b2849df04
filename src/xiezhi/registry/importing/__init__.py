"""Reading a file into rows that can be judged: plain functions, no database, no clock.

files      what kind of file it is, and what is refused before it is parsed
delimited  CSV: encoding by strict decoding, delimiter, rows
workbook   XLSX: sizes, merged cells, formulas, rows
header     the header row, found or refused
fields     the columns an entity can take, and how a cell is read
mapping    which column of the file feeds which field
rows       one row through the mapping: values, marks, problems, hash
messages   what a user reads of each problem (Chinese, gettext)
report     the rejected rows with the reason per cell, as XLSX or CSV
"""
