"""What a school wrote on the sheet of its pack, read back for the list log.

In:  a filled-in `pupils.xlsx` or `pupils.csv`, and what the packs were made from.
Out: an entry for each row on which something is written. A problem names file, row and column, never a person.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from earlywarn.errors import TableError
from earlywarn.report.contents import PackContents
from earlywarn.report.spreadsheet import Row, read_csv, read_xlsx
from earlywarn.report.words import day
from earlywarn.report.workbook import LONGEST, SHEET
from earlywarn.score.list_log import DECISIONS, NOT_DECIDED, WRITTEN, Entry

_NEEDED = ("person_id", "school_id", "as_of", *WRITTEN)
_SHOWN = 5  # problems in one message


class _ProblemError(Exception):
    """What is wrong with one cell."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(f"column {column}: {problem}")


def read_written(path: Path, contents: PackContents) -> tuple[Entry, ...]:
    """Read a sheet back; if any cell cannot be taken, none is."""
    is_csv = path.suffix.lower() == ".csv"
    rows = read_csv(path, _NEEDED) if is_csv else read_xlsx(path, SHEET, _NEEDED)
    _refuse_twice(path, rows)
    found: list[Entry] = []
    problems = []
    for row in rows:
        try:
            found += _entries(row, contents)
        except _ProblemError as problem:
            problems.append(f"row {row.number}, {problem}")
    if problems:
        more = [f"and {len(problems) - _SHOWN} more"] if len(problems) > _SHOWN else []
        raise TableError(
            f"{path}: {'; '.join([*problems[:_SHOWN], *more])}", fix="correct these cells; nothing was taken over yet"
        )
    return tuple(found)


def _refuse_twice(path: Path, rows: Sequence[Row]) -> None:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        earlier = first.setdefault((row.text("school_id"), row.text("person_id")), row.number)
        if earlier != row.number:
            raise TableError(
                f"{path}, row {row.number}, column person_id: the same person as in row {earlier}",
                fix="keep one row a person",
            )


def _entries(row: Row, contents: PackContents) -> Iterator[Entry]:
    """Return the row's entry, or nothing where the school has written nothing."""
    written: dict[str, Any] = {
        "seen_on": _seen_on(row.cells["seen_on"], contents),
        "decision": _decision(row.text("decision")),
        "by": _text(row, "by"),
        "why": _text(row, "why"),
    }
    if not any(said and said != NOT_DECIDED for said in written.values()):
        return
    if _day(row.cells["as_of"]) != contents.about.as_of:
        raise _ProblemError("as_of", f"not of the list of {day(contents.about.as_of)}")
    entry = contents.log.get((row.text("school_id"), row.text("person_id")))
    if entry is None:
        raise _ProblemError("person_id", "nobody with this id is listed at this school")
    yield replace(entry, **written)


def _seen_on(cell: Any, contents: PackContents) -> date | None:
    """Return the day that a cell holds; it lies in the time of the list."""
    if cell is None or cell == "":
        return None
    first, last = contents.about.as_of, contents.about.delete_by
    seen_on = _day(cell)
    if seen_on is None:
        raise _ProblemError("seen_on", "not a day; write it as 2026-11-09 or 09/11/2026")
    if not first <= seen_on <= last:
        raise _ProblemError("seen_on", f"not a day from {day(first)} to {day(last)}")
    return seen_on


def _day(cell: Any) -> date | None:
    """Return a cell's day: as a spreadsheet keeps it, or as text in the international or the British order."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for order in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(cell).strip(), order).date()
        except ValueError:
            continue
    return None


def _decision(text: str) -> str:
    found = " ".join(text.lower().split()) or NOT_DECIDED
    if found not in DECISIONS:
        raise _ProblemError("decision", f"not one of: {', '.join(DECISIONS)}")
    return found


def _text(row: Row, column: str) -> str:
    text = row.text(column)
    if len(text) > LONGEST:
        raise _ProblemError(column, f"over {LONGEST:,} characters, more than a spreadsheet's cell holds")
    return text
