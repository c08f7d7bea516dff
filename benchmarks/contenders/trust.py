"""The trust that the features are computed from: one year of marks of a given number of pupils.

The marks lie in one Parquet file, sorted by school. earlywarn reads them through the same views that the
checked tables of a data folder have; the marks are taken as checked.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from earlywarn.codes.attendance import load_codes
from earlywarn.simulate import Plan, simulate
from earlywarn.tables.database import MEMORY, THREADS
from earlywarn.tables.store import Store

AS_OF = (date(2025, 12, 1), date(2026, 2, 23), date(2026, 5, 4))
PUPILS_A_SCHOOL = 294


def make_trust(folder: Path, pupils: int) -> Path:
    """Simulate a trust of one year, unless the folder holds it already."""
    data = folder / f"trust-{pupils}"
    if not data.is_dir():
        simulate(Plan(schools=max(pupils // PUPILS_A_SCHOOL, 1), pupils=pupils, years=1, current_weeks=0), data)
    return data


def make_unsorted(data: Path) -> None:
    """Copy a trust, its marks in no order at all, unless that was done before."""
    if not unsorted(data).is_dir():
        shutil.copytree(data, unsorted(data))
        in_no_order = f"FROM {marks_of(data)} ORDER BY hash(person_id, date, session, known_on)"
        duckdb.sql(f"COPY ({in_no_order}) TO {marks_of(unsorted(data))}")


def unsorted(data: Path) -> Path:
    return data.with_name(f"{data.name}-unsorted")


def marks_of(data: Path) -> str:
    """Return the file of marks as DuckDB names it."""
    return f"'{data}/attendance.parquet'"


@contextmanager
def open_trust(data: Path) -> Iterator[Store]:
    """Yield the trust as a store of checked tables."""
    db = duckdb.connect()
    db.execute(f"SET memory_limit = '{MEMORY}'; SET threads = {THREADS}; SET enable_progress_bar = false")
    db.execute(f"""
        CREATE VIEW schools AS FROM read_csv('{data}/schools.csv', all_varchar = true);
        CREATE VIEW calendar AS SELECT *, NULL::DATE AS known_on
            FROM read_csv('{data}/calendar.csv', types = {{'school_id': 'VARCHAR'}});
        CREATE TABLE enrolments AS SELECT DISTINCT person_id, school_id
            FROM read_csv('{data}/pupils.csv', all_varchar = true);
        CREATE VIEW attendance AS
            SELECT person_id, school_id, date, (session = 'PM')::UTINYINT AS session,
                   list_position({_codes(AS_OF[0])}, code)::UTINYINT AS mark, known_on
            FROM {marks_of(data)}""")
    try:
        yield Store(db, data, frozenset(), {}, "", AS_OF[-1], (), (), has_correction_history=True)
    finally:
        db.close()


def _codes(day: date) -> str:
    """Return the codes in force on a day as a list in SQL, each in the place of its number."""
    return "[" + ", ".join(f"'{row.code}'" if row.valid_on(day) else "NULL" for row in load_codes().rows) + "]"
