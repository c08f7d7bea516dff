"""The law by which staff give notice: how likely, in which part of the year, and on which day.

In:  `Holders`, a school year, one of its three periods, and each person's morale in it.
Out: hazards of resigning and of retiring, and the share of a period's notices that fall before a day.

A school year has three periods, which begin on 1 September, 1 January and 1 April, each with a morale of its own. In
each a clock runs from 0 to 1: for teachers over the four weeks up to the last day for notice, fastest in the last of
them; for support staff evenly over the period. Along this clock hazards are constant: of those who have given no
notice by some day, nothing else need be remembered. Age, service and post set the hazards for a whole school year;
morale moves resigning alone. Nobody gives notice in a period that had begun when they came, and
whoever is there for a fixed term stays to its end.
"""

from typing import NamedTuple

import numpy as np

from earlywarn.simulate.england.staff import BY_AGE, HEADS_RESIGN_BY, RESIGN_BY
from earlywarn.simulate.holders import DAYS_A_YEAR, Bools, Floats, Holders, Texts
from earlywarn.terms import Days

PERIODS = 3
PERIOD_STARTS = ((0, 9), (1, 1), (1, 4), (1, 9))  # years after the autumn, and month; the last is the next year's first
POSTS_END = ((0, 12), (1, 4), (1, 8))  # teachers': at the end of these months
RESIGN_MONTH = {"teacher": [month for month, _ in RESIGN_BY], "leader": [month for month, _ in HEADS_RESIGN_BY]}

# Shares of a year's notices of teachers: that most come by 31 May is published, how many is assumed.
BY_PERIOD = np.array([0.20, 0.20, 0.60])
NOTICE_SEASON = 28  # days up to the last day for notice
NOTICE_DAYS_BEFORE = 9.0  # the scale of the days by which notice precedes it
SUPPORT_NOTICE = 42
_CUT = np.exp(-NOTICE_SEASON / NOTICE_DAYS_BEFORE)  # what an exponential would leave to the days before the season

# Resigning by age and by full years in post, over that of middling staff. By age it gives, with service as it comes,
# the ratios of the published 10.8, 8.7 and 7.9% of those under 35, 35 to 54 and older. By service it falls as the
# share of new teachers lost a year (11.3% in the first, 8.6, 4.9 and 2.8% in the second to third, fourth to fifth
# and later years) does once the 5.7% who would move to another school in any year are added.
AGE_STARTS, BY_AGE_GROUP = (35, 55), np.array([0.97, 1.0, 1.2])
SERVICE_STARTS, BY_SERVICE = (1, 3, 5), np.array([1.20, 1.01, 0.75, 0.60])

TEACHERS_RETIRE_FROM, SUPPORT_RETIRE_FROM = 55, 60
_OLD = BY_AGE["55 and over"]
RETIRING = -np.log(1 - _OLD.left) * _OLD.retired / _OLD.left  # a year, beside resigning
RETIRING_EARLY = 0.016  # in the five years before: 0.4% of those aged 35 to 54

BY_MORALE = 0.45  # fall of the log hazard to resign for one SD of morale, at an effect of 1
PERSISTENCE = 0.8  # correlation of morale with that of the period before


class Hazards(NamedTuple):
    """Expected notices over the whole of a period, from who is in post throughout."""

    resigning: Floats
    retiring: Floats


def hazards(holders: Holders, autumn: int, period: int, morale: Floats, effect: float) -> Hazards:
    """Return hazards of shape (n, 1) for a `morale` of shape (n, 1), or (n, k) where k morales are tried for each.

    The hazard's mean over a standard normal morale does not depend on `effect`.
    """
    begins = period_start(autumn, period)
    part = np.where(begins >= holders.joined_on, _part_of_year(holders.role, autumn, period), 0.0)
    resigning = part * holders.permanent * _resigning_in_year(holders, autumn)
    pull = BY_MORALE * effect
    moved = np.exp(-pull * morale - pull**2 / 2)
    return Hazards(resigning[:, None] * moved, (part * _retiring_in_year(holders, autumn))[:, None])


def _resigning_in_year(holders: Holders, autumn: int) -> Floats:
    """Return (n,) hazards of a school year at average morale, by age and full years in post on 1 September."""
    begins = period_start(autumn, 0)
    age = np.digitize(holders.age_on(begins), AGE_STARTS)
    served = (begins - holders.joined_on).astype(np.int64) / DAYS_A_YEAR + 0.01  # a leap day is no missing year
    return np.asarray(holders.tempo * BY_AGE_GROUP[age] * BY_SERVICE[np.digitize(served, SERVICE_STARTS)])


