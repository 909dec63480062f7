"""Sheets in and out: the only room of the Excel libraries, which load when first needed."""

from union_desk.excel.choosing import choose
from union_desk.excel.reading import read_tables, sheet_name
from union_desk.excel.writing import new_book, write_table, write_tables

__all__ = ["choose", "new_book", "read_tables", "sheet_name", "write_table", "write_tables"]
