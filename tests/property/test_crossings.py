"""When people crossed the line, for all at once, equals the plain version, one session at a time."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.codes.attendance import load_codes
from earlywarn.crossings import first_over, weeks_between
from earlywarn.register import Slice
from earlywarn.terms import from_days
from reference import crossings as plain
from reference.attendance import Mark

START = date(2024, 9, 2)
CODES = ["/", "\\", "I", "O", "X", "E", "L"]


@st.composite
def year(draw: st.DrawFn) -> tuple[list[date], np.ndarray, date]:
    """Draw school days with a holiday, two sessions a day (one on some), marks of three people, and a morning."""
    length = draw(st.integers(5, 40))
    holiday = START + timedelta(days=draw(st.integers(0, 50)))
    days = [START + timedelta(days=number) for number in range(length)]
    days = [day for day in days if day.weekday() < 5 and not holiday <= day < holiday + timedelta(days=9)]
    sessions = [day for day in days for _ in range(draw(st.sampled_from([1, 2, 2])))]
    numbers = [0, *(load_codes().number(code, START) for code in CODES)]
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    weights = np.array([1, 12, 12, *([draw(st.integers(1, 4))] * 5)], dtype=float)
    marks = random.choice(np.array(numbers, np.uint8), (3, len(sessions)), p=weights / weights.sum())
    return sessions, marks, START + timedelta(days=draw(st.integers(0, length + 3)))


@settings(max_examples=150, deadline=None)
@given(year(), st.sampled_from([0.1, 0.2, 0.5]), st.sampled_from([1, 6, 20]))
def test_crossings_equal_the_plain_version(
    drawn: tuple[list[date], np.ndarray, date], line: float, fewest: int
) -> None:
    sessions, marks, morning = drawn
    held = Slice(
        marks, np.array(sessions, "datetime64[D]"), np.zeros(len(sessions), np.uint8), np.ones(len(sessions), bool)
    )
    day, already = first_over(held, morning, line, fewest)
    rows = {code.number: code for code in load_codes().rows}
    for row, mine in enumerate(marks):
        told = [Mark(when, 0, rows.get(mark)) for when, mark in zip(sessions, mine, strict=True)]
        expected, before = plain.first_over(told, morning, Fraction(str(line)), fewest)
        assert (day[row].astype(object), bool(already[row])) == (expected, before)
        if expected:
            (weeks,) = weeks_between(from_days(sessions), morning, day[row : row + 1])
            assert weeks == plain.weeks_between(sessions, morning, expected)
