"""The pupils of a pack as files that a school can fill in: `pupils.csv` for its MIS, `pupils.xlsx` for people.

In:  a school's pupils, what is said of the run, and what the school has written so far.
Out: both files, with the same rows; the last columns are the school's own, and `report.read_log` reads them back.
"""

from collections.abc import Sequence
from pathlib import Path

from earlywarn.report.about import PackAbout
from earlywarn.report.pupil import Pupil
from earlywarn.report.rows import HEADER, cells
from earlywarn.report.spreadsheet import write_csv
from earlywarn.report.workbook import Sheet, write_workbook
from earlywarn.score.list_log import NOT_DECIDED, WRITTEN, Entry, Log

_OF_LIST = ("school_id", "as_of")  # which list a sheet belongs to, when it comes back
PUPIL_COLUMNS = (*HEADER, *_OF_LIST, *WRITTEN)


def write_pupil_files(folder: Path, pupils: Sequence[Pupil], about: PackAbout, log: Log) -> None:
    """Write `pupils.csv` and `pupils.xlsx`; what the school has written stands in both."""
    rows = [(*cells(pupil, about), *_log_cells(pupil, about, log)) for pupil in pupils]
    write_csv(folder / "pupils.csv", PUPIL_COLUMNS, rows)
    listed = tuple(pupil.listed for pupil in pupils)
    write_workbook(folder / "pupils.xlsx", Sheet(PUPIL_COLUMNS, tuple(rows), listed, about.as_of, about.delete_by))


def _log_cells(pupil: Pupil, about: PackAbout, log: Log) -> tuple[str, ...]:
    """Return a pupil's cells under the columns of the list and of the school; nobody answers for the unlisted."""
    which = (pupil.school_id, about.as_of.isoformat())
    entry = log.get((pupil.school_id, pupil.person_id))
    if not pupil.listed or entry is None:
        return (*which, "", NOT_DECIDED if pupil.listed else "", "", "")
    return (*which, *_written(entry))


def _written(entry: Entry) -> tuple[str, ...]:
    seen_on = entry.seen_on.isoformat() if entry.seen_on else ""
    return seen_on, entry.decision, entry.by, entry.why
