"""CSV that a spreadsheet opens as text: no cell is ever taken for a formula.

A cell that starts with = + - @, a tab or a line break is run by spreadsheet programs; with an apostrophe
before it, it is text. The byte order mark tells Excel that the file is UTF-8.
"""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

# The full-width forms are taken for the plain ones by programs set to an East Asian language.
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def safe_cell(text: str) -> str:
    """Return the text of a cell, disarmed.

    >>> safe_cell("=HYPERLINK(...)"), safe_cell("9B")
    ("'=HYPERLINK(...)", '9B')
    """
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)
