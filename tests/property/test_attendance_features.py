"""The features of marks, for all pupils at once, equal the slow plain version, one pupil at a time."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earlywarn.codes.attendance import load_codes
from earlywarn.features.attendance import ATTENDANCE, CONTEXT
from earlywarn.features.history import History
from earlywarn.features.seen import Seen
from earlywarn.register import Slice
from earlywarn.terms import SchoolCalendar, from_days
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


def history(as_of: date, half_term: date, past: list[date], ahead: list[date], marks: np.ndarray) -> History:
    days = np.array([*past, *ahead], "datetime64[D]")
    names = np.where(days < np.datetime64(half_term), "1", "2")
    calendar = SchoolCalendar(days, np.full(len(days), 2, np.int8), names, names, known_on=days - 700)
    held = np.repeat(np.array(past, "datetime64[D]"), 2)
    session = np.tile(np.array([0, 1], np.uint8), len(past))
    nothing = np.zeros(PUPILS, np.int32)
    return History(as_of, Slice(marks, held, session, np.ones(len(held), bool)), calendar, nothing, nothing)


@settings(max_examples=40, deadline=None)
@given(school_days(), st.integers(0, 80), st.integers(0, 2**32 - 1))
def test_features_equal_the_plain_version(days: tuple[date, list[date], list[date]], ago: int, seed: int) -> None:
    as_of, past, ahead = days
    half_term = as_of - timedelta(days=ago)
    marks = random_marks(past, seed)
    known = history(as_of, half_term, past, ahead, marks)
    seen = Seen(as_of, "1", pd.DataFrame(index=range(PUPILS)), frozenset(), known)
    rows = {code.number: code for code in load_codes().rows}
    next_year = date(as_of.year + (as_of.month >= 8), 8, 1)
    left = 2 * sum(day < next_year for day in ahead)
    began = half_term if past and past[-1] >= half_term else date.min
    expected = [
        plain.features(
            [plain.Mark(past[at // 2], at % 2, rows.get(mark)) for at, mark in enumerate(pupil)], as_of, began, left
        )
        for pupil in marks
    ]
    assert expected[0].keys() == MEASURES.keys()
    for name, feature in MEASURES.items():
        found = feature.value(seen)
        assert found.dtype == np.float32
        assert found == pytest.approx([mine[name] for mine in expected], nan_ok=True, abs=1e-5), name


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from([7, 8]), st.sampled_from(["oak", "elm", None])), min_size=1)
)
def test_features_beside_others_equal_the_plain_version(drawn: list[tuple[int, int, str | None]]) -> None:
    """Each pupil: sessions missed of four (or no session at all), year group, form."""
    day, codes = date(2024, 9, 9), load_codes()
    marks = np.array([
        [0] * 4 if missed == 4 else [codes.number("I" if at < missed else "/", day) for at in range(4)]
        for missed, _, _ in drawn
    ], np.uint8)  # fmt: skip
    held = np.repeat(np.array([day, day + timedelta(days=1)], "datetime64[D]"), 2)
    known = History(
        day + timedelta(days=7),
        Slice(marks, held, np.array([0, 1, 0, 1], np.uint8), np.ones(4, bool)),
        from_days([day]),
        0,
        0,
    )
    people = pd.DataFrame({"year_group": [year for _, year, _ in drawn], "form": [form for _, _, form in drawn]})
    seen = Seen(day + timedelta(days=7), "1", people, frozenset(), known)
    rates = [np.nan if missed == 4 else missed / 4 for missed, _, _ in drawn]
    expected = plain.beside_others(rates, [year for _, year, _ in drawn], [(year, form) for _, year, form in drawn])
    assert expected.keys() == {feature.name for feature in CONTEXT}
    for feature in CONTEXT:
        assert feature.value(seen) == pytest.approx(expected[feature.name], nan_ok=True, abs=1e-6), feature.name
