"""Rows to learn from and to be judged on: the features of some dates beside what happened after them.

Training labels are what was known before the first test date; test labels, and those of
the model that is kept, what is known today.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.cohort import cohorts
from earlywarn.config import Config
from earlywarn.errors import ConfigError, LeakageError, TableError
from earlywarn.features.build import Matrix
from earlywarn.features.catalogue import catalogue, event_kinds, number_columns, vocabulary_of
from earlywarn.features.feature import Feature
from earlywarn.features.gather import Sources, score_waves, score_waves_of
from earlywarn.features.kept import kept_matrix
from earlywarn.labels import Labels, closes_on, find_labels
from earlywarn.model.folds import Plan, plan_dates
from earlywarn.register import calendars_of, pack_register
from earlywarn.tables.store import Store
from earlywarn.terms import as_of_dates, outcome_window, trust_calendar


@dataclass(frozen=True)
class Rows:
    """The rows of all closed dates: who they are and what happened to them.

    then : labels of every row as they were known before the first test date.
    now  : labels of every row as they are known today.
    """

    plan: Plan
    people: pd.DataFrame
    then: Labels
    now: Labels

    def on(self, dates: Sequence[date]) -> NDArray[np.bool_]:
        """Tell which rows stand on some dates."""
        return self.people["as_of"].isin(pd.to_datetime(list(dates))).to_numpy()

    @property
    def training(self) -> NDArray[np.bool_]:
        """Return the rows to train the tested model on: their labels were known in time."""
        return self.on(self.plan.training) & self.then.known

    @property
    def test(self) -> NDArray[np.bool_]:
        return self.on(self.plan.test) & self.now.known

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Return the rows to fit the kept model on."""
        return self.on(self.plan.kept) & self.now.known


@dataclass(frozen=True)
class Examples(Rows):
    """The same rows with their features.

    own_decisions_out : labels of today with suspensions, part-time timetables and study leave taken out.
    """

    matrix: Matrix
    own_decisions_out: Labels | None


def load_sources(store: Store, config: Config) -> Sources:
    """Load what features and labels are computed from."""
    marks = config.population == "pupils" and "attendance" in store.present
    if config.outcome.kind == "absence_rate" and not marks:
        raise TableError(
            "an absence outcome needs session marks; attendance_summary alone tells no window apart",
            fix="add the attendance table, or predict a recorded outcome",
        )
    register = pack_register(store, config.terms) if marks else None
    calendars = register.calendars if register else calendars_of(store, config.terms)
    of_staff = score_waves_of(store, ("staff",)) if config.features.staff_views else ()
    return Sources(store, config, register, calendars, score_waves(store, config), of_staff)


def plan(sources: Sources) -> tuple[Plan, dict[date, date | None]]:
    """Return what each as-of date is used for, and when its window closes."""
    config, store = sources.config, sources.store
    dates = as_of_dates(config.as_of, trust_calendar(sources.calendars), store.today)
    if late := [str(day) for day in config.as_of.dates if day > store.today + timedelta(days=7)]:
        raise ConfigError(
            f"as_of: {', '.join(late)} lies after the data, which end on {store.today}",
            fix="give newer data, or earlier dates",
        )
    _refuse_overlap(sources, dates)
    closes = {day: closes_on(config, sources.calendars, day) for day in dates}
    wants_history = config.history == "year" and sources.register is not None
    return plan_dates(closes, today=store.today, history_from=_history_from(store) if wants_history else None), closes


def _refuse_overlap(sources: Sources, dates: Sequence[date]) -> None:
    """Refuse an outcome window that begins before its as-of date, in days that the features see.

    A term's or half-term's name that comes back in the same school year makes such a window: it
    would run from the first day so named to the last.
    """
    config = sources.config
    for as_of in dates:
        windows = (outcome_window(config.outcome, calendar, as_of) for calendar in sources.calendars.values())
        early = [window for window in windows if window is not None and window.start < as_of]
        if early:
            raise LeakageError(
                f"outcome.window is {config.outcome.window!r}, which for as_of {as_of} begins on "
                f"{min(window.start for window in early)}: the features would see days of the outcome",
                fix="give every term and half-term of a school year a name of its own, or choose another window",
            )


def closed_dates(sources: Sources) -> tuple[date, ...]:
    """Return the config's as-of dates whose windows have closed by today."""
    config, today = sources.config, sources.store.today
    dates = as_of_dates(config.as_of, trust_calendar(sources.calendars), today)
    closes = {day: closes_on(config, sources.calendars, day) for day in dates}
    return tuple(day for day, closing in closes.items() if closing is not None and closing <= today)


def _history_from(store: Store) -> date:
    """Return the day from which on half of the first year's pupils are known, by marks or by summaries.

    The first year's pupils: those with a mark in the first weeks that have any.
    """
    row = store.db.execute("""
        WITH marked AS (SELECT person_id, min(date) AS day FROM attendance GROUP BY 1),
        summed AS (SELECT person_id, min(from_on) AS day FROM attendance_summary GROUP BY 1)
        SELECT quantile_disc(least(marked.day, coalesce(summed.day, marked.day)), 0.5)
        FROM marked LEFT JOIN summed USING (person_id)
        WHERE marked.day < (SELECT min(day) FROM marked) + INTERVAL 60 DAY
    """).fetchone()
    return row[0] if row and row[0] else store.today


def label_rows(sources: Sources, planned: Plan) -> Rows:
    """Return who stood on the rolls of all closed dates, and what happened to them."""
    people = cohorts(sources.store, sources.config, planned.kept)
    then, now = (labels_before(sources, people, day) for day in (planned.test[0], _tomorrow(sources)))
    return Rows(planned, people, then, now)


def labels_before(sources: Sources, people: pd.DataFrame, before: date, *, strip: bool = False) -> Labels:
    """Return the labels of some rows as they were known before a day; `strip` leaves schools' own decisions out."""
    store, config = sources.store, sources.config
    return find_labels(store, sources.register, sources.calendars, config, people, before, without_own_decisions=strip)


def _tomorrow(sources: Sources) -> date:
    return sources.store.today + timedelta(days=1)


def features_for(sources: Sources, rows: Rows) -> tuple[Feature, ...]:
    """Return the features that these data allow; their levels and kinds are what training could know of."""
    config = sources.config
    training = rows.people[rows.on(rows.plan.training)]
    return catalogue(
        config,
        sources.instruments,
        vocabulary_of(config, training),
        number_columns(config, training),
        event_kinds(sources, rows.plan.test[0]),
        marks=sources.register is not None,
    )


def gather_examples(
    sources: Sources, planned: Plan, private: Path, on_date: Callable[[date], None] = lambda _: None
) -> Examples:
    """Compute features and labels of all closed dates; features that were kept in `private` are used again."""
    rows = label_rows(sources, planned)
    matrix = kept_matrix(private, sources, rows.people, features_for(sources, rows), on_date)
    absence = sources.config.outcome.kind == "absence_rate"
    stripped = labels_before(sources, rows.people, _tomorrow(sources), strip=True) if absence else None
    return Examples(planned, rows.people, rows.then, rows.now, matrix, stripped)
