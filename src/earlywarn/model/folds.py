"""Which dates train, which test, and what may be learnt from what.

In:  as-of dates, the day on which each one's outcome window counts as closed, and what the
     data hold.
Out: a `Plan`: a role for every date, in words where it serves neither; and folds of the
     training rows for tuning and calibration.

A model that is tested on a date T is trained only on dates whose window had closed by T.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.errors import TooFewError
from earlywarn.terms import school_year, year_name

Fold = tuple[NDArray[np.int64], NDArray[np.int64]]
Role = Literal["training", "test", "unused", "not closed"]

FEWEST_SCHOOLS = 5  # under it, folds go by person
FEWEST_OUTCOMES = 30  # a forward fold with fewer in its training part teaches nothing


@dataclass(frozen=True)
class PlannedDate:
    """An as-of date and what it is used for."""

    as_of: date
    closes_on: date | None
    role: Role
    why: str = ""


@dataclass(frozen=True)
class Plan:
    """What each as-of date is used for."""

    dates: tuple[PlannedDate, ...]

    def _of(self, *roles: Role) -> tuple[date, ...]:
        return tuple(planned.as_of for planned in self.dates if planned.role in roles)

    @property
    def training(self) -> tuple[date, ...]:
        return self._of("training")

    @property
    def test(self) -> tuple[date, ...]:
        return self._of("test")

    @property
    def kept(self) -> tuple[date, ...]:
        """Return the dates the kept model is fitted on: all that are closed and have their history."""
        return self._of("training", "test")


def plan_dates(closes: Mapping[date, date | None], *, today: date, history_from: date | None) -> Plan:
    """Give every as-of date its role.

    closes       : as-of date -> the day its window counts as closed; None where the calendar does not reach.
    today        : the last day that the data know of.
    history_from : the first day of which anything is known, where a full earlier year is asked for; else None.
    """
    closed = [day for day, closing in closes.items() if closing is not None and closing <= today]
    usable = sorted(day for day in closed if _has_history(day, history_from))
    test = _test_dates(usable, closes)
    training = [day for day in usable if test and _closed_by(closes[day], test[0])]
    if not training:
        raise TooFewError(
            f"no as-of date can be trained on: of {len(closes)} date(s), {len(closed)} have a closed outcome window by "
            f"{today} and {len(usable)} of them a full earlier year of marks",
            fix="add earlier data or as-of dates, choose a shorter outcome window, or set `history: none` "
            "if there is no earlier year",
        )
    return Plan(tuple(_planned(day, closes[day], training, test, usable, closed) for day in sorted(closes)))


def _has_history(day: date, history_from: date | None) -> bool:
    """Tell whether the marks begin in the first weeks of the school year before `day`'s, or earlier."""
    return history_from is None or history_from < date(school_year(day) - 1, 10, 1)


def _closed_by(closing: date | None, day: date) -> bool:
    return closing is not None and closing < day


def _test_dates(usable: Sequence[date], closes: Mapping[date, date | None]) -> list[date]:
    """Return the closed dates of the latest year; only the latest date where the year leaves none to train on."""
    if not usable:
        return []
    latest_year = [day for day in usable if school_year(day) == school_year(usable[-1])]
    for test in (latest_year, latest_year[-1:]):
        if any(_closed_by(closes[day], test[0]) for day in usable):
            return test
    return []


def _planned(
    day: date,
    closing: date | None,
    training: Sequence[date],
    test: Sequence[date],
    usable: Sequence[date],
    closed: Sequence[date],
) -> PlannedDate:
    if day in test:
        return PlannedDate(day, closing, "test")
    if day in training:
        return PlannedDate(day, closing, "training")
    if day in usable:
        return PlannedDate(day, closing, "unused", "its window had not closed by the first test date")
    if day in closed:
        return PlannedDate(day, closing, "unused", f"no full year of marks before {year_name(school_year(day))}")
    return PlannedDate(day, closing, "not closed", "" if closing else "its window lies beyond the calendar")


def training_folds(
    people: pd.DataFrame, outcome: NDArray[np.bool_], closes: Mapping[date, date | None], count: int
) -> tuple[tuple[Fold, ...], str]:
    """Return folds of the training rows, at most `count`, and how they go: forward in time where the dates allow it.

    Forward: a date is tested by what had closed before it; dates that learn from the same are one fold.
    With one closed date (or dates whose windows overlap), folds go by school, or by person where
    there are fewer than 5 schools.
    """
    days = pd.to_datetime(people["as_of"]).dt.date.to_numpy()
    if forward := [fold for fold in _forward(days, closes) if _teaches(fold, outcome)]:
        return _joined(forward, count), "forward in time"
    by_school = people["school_id"].nunique() >= FEWEST_SCHOOLS
    groups = people["school_id" if by_school else "person_id"].to_numpy()
    return by_group(groups, count), "by school" if by_school else "by person"


def _forward(days: NDArray[np.object_], closes: Mapping[date, date | None]) -> list[Fold]:
    """Return, in order of time, a fold for each run of dates with the same closed dates behind them."""
    dates = sorted(set(days))
    behind = {day: [other for other in dates if _closed_by(closes[other], day)] for day in dates}
    return [
        (np.flatnonzero(np.isin(days, earlier)), np.flatnonzero(np.isin(days, list(run))))
        for earlier, run in groupby(dates, behind.__getitem__)
        if earlier
    ]


def _joined(folds: Sequence[Fold], count: int) -> tuple[Fold, ...]:
    """Join neighbours into at most `count` folds, which learn what the first of them could: weekly dates are many."""
    parts = [part for part in np.array_split(np.arange(len(folds)), count) if len(part)]
    return tuple((folds[part[0]][0], np.concatenate([folds[at][1] for at in part])) for part in parts)


def _teaches(fold: Fold, outcome: NDArray[np.bool_]) -> bool:
    train, test = fold
    return bool(outcome[train].sum() >= FEWEST_OUTCOMES and (~outcome[train]).any() and outcome[test].any())


def by_group(groups: NDArray[np.object_], count: int) -> tuple[Fold, ...]:
    """Split whole groups into folds of about equal size: the largest first, each to the smallest fold."""
    names, code, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    fold_of = np.zeros(len(names), np.int64)
    filled = np.zeros(min(count, len(names)), np.int64)
    for group in np.argsort(-sizes, kind="stable"):
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    fold = fold_of[code]
    return tuple((np.flatnonzero(fold != number), np.flatnonzero(fold == number)) for number in range(len(filled)))
