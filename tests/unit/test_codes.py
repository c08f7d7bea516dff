"""Attendance codes: what each counts as, and when."""

from datetime import date

import duckdb
import numpy as np
import pytest

from earlywarn.codes import load_codes, register_codes

BEFORE, AFTER = date(2024, 8, 18), date(2024, 8, 19)


@pytest.mark.parametrize(
    ("code", "day", "possible", "absent"),
    [
        ("/", AFTER, True, False),
        ("I", AFTER, True, True),
        ("U", AFTER, True, True),
        ("L", AFTER, True, False),
        ("D", AFTER, False, False),
        ("Y1", AFTER, False, False),
        ("J", BEFORE, True, False),
        ("J1", AFTER, True, True),
        ("T", BEFORE, True, True),
        ("X", date(2021, 1, 11), True, False),
        ("X", AFTER, False, False),
        ("F", AFTER, True, True),  # its end is not verified: accepted whenever seen
        ("", AFTER, False, False),
    ],
)
def test_a_code_counts_as_it_did_on_its_day(code: str, day: date, possible: bool, absent: bool) -> None:
    codes = load_codes()
    number = codes.number(code, day)
    assert number > 0
    assert (codes.possible[number], codes.absent[number]) == (possible, absent)


@pytest.mark.parametrize(("code", "day"), [("J", AFTER), ("J1", BEFORE), ("H", AFTER), ("C2", BEFORE), ("QQ", AFTER)])
def test_a_code_out_of_its_time_has_no_number(code: str, day: date) -> None:
    assert load_codes().number(code, day) == 0


def test_a_code_means_one_thing_on_one_day() -> None:
    rows = load_codes().rows
    for row in rows:
        assert sum(other.code == row.code and other.valid_on(row.valid_from) for other in rows) == 1


def test_an_absence_is_possible_and_either_authorised_or_not() -> None:
    codes = load_codes()
    assert not (codes.absent & ~codes.possible).any()
    assert np.array_equal(codes.absent, codes.authorised ^ codes.unauthorised)
    assert not codes.possible[0]
    for flags in (codes.illness, codes.holiday, codes.suspension, codes.part_time, codes.study_leave):
        assert flags.any()
        assert not (flags & ~codes.absent).any()


def test_marks_of_some_codes_can_be_told_apart() -> None:
    codes = load_codes()
    decided = codes.of("E", "C2", "S")
    assert np.array_equal(decided, codes.suspension | codes.part_time | codes.study_leave)


def test_the_database_has_the_same_codes() -> None:
    db = duckdb.connect()
    register_codes(db)
    found = db.execute("SELECT number, code, possible, absence FROM codes ORDER BY number").fetchall()
    assert found == [(row.number, row.code, row.possible, row.absence) for row in load_codes().rows]
