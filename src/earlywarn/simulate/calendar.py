"""The school calendar of a made-up trust.

In:  a school year and, for its training days, a school's generator.
Out: `YearPlan`, the weekdays of the year's terms, with the days on which one school is closed for training.

Terms follow the common English pattern: a start in the first days of September, a
half-term in the last week of October, Christmas from about the 20th, a week in the
middle of February, a fortnight around Easter, the week of the spring bank holiday,
and an end when 195 days have been planned: 190 for pupils and 5 for training.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.plan import Plan
from earlywarn.terms import Days, monday, mondays

PLANNED_DAYS = 195
TRAINING_DAYS = 5
DAY = timedelta(days=1)


@dataclass(frozen=True)
class YearPlan:
    """The planned days of one school year, the same in every school of the trust.

    year      : the calendar year in which it began.
    days      : (195,) weekdays of the terms, training days included.
    half_term : (195,) 0 for the first half of autumn .. 5 for the second half of summer.
    """

    year: int
    days: Days
    half_term: NDArray[np.int8]

    @cached_property
    def week(self) -> NDArray[np.int64]:
        """Return the number of each day's school week, from 1."""
        return np.unique(mondays(self.days), return_inverse=True)[1] + 1

    def first_of_week(self, week: int) -> np.datetime64:
        """Return the first planned day of a school week."""
        found: np.datetime64 = self.days[self.week == week][0]
        return found

    def last_of_week(self, week: int) -> np.datetime64:
        """Return the last planned day of a school week."""
        found: np.datetime64 = self.days[self.week == week][-1]
        return found


TERMS = ("autumn", "autumn", "spring", "spring", "summer", "summer")
HALF_TERMS = ("autumn 1", "autumn 2", "spring 1", "spring 2", "summer 1", "summer 2")


@cache
def year_plan(year: int) -> YearPlan:
    """Return the planned days of the school year that begins in `year`.

    >>> plan = year_plan(2025)
    >>> print(plan.days[0], plan.days[-1], plan.week[-1])
    2025-09-01 2026-07-20 40
    """
    halves = _half_terms(year)
    days, half = [], []
    for number, (first, last) in enumerate(halves):
        span = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        open_days = span[np.is_busday(span, holidays=[np.datetime64(_first_monday(date(year + 1, 5, 1)))])]
        days.append(open_days)
        half.append(np.full(len(open_days), number, np.int8))
    return YearPlan(year, np.concatenate(days)[:PLANNED_DAYS], np.concatenate(half)[:PLANNED_DAYS])


def _half_terms(year: int) -> list[tuple[date, date]]:
    """Return first and last day of the six half-terms; the last one is open-ended."""
    first = date(year, 9, 1)
    if first.weekday() > 3:  # no year begins on a Friday
        first = _first_monday(first)
    october = monday(date(year, 10, 31))
    christmas = date(year, 12, 20)
    february = _first_monday(date(year + 1, 2, 1)) + 14 * DAY
    holy_week = monday(easter(year + 1))
    spring_bank_holiday = monday(date(year + 1, 5, 31))
    return [
        (first, october - 3 * DAY),
        (october + 7 * DAY, christmas),
        (_first_monday(date(year + 1, 1, 3)), february - 3 * DAY),
        (february + 7 * DAY, holy_week - 3 * DAY),
        (holy_week + 14 * DAY, spring_bank_holiday - 3 * DAY),
        (spring_bank_holiday + 7 * DAY, date(year + 1, 8, 31)),
    ]


def easter(year: int) -> date:
    """Return Easter Sunday by the anonymous Gregorian method (Meeus, Astronomical Algorithms, chapter 8).

    >>> easter(2025), easter(2026)
    (datetime.date(2025, 4, 20), datetime.date(2026, 4, 5))
    """
    golden, century, in_century = year % 19, year // 100, year % 100
    correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (in_century // 4) - epact - in_century % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def training_days(plan: YearPlan, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Return (195,) bool: the five days on which one school's staff train and pupils stay at home.

    The first day of the year is one in every school; the others lie beside a holiday.
    """
    starts = np.flatnonzero(np.diff(plan.half_term)) + 1
    beside = np.concatenate([starts, starts - 1])
    chosen = np.zeros(len(plan.days), bool)
    chosen[0] = True
    chosen[rng.choice(beside, TRAINING_DAYS - 1, replace=False)] = True
    return chosen


def last_day(plan: Plan) -> np.datetime64:
    """Return the last day that the simulated data know of."""
    if plan.current_weeks == 0:
        last: np.datetime64 = year_plan(plan.last_year).days[-1]
        return last
    return year_plan(plan.last_year + 1).last_of_week(plan.current_weeks)


def _first_monday(day: date) -> date:
    """Return the first Monday on or after a day."""
    return day + timedelta(days=-day.weekday() % 7)


def next_morning(plan: Plan) -> date:
    """Return the Monday after the last week of marks: the morning on which a demo scores.

    >>> next_morning(Plan())
    datetime.date(2026, 11, 9)
    """
    found: date = year_plan(plan.school_years[-1]).first_of_week(plan.current_weeks + 1).astype(object)
    return found