def _retiring_in_year(holders: Holders, autumn: int) -> Floats:
    """Return (n,) hazards of a school year; who is there for a fixed term stays to its end."""
    pension_age = np.where(teaches(holders.role), TEACHERS_RETIRE_FROM, SUPPORT_RETIRE_FROM)
    years_to = pension_age - holders.age_on(period_start(autumn, 0))
    return np.where(years_to <= 0, RETIRING, np.where(years_to <= 5, RETIRING_EARLY, 0.0)) * holders.permanent


def next_morale(morale: Floats, rng: np.random.Generator) -> Floats:
    """Return the morale of the period after."""
    return np.asarray(PERSISTENCE * morale + np.sqrt(1 - PERSISTENCE**2) * rng.standard_normal(morale.shape))


def period_start(autumn: int, period: int) -> np.datetime64:
    """Return the first day of a period; period 3 is the first of the next school year.

    >>> print(period_start(2025, 1), period_start(2025, 3))
    2026-01-01 2026-09-01
    """
    years, month = PERIOD_STARTS[period]
    return np.datetime64(f"{autumn + years}-{month:02d}-01")


def period_of(day: np.datetime64) -> tuple[int, int]:
    """Return the school year and the period of a day.

    >>> period_of(np.datetime64("2026-03-31")), period_of(np.datetime64("2026-09-01"))
    ((2025, 1), (2026, 0))
    """
    year, month = int(str(day)[:4]), int(str(day)[5:7])
    if month >= PERIOD_STARTS[0][1]:
        return year, 0
    return year - 1, 2 if month >= PERIOD_STARTS[2][1] else 1


def clock(role: Texts, autumn: int, period: int, day: np.datetime64) -> Floats:
    """Return (n,) the share of a period's notices, 0 to 1, that are given before a day."""
    begins, ends = period_start(autumn, period), period_start(autumn, period + 1)
    evenly = np.clip((day - begins) / (ends - begins), 0, 1)
    deadline = _deadline(role, autumn, period)
    days_left = np.clip((deadline + 1 - day).astype(np.int64), 0, NOTICE_SEASON)
    return np.where(np.isnat(deadline), evenly, (np.exp(-days_left / NOTICE_DAYS_BEFORE) - _CUT) / (1 - _CUT))


def day_at(role: Texts, autumn: int, period: int, share: Floats) -> Days:
    """Return (n,) the day on which a period's clock stands at `share`, 0 to 1: the inverse of `clock`."""
    begins, ends = period_start(autumn, period), period_start(autumn, period + 1)
    evenly = begins + np.floor(share * (ends - begins).astype(np.int64)).astype(np.int64)
    deadline = _deadline(role, autumn, period)
    days_left = np.ceil(-NOTICE_DAYS_BEFORE * np.log(share * (1 - _CUT) + _CUT)).astype(np.int64)
    return np.where(np.isnat(deadline), evenly, deadline + 1 - np.maximum(days_left, 1))


def last_day_in_post(role: Texts, autumn: int, period: int, given: Days) -> Days:
    """Return (n,) when posts end on a notice given in a period."""
    years, month = POSTS_END[period]
    return np.where(teaches(role), _month_end(autumn + years, month), given + SUPPORT_NOTICE)


def teaches(role: Texts) -> Bools:
    """Return (n,) whether the teachers' calendar of notice applies."""
    return np.asarray(np.isin(role, list(RESIGN_MONTH)))


def _part_of_year(role: Texts, autumn: int, period: int) -> Floats:
    """Return (n,) the share of a year's notices that falls in a period."""
    days = period_start(autumn, period + 1) - period_start(autumn, period)
    year = period_start(autumn, PERIODS) - period_start(autumn, 0)
    return np.where(teaches(role), BY_PERIOD[period], days / year)


def _deadline(role: Texts, autumn: int, period: int) -> Days:
    """Return (n,) the last day for notice; NaT for support staff, who may give it on any day."""
    found = np.full(len(role), np.datetime64("NaT", "D"))
    for teaching, months in RESIGN_MONTH.items():
        found[role == teaching] = _month_end(autumn + (period > 0), months[period])
    return found


def _month_end(year: int, month: int) -> np.datetime64:
    """Return the last day of a month; that of February may be the 29th."""
    following: np.datetime64 = (np.datetime64(f"{year}-{month:02d}", "M") + 1).astype("datetime64[D]")
    return following - 1
