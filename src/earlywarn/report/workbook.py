"""`pupils.xlsx`: the table of a pack, to read, to filter and to fill in.

In:  a table of text, with what the school has written so far in its last columns.
Out: a workbook of two sheets, the table and how to fill it in. Every cell but the day seen is text: nothing that a
     pupil, a form or a teacher is called is ever run. All but the school's own columns is locked, without a password.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from earlywarn.report.words import day
from earlywarn.score.list_log import DECISIONS, WRITTEN

SHEET: Final = "Pupils"
LONGEST: Final = 32_767  # characters in a cell: Excel's own limit

_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_WIDE = {"name": 22, "by": 18, "why": 44, "going_well": 30, "not_known": 30, "since_last_list": 30, "read_first": 30}
_REASON_WIDTH, _USUAL_WIDTH = 44, 13
_WRAPPED = {"text_wrap": True, "valign": "top"}
_MAY = {"select_locked_cells": True, "select_unlocked_cells": True, "autofilter": True, "format_columns": True}
_A4 = 9
_NAMED = ("person_id", "name")  # stay in sight while the rest is scrolled


@dataclass(frozen=True)
class Sheet:
    """A table of text; its last columns are `WRITTEN`, to be filled in for the rows that are `listed`."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    listed: Sequence[bool]
    as_of: date
    delete_by: date

    @property
    def own(self) -> int:
        """The first of the school's own columns."""
        return len(self.header) - len(WRITTEN)


def write_workbook(path: Path, table: Sheet) -> None:
    """Write the workbook; the same table gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    book = xlsxwriter.Workbook(str(path), _OPTIONS)
    book.set_properties({"created": datetime.combine(table.as_of, time())})
    _write_table(book, table)
    _write_guide(book, table)
    book.close()


def _write_table(book: Any, table: Sheet) -> None:
    sheet = book.add_worksheet(SHEET)
    looks = {name: book.add_format(look) for name, look in _looks().items()}
    for column, title in enumerate(table.header):
        sheet.write_string(0, column, title, looks["own title" if column >= table.own else "title"])
        sheet.set_column(column, column, _width(title))
    for number, (row, listed) in enumerate(zip(table.rows, table.listed, strict=True), start=1):
        _write_row(sheet, number, row, table.own if listed else len(row), looks)
    sheet.freeze_panes(1, 1 + max((table.header.index(name) for name in _NAMED if name in table.header), default=-1))
    sheet.autofilter(0, 0, len(table.rows), len(table.header) - 1)
    sheet.protect("", _MAY)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.repeat_rows(0)
    _check_entries(sheet, table)


def _looks() -> Mapping[str, Mapping[str, object]]:
    own = _WRAPPED | {"locked": False, "bg_color": "#FFF7D6", "border": 1, "border_color": "#C9B458"}
    return {
        "title": _WRAPPED | {"bold": True, "bg_color": "#E6ECF2"},
        "own title": _WRAPPED | {"bold": True, "bg_color": "#FFE89A"},
        "text": _WRAPPED,
        "own": own,
        "day": own | {"num_format": "d mmm yyyy"},
    }


def _width(title: str) -> int:
    return _REASON_WIDTH if title.startswith("reason_") else _WIDE.get(title, _USUAL_WIDTH)


def _write_row(sheet: Any, number: int, row: Sequence[str], own: int, looks: Mapping[str, Any]) -> None:
    """Write a row; from column `own` on it is the school's."""
    for column, text in enumerate(row[:own]):
        if text:
            sheet.write_string(number, column, text[:LONGEST], looks["text"])
    for column, text in enumerate(row[own:], start=own):
        if column == own and text:  # seen_on comes first
            sheet.write_datetime(number, column, datetime.fromisoformat(text), looks["day"])
        elif text:
            sheet.write_string(number, column, text[:LONGEST], looks["own"])
        else:
            sheet.write_blank(number, column, None, looks["day" if column == own else "own"])


def _check_entries(sheet: Any, table: Sheet) -> None:
    """Let the spreadsheet refuse what `--log` would refuse: another decision, or a day outside of the list's time."""
    last = max(1, len(table.rows))
    sheet.data_validation(1, table.own, last, table.own, {
        "validate": "date", "criteria": "between", "minimum": table.as_of, "maximum": table.delete_by,
        "error_title": "Which day?", "error_message": f"A day from {day(table.as_of)} to {day(table.delete_by)}.",
    })  # fmt: skip
    sheet.data_validation(1, table.own + 1, last, table.own + 1, {
        "validate": "list", "source": list(DECISIONS),
        "error_title": "Which decision?", "error_message": f"One of: {', '.join(DECISIONS)}.",
    })  # fmt: skip


def _write_guide(book: Any, table: Sheet) -> None:
    sheet = book.add_worksheet("How to fill this in")
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    bold, text = book.add_format(_WRAPPED | {"bold": True}), book.add_format(_WRAPPED)
    for number, (about, says) in enumerate(_guide(table)):
        sheet.write_string(number, 0, about, bold)
        sheet.write_string(number, 1, says, text)
    sheet.protect("", _MAY)


def _guide(table: Sheet) -> tuple[tuple[str, str], ...]:
    return (
        ("Confidential", "About children of this school. Keep it where such papers are kept; do not pass it on."),
        ("Safeguarding", "A worry about a child’s safety goes to the designated safeguarding lead first, today."),
        ("Advice", "A list says where to begin; it decides nothing. What you know of a child counts for more."),
        ("Where to write", "In the yellow columns on the right of the sheet “Pupils”, for those who are listed."),
        ("seen_on", f"The day on which somebody looked into it: from {day(table.as_of)} to {day(table.delete_by)}."),
        ("decision", "none yet; followed up: something was agreed or begun; overruled: you know better than the list."),
        ("by", "Who looked: a role or initials are enough."),
        ("why", "In a few words, why you decided so. Nothing that you would not show to the family."),
        ("Filters", "The arrows in the first row show some rows only, such as one year group or one decision."),
        ("Then", "Save the file under any name and give it back to whoever sent it: what you wrote is kept, and "
                 "stands in the next pack."),
        ("Delete", f"By {day(table.delete_by)}."),
    )  # fmt: skip
