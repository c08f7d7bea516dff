"""Runs of absence, and runs of weeks attended in full."""

import numpy as np

from earlywarn.features.attendance.of_marks import NEVER, of_marks
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.history import History, share
from earlywarn.features.spells import last_absence
from earlywarn.features.tallies import Counts


def _days_since_absence(h: History) -> Floats:
    """Return the days since the last absence of this or last year; NaN without one."""
    last = last_absence(h.tallies)
    none = last < 0
    if none.all():
        return np.full(h.pupils, np.nan, np.float32)
    days = (np.datetime64(h.as_of) - h.slice.days[last]).astype(np.float32)
    return np.where(none, np.nan, days).astype(np.float32)


def _full_weeks(h: History) -> Floats:
    held = h.weekly.possible > 0
    return share(((h.weekly.absent == 0) & held).sum(axis=0), held.sum(axis=0))


def _full_weeks_running(h: History) -> Floats:
    return _where_possible(h, h.full_weeks[-1:].sum(axis=0))


def _longest_full_weeks(h: History) -> Floats:
    return _where_possible(h, h.full_weeks.max(axis=0, initial=0))


def _where_possible(h: History, weeks: Counts) -> Floats:
    return np.where(h.possible(h.this_year) > 0, weeks, np.nan).astype(np.float32)


SPELLS: tuple[Feature, ...] = (
    of_marks(
        "spells_this_year", "pattern of absence", "spells", "Separate spells of absence this year",
        lambda h: h.spells.number, empty=NEVER,
    ),
    of_marks(
        "longest_spell", "pattern of absence", "sessions", "Sessions of the longest spell of absence this year",
        lambda h: h.spells.longest, empty=NEVER,
    ),
    of_marks(
        "current_spell", "pattern of absence", "sessions", "Sessions missed up to now without coming back",
        lambda h: h.spells.current, empty=NEVER,
    ),
    of_marks(
        "mean_spell", "pattern of absence", "sessions", "Mean length of this year's spells of absence",
        lambda h: share(h.count("absent", h.this_year), h.spells.number), risk=0, empty="no absence this year",
    ),
    of_marks(
        "sessions_since_absence", "pattern of absence", "sessions",
        "Possible sessions attended since the last absence this year", lambda h: h.spells.since_last, risk=-1,
        empty=NEVER,
    ),
    of_marks(
        "days_since_absence", "pattern of absence", "days", "Days since the last absence of this or last year",
        _days_since_absence, risk=-1, empty="no absence this year or last",
    ),
    of_marks(
        "full_weeks_share", "pattern of absence", "share", "Share of this year's weeks attended in full",
        _full_weeks, risk=-1,
    ),
    of_marks(
        "full_weeks_running", "pattern of absence", "weeks", "Full weeks attended up to now without a break",
        _full_weeks_running, risk=-1,
    ),
    of_marks(
        "longest_full_weeks", "pattern of absence", "weeks", "Most full weeks attended without a break this year",
        _longest_full_weeks, risk=-1,
    ),
)  # fmt: skip
