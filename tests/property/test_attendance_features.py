"""The features of marks, for all pupils at once, equal the slow plain version, one pupil at a time."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.codes.attendance import load_codes
from earlywarn.features.attendance import ATTENDANCE
from earlywarn.features.history import History
from earlywarn.features.seen import Seen
from earlywarn.register import Slice
from earlywarn.terms import SchoolCalendar
from reference import attendance as plain

PUPILS = 5
MEASURES = {feature.name: feature for feature in ATTENDANCE}


@st.composite
def school_days(draw: st.DrawFn) -> tuple[date, list[date], list[date]]:
    """Draw an as-of date, the school days of this and of last year before it, and a few days planned after it.

    Both years are cut short; days off and holidays of a week stand at random places.
    """
    as_of = draw(st.sampled_from([date(2024, 10, 14), date(2024, 12, 4), date(2025, 8, 1), date(2021, 9, 27)]))
    starts = [(as_of - timedelta(days=400), 25), (as_of - timedelta(days=draw(st.integers(2, 90))), 90)]
    days = [start + timedelta(days=number) for start, length in starts for number in range(length)]
    holiday = draw(st.dates(as_of - timedelta(days=60), as_of))
    off = draw(st.sets(st.sampled_from(days), max_size=4))
    days = [day for day in sorted(set(days)) if day.weekday() < 5 and day not in off]
    days = [day for day in days if not holiday <= day < holiday + timedelta(days=9)]
    last_year = date(as_of.year - (2 if as_of.month < 8 else 1), 8, 1)
    past = [day for day in days if last_year <= day < as_of]
    return as_of, past, [day for day in days if day >= as_of]


def random_marks(past: list[date], seed: int) -> np.ndarray:
    """Return marks of every code in force, most of them present; one pupil has none."""
    random = np.random.default_rng(seed)
    marks = np.zeros((PUPILS, 2 * len(past)), np.uint8)
    for column in range(marks.shape[1]):
        day = past[column // 2]
        every = [code.number for code in plain.codes_on(day)]
        present = load_codes().number("/", day)
        busy = np.array([0.0, 0.1, 0.3, 1.0, 1.0])
        marks[:, column] = np.where(random.random(PUPILS) < busy, random.choice([0, *every], PUPILS), present)
    marks[4] = 0
    return marks


def history(as_of: date, past: list[date], ahead: list[date], marks: np.ndarray) -> History:
    days = np.array([*past, *ahead], "datetime64[D]")
    blank = np.full(len(days), "")
    calendar = SchoolCalendar(days, np.full(len(days), 2, np.int8), blank, blank, known_on=days - 700)
    held = np.repeat(np.array(past, "datetime64[D]"), 2)
    session = np.tile(np.array([0, 1], np.uint8), len(past))
    nothing = np.zeros(PUPILS, np.int32)
    return History(as_of, Slice(marks, held, session), calendar, nothing, nothing)


@settings(max_examples=40, deadline=None)
@given(school_days(), st.integers(0, 2**32 - 1))
def test_features_equal_the_plain_version(days: tuple[date, list[date], list[date]], seed: int) -> None:
    as_of, past, ahead = days
    marks = random_marks(past, seed)
    seen = Seen(as_of, "1", pd.DataFrame(index=range(PUPILS)), frozenset(), history(as_of, past, ahead, marks))
    rows = {code.number: code for code in load_codes().rows}
    next_year = date(as_of.year + (as_of.month >= 8), 8, 1)
    left = 2 * sum(day < next_year for day in ahead)
    expected = [
        plain.features(
            [plain.Mark(past[at // 2], at % 2, rows.get(mark)) for at, mark in enumerate(pupil)], as_of, left
        )
        for pupil in marks
    ]
    for name in expected[0]:
        found = MEASURES[name].value(seen)
        assert found.dtype == np.float32
        assert found == pytest.approx([mine[name] for mine in expected], nan_ok=True, abs=1e-5), name
