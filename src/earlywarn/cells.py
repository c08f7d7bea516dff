"""Cells of a CSV file that a spreadsheet opens as text: no cell is ever taken for a formula.

A cell that starts with = + - @, a tab or a line break is run by spreadsheet programs; with an apostrophe
before it, it is text. A text that has such an apostrophe already gets another, so that reading gives back
what was written.
"""

import re

# The full-width forms are taken for the plain ones by programs set to an East Asian language.
_A_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def safe_cell(text: str) -> str:
    """Return the text of a cell, disarmed.

    >>> safe_cell("=HYPERLINK(...)"), safe_cell("9B")
    ("'=HYPERLINK(...)", '9B')
    """
    return f"'{text}" if _A_FORMULA.match(text) else text


def as_written(cell: str) -> str:
    """Return the text that `safe_cell` made a cell of.

    >>> as_written("'=HYPERLINK(...)"), as_written("'tis 9B")
    ('=HYPERLINK(...)', "'tis 9B")
    """
    return cell[1:] if cell.startswith("'") and _A_FORMULA.match(cell) else cell
