"""What a training would do, counted before anything is fitted: `earlywarn train --dry-run`.

In:  the rows of all closed dates with their labels, and the features that the data allow; no feature is computed.
Out: `Outline`: dates, folds, features and the budget, with people and outcomes for each.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Config
from earlywarn.features.catalogue import absent_blocks, for_model
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources
from earlywarn.model.examples import Rows
from earlywarn.model.folds import FEWEST_SCHOOLS, Fold, PlannedDate, training_folds
from earlywarn.model.recipe import FEWEST_AT_ALL, FEWEST_FOR_TREES
from earlywarn.phrases import happened
from earlywarn.terms import SchoolCalendar, outcome_window, trust_calendar


@dataclass(frozen=True)
class DateCount:
    """An as-of date, what it serves and whom it counts; None where its outcomes are not yet or never looked at.

    window_start, window_end : days `[start, end)` in which the outcome may happen, on the trust's calendar.
    people, outcomes : people with a label and those with the outcome: for training, as known before the test.
    """

    as_of: date
    role: str
    why: str
    window_start: date | None
    window_end: date | None
    closes_on: date | None
    people: int | None
    outcomes: int | None


@dataclass(frozen=True)
class FoldCount:
    """A fold of the training rows: what is learnt from, and what it is tried on."""

    train_dates: tuple[date, ...]
    test_dates: tuple[date, ...]
    train_people: int
    train_outcomes: int
    test_people: int
    test_outcomes: int


@dataclass(frozen=True)
class Outline:
    """The plan of a training.

    folds_go     : forward in time, by school or by person.
    schools      : how many there are.
    held_out     : whether whole schools are held out beside time, in words.
    features     : block -> features that the model may use, at most: those that would mislead are dropped later.
    audit_only   : columns that serve the audit and not the model.
    absent       : what these data have nothing of.
    model        : what is fitted, in words; says why where it is not trees.
    goes         : whether there are outcomes enough to train at all.
    """

    name: str
    outcome: str
    dates: tuple[DateCount, ...]
    folds: tuple[FoldCount, ...]
    folds_go: str
    schools: int
    held_out: str
    features: Mapping[str, int]
    audit_only: tuple[str, ...]
    absent: tuple[str, ...]
    model: str
    goes: bool
    trials: int
    minutes: float | None
    seed: int


def outline(sources: Sources, rows: Rows, features: Sequence[Feature]) -> Outline:
    """Count what a training on these rows would learn from and be tested on."""
    config, training = sources.config, rows.training
    people, outcome = rows.people[training], rows.then.outcome[training] > 0
    closes = {planned.as_of: planned.closes_on for planned in rows.plan.dates}
    folds, folds_go = training_folds(people, outcome, closes, config.model.folds)
    chosen = for_model(features, config)
    schools = int(rows.people["school_id"].nunique())
    model, goes = _what_is_fitted(outcome)
    calendar = trust_calendar(sources.calendars)
    return Outline(
        name=config.name,
        outcome=happened(config.outcome),
        dates=tuple(_date_count(planned, rows, config, calendar) for planned in rows.plan.dates),
        folds=tuple(_fold_count(fold, people, outcome) for fold in folds),
        folds_go=folds_go,
        schools=schools,
        held_out=_held_out(schools, config.model.folds),
        features=dict(Counter(feature.block for feature in chosen)),
        audit_only=tuple(sorted({f.source for f in features if f.source in config.features.audit_only})),
        absent=absent_blocks(features, config),
        model=model,
        goes=goes,
        trials=config.model.trials,
        minutes=config.model.minutes,
        seed=config.model.seed,
    )


def _date_count(planned: PlannedDate, rows: Rows, config: Config, calendar: SchoolCalendar) -> DateCount:
    window = outcome_window(config.outcome, calendar, planned.as_of)
    labels = rows.then if planned.role == "training" else rows.now
    mine = rows.on([planned.as_of]) & labels.known
    counted = planned.role in ("training", "test")
    return DateCount(
        as_of=planned.as_of,
        role=planned.role,
        why=planned.why,
        window_start=window.start if window else None,
        window_end=window.end if window else None,
        closes_on=planned.closes_on,
        people=int(mine.sum()) if counted else None,
        outcomes=int(labels.outcome[mine].sum()) if counted else None,
    )


def _fold_count(fold: Fold, people: pd.DataFrame, outcome: NDArray[np.bool_]) -> FoldCount:
    train, test = fold
    return FoldCount(
        train_dates=_dates_of(people, train),
        test_dates=_dates_of(people, test),
        train_people=len(train),
        train_outcomes=int(outcome[train].sum()),
        test_people=len(test),
        test_outcomes=int(outcome[test].sum()),
    )


def _dates_of(people: pd.DataFrame, rows: NDArray[np.int64]) -> tuple[date, ...]:
    return tuple(sorted(pd.to_datetime(people["as_of"].iloc[rows].unique()).date))


def _held_out(schools: int, folds: int) -> str:
    if schools < FEWEST_SCHOOLS:
        return f"Whole schools are not held out: there are {schools}, and at least {FEWEST_SCHOOLS} are needed."
    groups = min(folds, schools)
    return f"Beside time, whole schools are held out in turn: {schools} schools in {groups} groups."


def _what_is_fitted(outcome: NDArray[np.bool_]) -> tuple[str, bool]:
    """Return what the training rows allow, in words, and whether that is anything."""
    happened_to = int(outcome.sum())
    rarer = min(happened_to, len(outcome) - happened_to)
    if rarer < FEWEST_AT_ALL:
        few = f"{happened_to:,} of {len(outcome):,} training rows have the outcome"
        return f"nothing: {few}, and at least {FEWEST_AT_ALL} with and without it are needed", False
    if happened_to < FEWEST_FOR_TREES:
        return f"a logistic regression: {happened_to} outcomes in training are too few for trees", True
    return "boosted trees", True


def as_plain(found: Outline) -> dict[str, Any]:
    """Return the outline as plain data, with dates as text, for `metrics.json` and `--json`."""
    return {name: _plain(value) for name, value in vars(found).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, DateCount | FoldCount):
        return {name: _plain(each) for name, each in vars(value).items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, date) else value
