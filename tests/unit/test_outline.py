"""The plan of a training: what is counted, what is promised of it, and how it reads."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from earlywarn.config import Config
from earlywarn.features.attendance import ATTENDANCE
from earlywarn.features.gather import Sources
from earlywarn.labels import Labels
from earlywarn.model.examples import Rows
from earlywarn.model.folds import Plan, PlannedDate
from earlywarn.model.outline import Outline, as_plain, outline
from earlywarn.report.outline_words import outline_lines
from earlywarn.terms import from_days

AUTUMN, SPRING, TEST = date(2023, 10, 2), date(2024, 1, 8), date(2024, 10, 7)
PLAN = Plan(
    (
        PlannedDate(date(2022, 10, 3), date(2023, 7, 31), "unused", "no full year of marks before 2022/23"),
        PlannedDate(AUTUMN, date(2024, 7, 31), "training"),
        PlannedDate(SPRING, date(2024, 7, 31), "training"),
        PlannedDate(TEST, date(2025, 7, 31), "test"),
    )
)
CONFIG = Config.model_validate({"name": "made-up", "as_of": {"dates": [AUTUMN, SPRING, TEST]}, "model": {"folds": 3}})


def sources(config: Config = CONFIG) -> Sources:
    """Return sources that know of nothing but a calendar of every weekday."""
    days = pd.bdate_range("2022-09-01", "2025-07-18").date
    return Sources(None, config, None, {"s0": from_days(days)}, ())  # type: ignore[arg-type]  # no store is read


def rows(people: int = 600, schools: int = 6, every: int = 4, late: int = 0) -> Rows:
    """Return people on the three dates: one in `every` has the outcome; `late` of the first date are known later."""
    days = [AUTUMN, SPRING, TEST]
    frame = pd.DataFrame(
        {
            "person_id": [f"p{number}" for _ in days for number in range(people)],
            "school_id": [f"s{number % schools}" for _ in days for number in range(people)],
            "as_of": pd.to_datetime([day for day in days for _ in range(people)]),
        }
    )
    outcome = (np.arange(len(frame)) % every == 0).astype(float)
    then = outcome.copy()
    then[:late] = np.nan
    then[frame["as_of"] == pd.Timestamp(TEST)] = np.nan
    blank = np.full(len(frame), "", object)
    return Rows(PLAN, frame, Labels(then, blank), Labels(outcome, blank))


def planned(**given: int) -> Outline:
    return outline(sources(), rows(**given), ATTENDANCE)


def test_training_counts_what_was_known_before_the_test_and_the_test_what_is_known_today() -> None:
    found = planned(late=100)
    assert [(one.as_of, one.people, one.outcomes) for one in found.dates] == [
        (date(2022, 10, 3), None, None),
        (AUTUMN, 500, 125),
        (SPRING, 600, 150),
        (TEST, 600, 150),
    ]


def test_folds_hold_every_training_row_once_and_no_test_row() -> None:
    found = planned()
    assert found.folds_go == "by school"  # the two dates close on the same day
    assert [(one.train_dates, one.test_dates) for one in found.folds] == [((AUTUMN, SPRING),) * 2] * 3
    assert sum(one.test_people for one in found.folds) == 1200
    assert sum(one.test_outcomes for one in found.folds) == 300
    assert all(one.train_people + one.test_people == 1200 for one in found.folds)


@pytest.mark.parametrize(
    ("every", "words", "goes"),
    [
        (4, "boosted trees", True),
        (20, "a logistic regression: 60 outcomes in training are too few for trees", True),
        (
            60,
            "nothing: 20 of 1,200 training rows have the outcome, and at least 30 with and without it are needed",
            False,
        ),
    ],
)
def test_what_would_be_fitted_is_said_before_it_is(every: int, words: str, goes: bool) -> None:
    found = planned(every=every)
    assert (found.model, found.goes) == (words, goes)


def test_schools_are_held_out_where_there_are_five() -> None:
    assert "whole schools are held out in turn: 6 schools in 3 groups." in planned().held_out
    few = "Whole schools are not held out: there are 4, and at least 5 are needed."
    assert few in outline_lines(planned(schools=4))


def test_the_plan_reads_as_a_table_with_every_count() -> None:
    lines = outline_lines(planned())
    assert lines[0] == "made-up: who missed 10% or more of their sessions from the date to the end of the school year?"
    training = next(line for line in lines if line.startswith("2023-10-02"))
    assert training.split() == ["2023-10-02", "2023-10-02", "to", "2024-08-01", "2024-07-31", "training", "600", "150"]
    (unused,) = [line for line in lines if line.startswith("2022-10-03")]
    assert unused.endswith("-         -  no full year of marks before 2022/23")
    assert "To be fitted: boosted trees, 20 trials of settings over 3 folds, seed 1." in lines
    assert f"Features, at most: {len(ATTENDANCE)} (attendance {len(ATTENDANCE)})." in lines


def test_many_dates_are_told_by_their_number() -> None:
    found = planned()
    fold = found.folds[0]
    many = tuple(date(2024, 1, day) for day in range(1, 9))
    lines = outline_lines(Outline(**{**vars(found), "folds": (type(fold)(**{**vars(fold), "train_dates": many}),)}))
    assert any(line.startswith("8 dates, 2024-01-01 to 2024-01-08") for line in lines)


def test_as_plain_data_it_holds_no_date_but_as_text() -> None:
    found = as_plain(planned())
    assert found["dates"][1] == {
        "as_of": "2023-10-02", "role": "training", "why": "", "window_start": "2023-10-02",
        "window_end": "2024-08-01", "closes_on": "2024-07-31", "people": 600, "outcomes": 150,
    }  # fmt: skip
    assert found["folds"][0]["train_dates"] == ["2023-10-02", "2024-01-08"]
