"""Which dates train and test, folds of the training rows, and features that stay what they were."""

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from earlywarn.errors import TooFewError
from earlywarn.features.feature import Feature
from earlywarn.model.folds import Plan, plan_dates, training_folds
from earlywarn.model.recipe import steady_features

TODAY = date(2025, 7, 31)
MONDAYS = [date(2021, 9, 13) + timedelta(weeks=6 * number) for number in range(33)]  # to May 2025
AFTER = st.none() | st.integers(0, 300)


def planned(closes: Mapping[str, str | None], **given: date | None) -> Plan:
    read = {date.fromisoformat(day): closing and date.fromisoformat(closing) for day, closing in closes.items()}
    return plan_dates(read, **({"today": TODAY, "history_from": None} | given))


YEARS = {
    "2022-10-03": "2023-07-31",
    "2023-10-02": "2024-07-31",
    "2023-11-06": "2024-07-31",
    "2024-10-07": "2025-07-31",
    "2024-11-04": "2025-07-31",
    "2025-10-06": None,
}


def test_the_latest_closed_year_is_the_test() -> None:
    plan = planned(YEARS)
    assert [(str(day.as_of), day.role) for day in plan.dates] == [
        ("2022-10-03", "training"),
        ("2023-10-02", "training"),
        ("2023-11-06", "training"),
        ("2024-10-07", "test"),
        ("2024-11-04", "test"),
        ("2025-10-06", "not closed"),
    ]
    assert len(plan.kept) == 5
    assert plan.dates[-1].why == "its window lies beyond the calendar"


def test_a_date_whose_window_is_open_needs_no_other_reason() -> None:
    later = planned(YEARS | {"2025-10-06": "2026-08-03"}).dates[-1]
    assert (later.role, later.closes_on, later.why) == ("not closed", date(2026, 8, 3), "")


def test_an_outcome_that_closes_on_the_test_morning_is_not_learnt_from() -> None:
    roles = [
        day.role
        for day in planned({"2023-10-02": "2024-10-07", "2023-09-11": "2024-10-06", "2024-10-07": "2025-07-31"}).dates
    ]
    assert roles == ["training", "unused", "test"]


def test_within_one_year_the_last_date_is_the_test() -> None:
    plan = planned({"2024-09-16": "2024-11-01", "2024-10-14": "2024-12-02", "2024-11-11": "2025-01-10"})
    assert plan.training == (date(2024, 9, 16),)
    assert plan.test == (date(2024, 11, 11),)
    assert [day.why for day in plan.dates][1] == "its window had not closed by the first test date"


def test_a_training_date_needs_a_full_earlier_year() -> None:
    plan = planned(YEARS, history_from=date(2022, 9, 5))
    assert plan.training == (date(2023, 10, 2), date(2023, 11, 6))
    assert plan.dates[0].why == "no full year of marks before 2022/23"


def test_nothing_to_train_on_is_refused_with_the_counts() -> None:
    closed = {"2022-10-03": "2023-07-31", "2023-10-02": "2024-07-31"}
    open_still = dict.fromkeys(list(YEARS)[2:])
    with pytest.raises(TooFewError, match=r"of 6 date\(s\), 2 have a closed .* and 1 of them a full") as refused:
        planned(closed | open_still, history_from=date(2022, 9, 5))
    assert "history: none" in refused.value.fix


@given(st.lists(st.sampled_from(MONDAYS), min_size=2, unique=True).flatmap(
    lambda days: st.fixed_dictionaries({day: AFTER for day in days})
))  # fmt: skip
def test_no_outcome_is_learnt_from_before_it_had_closed(after: dict[date, int | None]) -> None:
    closes = {day: None if days is None else day + timedelta(days=days) for day, days in after.items()}
    try:
        plan = plan_dates(closes, today=TODAY, history_from=None)
    except TooFewError:
        return
    first_test = min(plan.test)
    assert all(closes[day] < first_test for day in plan.training)
    assert all(closes[day] <= TODAY for day in plan.kept)
    assert not set(plan.training) & set(plan.test)
    assert [day.as_of for day in plan.dates] == sorted(closes)


def rows(days: list[date], people: int, schools: int) -> pd.DataFrame:
    """Return a cohort of some people on each of some days."""
    return pd.DataFrame(
        {
            "as_of": pd.to_datetime([day for day in days for _ in range(people)]),
            "person_id": [f"p{number}" for _ in days for number in range(people)],
            "school_id": [f"{number % schools}" for _ in days for number in range(people)],
        }
    )


