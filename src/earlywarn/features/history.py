"""The marks of one school's pupils before one morning: which sessions a feature asks about.

In:  a slice of the register that ends before the as-of date, the school's calendar.
Out: counts and rates of pupils over windows of sessions, by week and by weekday. Where there are two axes,
     pupils are the last one, so that sums over weeks or weekdays run along the memory.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.features.feature import Floats
from earlywarn.features.spells import Spells, changes, find_spells, runs_of_full_weeks
from earlywarn.features.tallies import Counts, Groups, Kind, Tallies, tally
from earlywarn.register import Slice
from earlywarn.terms import Days, SchoolCalendar, mondays, school_year, year_start

_BREAK = 6  # days: school days that lie further apart have a holiday between them, not a long weekend


@dataclass(frozen=True)
class History:
    """Marks from the start of last school year to the day before `as_of`, one row a pupil.

    The sums come from summaries, for the time without marks: (pupils,), or 0 where there are none.
    """

    as_of: date
    slice: Slice
    calendar: SchoolCalendar
    last_year_possible: Counts | int
    last_year_absent: Counts | int
    this_year_possible: Counts | int = 0
    this_year_absent: Counts | int = 0
    _sessions: dict[date, int] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def pupils(self) -> int:
        return len(self.slice.marks)

    @cached_property
    def tallies(self) -> Tallies:
        return tally(self.slice.marks)

    @cached_property
    def year(self) -> Tallies:
        """Return the tallies of this school year alone."""
        return self.tallies.since(self.first)

    @cached_property
    def this_year(self) -> date:
        """Return the first day of the school year of `as_of`."""
        return year_start(school_year(self.as_of))

    @cached_property
    def first(self) -> int:
        """Return the first session of this school year."""
        return self._session(self.this_year)

    def count(self, kind: Kind, since: date, until: date | None = None) -> Counts:
        """Return the marks of a kind on the days `[since, until)`; to the end without `until`."""
        return self.tallies.count(kind, *self._between(since, until))

    def possible(self, since: date, until: date | None = None) -> Counts:
        """Return the possible sessions on the days `[since, until)`; to the end without `until`."""
        return self.tallies.possible(*self._between(since, until))

    def rate(self, kind: Kind, since: date, until: date | None = None) -> Floats:
        """Return the share of possible sessions with a kind of mark; NaN where none was possible."""
        return share(self.count(kind, since, until), self.possible(since, until))

    @cached_property
    def possible_so_far(self) -> Counts:
        """Return this year's possible sessions, those that are known from summaries alone included."""
        return self.possible(self.this_year) + self.this_year_possible

    @cached_property
    def absent_so_far(self) -> Counts:
        """Return this year's absent sessions, those that are known from summaries alone included."""
        return self.count("absent", self.this_year) + self.this_year_absent

    @cached_property
    def rate_so_far(self) -> Floats:
        """Return this year's absence rate; NaN where no session was possible."""
        return share(self.absent_so_far, self.possible_so_far)

    @cached_property
    def days(self) -> Days:
        """Return this year's school days so far."""
        days = self.slice.school_days
        return days[changes(days) & (days >= np.datetime64(self.this_year))]

    @cached_property
    def weeks(self) -> Days:
        """Return the Mondays of the school weeks, last year's included."""
        found = mondays(self.slice.school_days)
        return found[changes(found)]

    def weeks_back(self, weeks: int) -> date:
        """Return the Monday that many school weeks before `as_of`; the first one there is, if fewer."""
        if not len(self.weeks):
            return self.as_of
        found: date = self.weeks[max(len(self.weeks) - weeks, 0)].astype(object)
        return found

    @cached_property
    def half_term_start(self) -> date:
        """Return the first day of the half-term that is running; of the year without a calendar of terms.

        Days of one name that follow one another are a half-term: "1" may come again next term.
        """
        before = self.calendar.days < np.datetime64(self.as_of)
        names = self.calendar.half_term[before]
        if not len(names) or not names[-1]:
            return self.this_year
        other = np.flatnonzero(names != names[-1])
        began: date = self.calendar.days[other[-1] + 1 if len(other) else 0].astype(object)
        return max(began, self.this_year)

    @cached_property
    def weekly(self) -> Groups:
        """Return the sessions of each school week of this year."""
        week = np.cumsum(changes(mondays(self.slice.days[self.first :]))) - 1
        return self.year.by_group(week, int(week[-1]) + 1 if len(week) else 0)

    @cached_property
    def weekly_rates(self) -> Floats:
        """Return the absence rate of each school week of this year, (weeks, pupils), NaN where none was possible."""
        return share(self.weekly.absent, self.weekly.possible)

    @cached_property
    def full_weeks(self) -> Counts:
        """Return how many full weeks there had been in a row at the end of each school week of this year."""
        return runs_of_full_weeks(self.weekly)

    @cached_property
    def by_weekday(self) -> Groups:
        """Return this year's sessions by weekday, Monday first."""
        weekday = (self.slice.days[self.first :].astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        return self.year.by_group(weekday, 7)

    @cached_property
    def by_half(self) -> Groups:
        """Return this year's sessions by half of the day."""
        return self.year.by_group(self.slice.session[self.first :].astype(np.int64), 2)

    @cached_property
    def rate_beside_breaks(self) -> Floats:
        """Return this year's absence rate on the last day before and the first after a week or more without school."""
        days = self.slice.school_days
        days = days[changes(days)]
        gap = np.diff(days).astype(np.int64) > _BREAK
        near = days[np.append(False, gap) | np.append(gap, False)] if len(days) else days
        beside = np.isin(self.slice.days[self.first :], near)
        found = self.year.by_group(beside.astype(np.int64), 2)
        return share(found.absent[1], found.possible[1])

    @cached_property
    def sessions_left(self) -> int | None:
        """Return the sessions planned from `as_of` to the end of its school year; None without a plan."""
        return self.calendar.sessions_left(self.as_of)

    @cached_property
    def spells(self) -> Spells:
        return find_spells(self.year)

    def _session(self, day: date) -> int:
        """Return the first session of a day or after it, looked up once."""
        if day not in self._sessions:
            self._sessions[day] = int(np.searchsorted(self.slice.days, np.datetime64(day)))
        return self._sessions[day]

    def _between(self, since: date, until: date | None) -> tuple[int, int]:
        first = self._session(since)
        last = len(self.slice.days) if until is None else self._session(until)
        return first, max(first, last)


def share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Return part over whole; NaN where the whole is nothing.

    >>> share(np.array([1, 0]), np.array([4, 0])).tolist()
    [0.25, nan]
    """
    wholes: Floats = whole.astype(np.float32)
    wholes[wholes == 0] = np.nan
    return part.astype(np.float32) / wholes
