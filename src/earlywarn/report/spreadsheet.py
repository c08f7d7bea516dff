"""Tables that schools open, fill in and hand back: CSV and XLSX, in which every text stays text.

The byte order mark tells Excel that a CSV file is UTF-8; `earlywarn.cells` disarms what would be run as a
formula, and gives back what was written when the file returns.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from earlywarn.cells import as_written, safe_cell
from earlywarn.errors import TableError


@dataclass(frozen=True)
class Row:
    """A row of a file: its number as a spreadsheet shows it, and its cells by column, text or what the sheet holds."""

    number: int
    cells: Mapping[str, Any]

    def text(self, column: str) -> str:
        """Return a cell as text without spaces around it; a whole number as a person writes it."""
        cell = self.cells[column]
        return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table of text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def read_csv(path: Path, needed: Sequence[str]) -> list[Row]:
    """Read a table of text that has the needed columns; rows without anything in them are left out."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = [[as_written(cell) for cell in row] for row in csv.reader(file)]
    except OSError:
        raise TableError(f"{path}: cannot be read", fix="check the path, and that nothing else has it open") from None
    except (UnicodeDecodeError, csv.Error):
        raise TableError(f"{path}: not a CSV file in UTF-8", fix="save it as “CSV UTF-8 (comma delimited)”") from None
    return list(_rows(path, table, needed))


def read_xlsx(path: Path, sheet: str, needed: Sequence[str]) -> list[Row]:
    """Read a sheet that has the needed columns; rows without anything in them are left out."""
    try:
        book = CalamineWorkbook.from_path(path)
        table = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except (OSError, CalamineError):
        raise TableError(
            f"{path}: not a workbook with a sheet “{sheet}”, or not readable",
            fix="give back the file that the pack holds, saved as XLSX or CSV, without a password",
        ) from None
    return list(_rows(path, table, needed))


def _rows(path: Path, table: Sequence[Sequence[Any]], needed: Sequence[str]) -> Iterator[Row]:
    header = [str(title).strip() for title in table[0]] if table else []
    for name in needed:
        if header.count(name) != 1:
            how = "has no column" if name not in header else "has more than one column"
            raise TableError(f"{path}, row 1: {how} {name}", fix=f"give it the columns {', '.join(needed)}")
    for number, cells in enumerate(table[1:], start=2):
        if any(cell not in ("", None) for cell in cells):
            filled = [*cells, *[""] * (len(header) - len(cells))]
            yield Row(number, dict(zip(header, filled, strict=False)))