def every_third(people: pd.DataFrame) -> np.ndarray:
    return np.arange(len(people)) % 3 == 0


@given(
    st.lists(st.sampled_from(MONDAYS), min_size=1, max_size=5, unique=True),
    st.lists(st.integers(0, 300), min_size=5, max_size=5),
)
def test_a_forward_fold_knows_only_what_had_closed(days: list[date], after: list[int]) -> None:
    people = rows(days, 99, 6)
    closes = {day: day + timedelta(days=gap) for day, gap in zip(days, after, strict=False)}
    folds, how = training_folds(people, every_third(people), closes, 5)
    if how != "forward in time":
        return
    as_of = people["as_of"].dt.date.to_numpy()
    assert len(folds) <= 5
    for train, test in folds:
        assert len(train)
        assert all(closes[other] < day for other in set(as_of[train]) for day in set(as_of[test]))


def test_dates_that_learn_from_the_same_are_one_fold() -> None:
    """Three dates of 2021/22 and three of 2022/23: what closed in summer is behind all of the later ones."""
    days = [
        date(2021, 10, 4),
        date(2021, 11, 8),
        date(2022, 2, 7),
        date(2022, 10, 3),
        date(2022, 11, 7),
        date(2023, 2, 6),
    ]
    people = rows(days, 99, 6)
    folds, how = training_folds(
        people, every_third(people), {day: date(day.year + (day.month > 8), 7, 31) for day in days}, 5
    )
    as_of = people["as_of"].dt.date.to_numpy()
    assert how == "forward in time"
    assert [(set(as_of[train]), set(as_of[test])) for train, test in folds] == [(set(days[:3]), set(days[3:]))]


def test_weekly_dates_make_no_more_folds_than_asked_for() -> None:
    people = rows(MONDAYS[:12], 99, 6)
    closes = {day: day + timedelta(days=1) for day in MONDAYS[:12]}
    folds, how = training_folds(people, every_third(people), closes, 4)
    as_of = people["as_of"].dt.date.to_numpy()
    assert how == "forward in time"
    assert [len(set(as_of[test])) for _, test in folds] == [3, 3, 3, 2]  # the first date of all has nothing behind it
    assert [max(as_of[train]) for train, _ in folds] == [MONDAYS[at] for at in (0, 3, 6, 9)]


@pytest.mark.parametrize(("schools", "group", "how"), [(6, "school_id", "by school"), (4, "person_id", "by person")])
def test_one_date_is_folded_by_whole_schools_or_people(schools: int, group: str, how: str) -> None:
    people = rows([MONDAYS[0]], 60, schools)
    folds, told = training_folds(people, every_third(people), {MONDAYS[0]: TODAY}, 3)
    assert told == how
    assert sorted(np.concatenate([test for _, test in folds])) == list(range(60))
    for train, test in folds:
        assert not set(people[group].iloc[train]) & set(people[group].iloc[test])
        assert len(test) == 20


def test_too_few_outcomes_make_no_forward_fold() -> None:
    """29 outcomes before the second date teach nothing: folds go by school."""
    people = rows(MONDAYS[:2], 87, 6)
    _, how = training_folds(people, every_third(people), {MONDAYS[0]: MONDAYS[0], MONDAYS[1]: TODAY}, 3)
    assert how == "by school"


def test_steady_features_are_kept_and_others_named_with_the_reason() -> None:
    names = ("steady", "empty", "constant", "gone", "beyond")
    features = [Feature(name, "movement", "movement", "count", name, "never", lambda _: np.zeros(0)) for name in names]
    run = np.arange(100, dtype=np.float32)
    some = np.where(run < 79, run, np.nan)
    train = np.stack([run, np.full(100, np.nan), np.ones(100), run, run], axis=1).astype(np.float32)
    test = np.stack([run[::-1], run, run, some, run + 51], axis=1).astype(np.float32)
    used, dropped = steady_features(train, test, features)
    assert [feature.name for feature in used] == ["steady"]
    assert dict(dropped) == {
        "empty": "empty in training",
        "constant": "the same for everyone in training",
        "gone": "its missing share differs by 21 points between training and test",
        "beyond": "51% of the test lies beyond what training has seen",
    }


def test_a_fifth_more_missing_is_still_borne() -> None:
    run = np.arange(100, dtype=np.float32)
    feature = Feature("a", "movement", "movement", "count", "a", "never", lambda _: np.zeros(0))
    assert steady_features(run[:, None], np.where(run < 80, run, np.nan)[:, None], [feature])[1] == ()
