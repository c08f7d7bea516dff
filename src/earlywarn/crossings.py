"""When each person crossed the line: the other half of what happened, behind the labels' door.

In:  the register, the cohort's rows, and the day before which a mark must have been known.
Out: for each row the first day, from the as-of date on, at whose end the person's absence rate of the school year
     reaches the threshold, and how many school weeks after the as-of date that is.

Sessions count as they do for the label: this school's own, by code and date. A rate over fewer sessions than
`onset_min_sessions` says nothing yet. Someone who stood at or above the line on the morning of the as-of date
does not cross it later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.config import Config
from earlywarn.register import Register, Slice
from earlywarn.terms import Days, SchoolCalendar, mondays, outcome_window, school_year, year_start

Flags = NDArray[np.bool_]
_ROUNDING = 1e-9  # as for the label: 20 of 200 sessions are 10%


@dataclass(frozen=True)
class Crossings:
    """When the rows of a cohort crossed the line.

    day     : (rows,) datetime64[D], NaT for whoever did not cross by the end of the window or of the school year.
    weeks   : (rows,) school weeks from the week of the as-of date to that of `day`, 0 or more; NaN with NaT.
    already : (rows,) bool, at or above the line on the morning of the as-of date; `day` is NaT.
    """

    day: Days
    weeks: NDArray[np.float64]
    already: Flags


def find_crossings(
    register: Register,
    calendars: Mapping[str, SchoolCalendar],
    config: Config,
    people: pd.DataFrame,
    before: date,
) -> Crossings:
    """Return the crossings of a cohort, by marks that were known before a day.

    people : one row a person, school and as-of date (`cohort`).
    """
    day = np.full(len(people), np.datetime64("NaT"), dtype="datetime64[D]")
    weeks, already = np.full(len(people), np.nan), np.zeros(len(people), dtype=np.bool_)
    for (_, school), mine in people.reset_index(drop=True).groupby(["as_of", "school_id"], sort=True):
        rows, calendar = mine.index.to_numpy(), calendars.get(str(school))
        morning = pd.Timestamp(mine["as_of"].iloc[0]).date()
        window = outcome_window(config.outcome, calendar, morning) if calendar else None
        if calendar is None or window is None:
            continue
        year = school_year(morning)
        block = register.blocks[str(school)]
        marks = block.as_known(before, anywhere=False).between(year_start(year), min(window.end, year_start(year + 1)))
        marks = marks.rows(block.people.get_indexer(pd.Index(mine["person_id"])))
        day[rows], already[rows] = first_over(marks, morning, config.outcome.threshold, config.onset_min_sessions)
        weeks[rows] = weeks_between(calendar, morning, day[rows])
    return Crossings(day, weeks, already)


def first_over(marks: Slice, morning: date, threshold: float, fewest: int) -> tuple[Days, Flags]:
    """Return each row's first day at or above the line, and who stood there on the morning already.

    marks   : the sessions of one school year, from its start.
    returns : (rows,) datetime64[D], NaT where there is none; (rows,) bool.
    """
    codes = load_codes()
    possible = np.cumsum(codes.possible[marks.marks], axis=1, dtype=np.int32)
    absent = np.cumsum(codes.absent[marks.marks], axis=1, dtype=np.int32)
    over = (possible >= fewest) & (absent >= threshold * possible - _ROUNDING)
    ends = np.append(marks.days[1:] != marks.days[:-1], True)[: len(marks.days)]  # each day's last session
    over, days = over[:, ends], marks.days[ends]
    past = int(np.searchsorted(days, np.datetime64(morning)))
    already = over[:, past - 1] if past else np.zeros(len(over), dtype=np.bool_)
    later = over[:, past:] & ~already[:, None]
    found = np.full(len(over), np.datetime64("NaT"), dtype="datetime64[D]")
    crossed = later.any(axis=1)
    if crossed.any():
        found[crossed] = days[past:][later[crossed].argmax(axis=1)]
    return found, already


def weeks_between(calendar: SchoolCalendar, morning: date, days: Days) -> NDArray[np.float64]:
    """Return the school weeks from the week of a morning (in a holiday, the one that follows) to that of each day.

    NaN for NaT.
    """
    first = np.searchsorted(calendar.weeks, mondays(np.array([np.datetime64(morning)])))[0]
    at = np.searchsorted(calendar.weeks, mondays(days))
    return np.where(np.isnat(days), np.nan, at - first)
