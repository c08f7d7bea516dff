"""On which days absence falls, and whether it rises, falls or jumps about."""

import numpy as np

from earlywarn.features.attendance.of_marks import of_marks
from earlywarn.features.attendance.trend import slope, spread
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.history import History, share

FRIDAY, MONDAY = 4, 0
MORNING, AFTERNOON = 0, 1


def _weekday_excess(h: History, weekday: int) -> Floats:
    """Return the absence rate on one weekday less that on the others."""
    absent, possible = h.by_weekday.absent, h.by_weekday.possible
    mine = share(absent[weekday], possible[weekday])
    return mine - share(absent.sum(axis=0) - absent[weekday], possible.sum(axis=0) - possible[weekday])


def _weekday_spread(h: History) -> Floats:
    """Return the absence rate on the weekday most missed less that on the one least missed."""
    rates = share(h.by_weekday.absent, h.by_weekday.possible)
    none = np.isnan(rates)
    widest = np.where(none, -1, rates).max(axis=0) - np.where(none, 2, rates).min(axis=0)
    return np.where(none.all(axis=0), np.nan, widest).astype(np.float32)


def _afternoon_excess(h: History) -> Floats:
    """Return the absence rate in afternoons less that in mornings."""
    absent, possible = h.by_half.absent, h.by_half.possible
    return share(absent[AFTERNOON], possible[AFTERNOON]) - share(absent[MORNING], possible[MORNING])


PATTERN: tuple[Feature, ...] = (
    of_marks(
        "friday_excess", "pattern of absence", "share points", "Absence rate on Fridays less that on other days",
        lambda h: _weekday_excess(h, FRIDAY), risk=0,
    ),
    of_marks(
        "monday_excess", "pattern of absence", "share points", "Absence rate on Mondays less that on other days",
        lambda h: _weekday_excess(h, MONDAY), risk=0,
    ),
    of_marks(
        "weekday_spread", "pattern of absence", "share points",
        "Absence rate on the weekday most missed less that on the weekday least missed", _weekday_spread, risk=0,
    ),
    of_marks(
        "afternoon_excess", "pattern of absence", "share points", "Absence rate in afternoons less that in mornings",
        _afternoon_excess, risk=0,
    ),
    of_marks(
        "absence_beside_breaks", "pattern of absence", "share",
        "Absence rate on the days just before and after a holiday", lambda h: h.rate_beside_breaks,
    ),
    of_marks(
        "weekly_volatility", "pattern of absence", "share points",
        "Standard deviation of this year's weekly absence rates", lambda h: spread(h.weekly_rates), risk=0,
        empty="fewer than three weeks this year",
    ),
    of_marks(
        "weekly_trend", "pattern of absence", "share points",
        "Slope of the weekly absence rate over the last 8 weeks, a week",
        lambda h: slope(h.weekly_rates[-8:]), risk=0, empty="fewer than four weeks this year",
    ),
)  # fmt: skip
