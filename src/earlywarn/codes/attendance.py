"""Attendance codes: what a mark counts as, by code and date.

In:  `attendance_codes.csv`, one row per code and time in which it is in force.
Out: `Codes`, look-up arrays over mark numbers, and a DuckDB table `codes` that
     maps (code, date) to a mark number.

A mark number is the place of a row in the file, from 1; 0 is "no mark". So the
same letter has two numbers where its meaning changed (J before and after
August 2024), and an array over numbers needs no dates any more.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import duckdb
import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]

NUMBERS = 256  # a mark is one byte
# The School Attendance (Pupil Registration) (England) Regulations 2024 (SI 2024/208) came into force.
NEW_CODES_FROM = date(2024, 8, 19)


@dataclass(frozen=True)
class Code:
    """A code during the time in which it meant one thing; `valid_to` None: still in force."""

    number: int
    code: str
    meaning: str
    valid_from: date
    valid_to: date | None
    category: str
    possible: bool
    absence: bool

    def valid_on(self, day: date) -> bool:
        """Whether the code may stand in a register on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Codes:
    """What each mark number counts as: arrays of shape (256,), indexed by a matrix of marks.

    Numbers that no row has, 0 among them, are False everywhere.
    """

    rows: tuple[Code, ...]
    possible: Flags
    absent: Flags
    authorised: Flags
    unauthorised: Flags
    late: Flags
    illness: Flags
    holiday: Flags
    suspension: Flags
    part_time: Flags
    study_leave: Flags
    no_reason_yet: Flags

    def of(self, *codes: str) -> Flags:
        """Return which mark numbers carry one of these codes, whatever the date.

        >>> marks = np.array([load_codes().number("E", date(2025, 9, 8)), 0], dtype=np.uint8)
        >>> load_codes().of("E", "C2", "S")[marks]
        array([ True, False])
        """
        return _flags(self.rows, lambda row: row.code in codes)

    def number(self, code: str, day: date) -> int:
        """Return the mark number of a code on a day; 0 if it was not in force then.

        >>> codes = load_codes()
        >>> codes.absent[codes.number("I", date(2025, 9, 8))], codes.number("J", date(2025, 9, 8))
        (np.True_, 0)
        """
        wanted = code.strip().upper()
        return next((row.number for row in self.rows if row.code == wanted and row.valid_on(day)), 0)


@cache
def load_codes() -> Codes:
    """Return the codes that ship with earlywarn."""
    rows = _read_rows()

    def carrying(*codes: str) -> Flags:
        return _flags(rows, lambda row: row.code in codes)

    return Codes(
        rows=rows,
        possible=_flags(rows, lambda row: row.possible),
        absent=_flags(rows, lambda row: row.absence),
        authorised=_flags(rows, lambda row: row.category == "authorised_absence"),
        unauthorised=_flags(rows, lambda row: row.category == "unauthorised_absence"),
        late=carrying("L", "U"),
        illness=carrying("I", "I01", "I02"),
        holiday=carrying("G", "H", "F"),
        suspension=carrying("E"),
        part_time=carrying("C2"),
        study_leave=carrying("S"),
        no_reason_yet=carrying("N"),
    )


def register_codes(db: duckdb.DuckDBPyConnection) -> None:
    """Write the table `codes` into a database: one row per mark number."""
    db.execute("""
        CREATE OR REPLACE TABLE codes (
            number UTINYINT, code VARCHAR, valid_from DATE, valid_to DATE,
            category VARCHAR, possible BOOLEAN, absence BOOLEAN
        )""")
    rows = load_codes().rows
    places = ", ".join(["(?, ?, ?, ?, ?, ?, ?)"] * len(rows))
    cells = [
        (row.number, row.code, row.valid_from, row.valid_to, row.category, row.possible, row.absence) for row in rows
    ]
    db.execute(f"INSERT INTO codes VALUES {places}", [cell for row in cells for cell in row])


def _read_rows() -> tuple[Code, ...]:
    text = resources.files("earlywarn.codes").joinpath("attendance_codes.csv").read_text(encoding="utf-8")
    return tuple(
        Code(
            number=number,
            code=row["code"],
            meaning=row["meaning"],
            valid_from=date.fromisoformat(row["valid_from"]),
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            category=row["category"],
            possible=row["counts_as_possible"] == "true",
            absence=row["counts_as_absence"] == "true",
        )
        for number, row in enumerate(csv.DictReader(text.splitlines()), start=1)
    )


def _flags(rows: tuple[Code, ...], holds: Callable[[Code], bool]) -> Flags:
    flags = np.zeros(NUMBERS, dtype=np.bool_)
    flags[[row.number for row in rows if holds(row)]] = True
    flags.setflags(write=False)  # the look-up is cached and shared
    return flags
