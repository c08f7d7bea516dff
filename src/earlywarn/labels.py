"""What happened after the as-of date: the other door. Features cannot be reached from here.

In:  a cohort, the register or the tables of outcomes, and the day before which the outcome
     must have been known (a label of a training row is what stood before the test date).
Out: one label a row of the cohort, empty (NaN) with a reason where nothing can be said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.config import Config
from earlywarn.errors import TooFewError
from earlywarn.register import Block, Register, Slice
from earlywarn.tables.known import known_before, people_as_known
from earlywarn.tables.store import Store
from earlywarn.terms import SchoolCalendar, Window, outcome_window, school_year, year_start

MIN_SESSIONS = 20
SCHOOLS_OWN_DECISIONS = ("suspension", "part_time", "study_leave")  # E, C2 and S
NO_WINDOW = "the calendar does not reach the end of the window"
FEW_SESSIONS = "too few possible sessions in the window"
NOT_RECORDED = "no outcome recorded in the window"
REASON_UNKNOWN = "left, reason unknown"


@dataclass(frozen=True)
class Labels:
    """The outcomes of a cohort's rows.

    outcome   : (rows,) 1 it happened, 0 it did not, NaN it cannot be said.
    why_empty : (rows,) the reason where it is NaN, else "".
    """

    outcome: NDArray[np.float64]
    why_empty: NDArray[np.object_]

    @property
    def known(self) -> NDArray[np.bool_]:
        return ~np.isnan(self.outcome)

    def counts(self) -> dict[str, int]:
        """Return how many rows are empty for each reason."""
        reasons = pd.Series(self.why_empty[~self.known]).value_counts()
        return {str(reason): int(count) for reason, count in reasons.sort_index().items()}


def closes_on(config: Config, calendars: Mapping[str, SchoolCalendar], as_of: date) -> date | None:
    """Return the day on which every school's window of an as-of date counts as closed.

    A school whose calendar holds no such window (it was not open then) keeps no other waiting;
    None where no school's calendar reaches the end of the window.
    """
    days = [
        calendar.after_school_days(window.end - timedelta(days=1), config.settle_days)
        for calendar in calendars.values()
        if (window := outcome_window(config.outcome, calendar, as_of)) is not None
    ]
    return max(days, default=None)


def find_labels(
    store: Store,
    register: Register | None,
    calendars: Mapping[str, SchoolCalendar],
    config: Config,
    people: pd.DataFrame,
    before: date,
    *,
    without_own_decisions: bool = False,
) -> Labels:
    """Return the labels of a cohort as they were known before a day.

    With `without_own_decisions`, sessions marked as suspension, part-time timetable or study
    leave are taken out of absent and possible sessions alike.
    """
    outcome = np.full(len(people), np.nan)
    why = np.full(len(people), "", object)
    for _, mine in people.reset_index(drop=True).groupby(["as_of", "school_id"], sort=True):
        rows, school = mine.index.to_numpy(), mine["school_id"].iloc[0]
        as_of = pd.Timestamp(mine["as_of"].iloc[0]).date()
        calendar = calendars.get(str(school))
        window = outcome_window(config.outcome, calendar, as_of) if calendar else None
        if window is None:
            why[rows] = NO_WINDOW
        elif config.outcome.kind == "absence_rate":
            if register is None:
                raise AssertionError("an absence label needs a register")
            block = register.blocks[str(school)]
            outcome[rows], why[rows] = _absence(block, config, mine, window, before, without_own_decisions)
        elif config.outcome.kind == "leaves":
            outcome[rows], why[rows] = _leaves(store, mine, window, before)
        else:
            outcome[rows], why[rows] = _recorded(store, config, mine, window, before)
    found = Labels(outcome, why)
    _refuse_unknown_leavers(found, config)
    return found


_Pair = tuple[NDArray[np.float64], NDArray[np.object_]]


def _absence(block: Block, config: Config, people: pd.DataFrame, window: Window, before: date, strip: bool) -> _Pair:
    """Label by the share of possible sessions missed, at this school alone."""
    here = block.as_known(before, anywhere=False)
    marks = here.rows(block.people.get_indexer(pd.Index(people["person_id"])))
    possible, absent = count_sessions(marks.between(window.start, window.end), strip=strip)
    held = here.between(window.start, window.end).marks.any(axis=0).sum()  # a session that nobody has was not held here
    enough = possible >= min(MIN_SESSIONS, held / 2)
    enough &= possible > 0
    if config.outcome.label == "year_total":
        start = year_start(school_year(window.start))
        possible, absent = count_sessions(marks.between(start, window.end), strip=strip)
    outcome = np.where(enough, absent >= config.outcome.threshold * possible - 1e-9, np.nan)
    return outcome, np.where(enough, "", FEW_SESSIONS).astype(object)


def count_sessions(marks: Slice, *, strip: bool = False) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each row's possible and absent sessions, with or without the school's own decisions."""
    codes = load_codes()
    keep = np.ones(256, bool)
    if strip:
        for kind in SCHOOLS_OWN_DECISIONS:
            keep &= ~getattr(codes, kind)
    possible = (codes.possible & keep)[marks.marks].sum(axis=1)
    absent = (codes.absent & keep)[marks.marks].sum(axis=1)
    return possible.astype(np.int64), absent.astype(np.int64)


def _leaves(store: Store, people: pd.DataFrame, window: Window, before: date) -> _Pair:
    """Label by a resignation in the window; who left without a known reason has no label."""
    resigned = store.db.execute(
        f"""SELECT person_id FROM {known_before("leavers", before)}
        WHERE reason = 'resigned' AND resigned_on >= ? AND resigned_on < ?""",
        [window.start, window.end],
    ).fetchnumpy()["person_id"]
    unexplained = store.db.execute(
        f"""SELECT person_id FROM {people_as_known("staff", before, ())}
        WHERE left_on >= ? AND left_on < ?
        AND person_id NOT IN (SELECT person_id FROM {known_before("leavers", before)})""",
        [window.start, window.end],
    ).fetchnumpy()["person_id"]
    unknown = people["person_id"].isin(unexplained).to_numpy()
    outcome = np.where(unknown, np.nan, people["person_id"].isin(resigned).to_numpy())
    return outcome, np.where(unknown, REASON_UNKNOWN, "").astype(object)


def _refuse_unknown_leavers(labels: Labels, config: Config) -> None:
    """Refuse data in which more than a tenth of those who left did so for no known reason."""
    unknown = int((labels.why_empty == REASON_UNKNOWN).sum())
    left = unknown + int(np.nansum(labels.outcome))
    if config.outcome.kind == "leaves" and unknown > max(0.10 * left, 5):
        raise TooFewError(
            f"staff: {unknown} of {left} people who left have no row in leavers, more than a tenth",
            fix="export leavers with their reason, or correct left_on in staff",
        )


def _recorded(store: Store, config: Config, people: pd.DataFrame, window: Window, before: date) -> _Pair:
    """Label by an outcome that someone else recorded with a date in the window."""
    rows = store.db.execute(
        f"""SELECT person_id, max(value)::DOUBLE AS value FROM {known_before("outcomes", before)}
        WHERE outcome = ? AND population = ? AND date >= ? AND date < ? GROUP BY 1""",
        [config.outcome.recorded, config.population, window.start, window.end],
    ).df()
    outcome = people["person_id"].map(rows.set_index("person_id")["value"]).to_numpy(np.float64, na_value=np.nan)
    return outcome, np.where(np.isnan(outcome), NOT_RECORDED, "").astype(object)
