"""The marks of one school's pupils before one morning, with running totals for windows.

In:  a slice of the register that ends before the as-of date, the school's calendar.
Out: counts and rates over windows, spells, weekdays: arrays of one number a pupil.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earlywarn.codes.attendance import load_codes
from earlywarn.features.feature import Floats
from earlywarn.register import Slice
from earlywarn.terms import SchoolCalendar, mondays, school_year, year_start

Counts = NDArray[np.int32]


@dataclass(frozen=True)
class Spells:
    """Runs of absent sessions this year; sessions that were not possible do not break a run.

    All of shape (pupils,): number of runs, sessions of the longest, of the one that is
    still open, and possible sessions since the last absence (all of them without one).
    """

    number: Counts
    longest: Counts
    current: Counts
    since_last: Counts


@dataclass(frozen=True)
class History:
    """Marks from the start of last school year to the day before `as_of`, one row a pupil."""

    as_of: date
    slice: Slice
    calendar: SchoolCalendar
    last_year_possible: Counts  # from summaries, for the time without marks
    last_year_absent: Counts

    @property
    def pupils(self) -> int:
        return len(self.slice.marks)

    @cached_property
    def this_year(self) -> date:
        """Return the first day of the school year of `as_of`."""
        return year_start(school_year(self.as_of))

    @cached_property
    def possible(self) -> NDArray[np.bool_]:
        return load_codes().possible[self.slice.marks]

    @cached_property
    def absent(self) -> NDArray[np.bool_]:
        return load_codes().absent[self.slice.marks]

    def totals(self, kind: str) -> Counts:
        """Return running totals of a kind of mark, (pupils, sessions + 1), worked out once."""
        cached = self.__dict__.setdefault("_totals", {})
        if kind not in cached:
            is_kind = getattr(load_codes(), kind)[self.slice.marks]
            running = np.zeros((self.pupils, is_kind.shape[1] + 1), np.int32)
            np.cumsum(is_kind, axis=1, out=running[:, 1:])
            cached[kind] = running
        found: Counts = cached[kind]
        return found

    def count(self, kind: str, since: date, until: date | None = None) -> Counts:
        """Return the marks of a kind on the days `[since, until)`; to the end without `until`."""
        days = self.slice.days
        first = int(np.searchsorted(days, np.datetime64(since)))
        last = len(days) if until is None else int(np.searchsorted(days, np.datetime64(until)))
        running = self.totals(kind)
        return running[:, max(last, first)] - running[:, first]

    def rate(self, kind: str, since: date, until: date | None = None) -> Floats:
        """Return the share of possible sessions with a kind of mark; NaN where none was possible."""
        return share(self.count(kind, since, until), self.count("possible", since, until))

    def weeks_back(self, weeks: int) -> date:
        """Return the Monday that many school weeks before `as_of`; the first one there is, if fewer."""
        starts = np.unique(mondays(self.slice.days))
        if not len(starts):
            return self.as_of
        found: date = starts[max(len(starts) - weeks, 0)].astype(object)
        return found

    @cached_property
    def half_term_start(self) -> date:
        """Return the first day of the half-term that is running; of the year without a calendar of terms."""
        before = self.calendar.days < np.datetime64(self.as_of)
        if not before.any() or not (name := self.calendar.half_term[before][-1]):
            return self.this_year
        inside = self.calendar.days[before & (self.calendar.half_term == name)]
        inside = inside[inside >= np.datetime64(self.this_year)]
        found: date = inside[0].astype(object) if len(inside) else self.this_year
        return found

    @cached_property
    def weekly(self) -> tuple[Floats, Floats]:
        """Return absent and possible sessions of each school week of this year, (pupils, weeks)."""
        columns = self.slice.days >= np.datetime64(self.this_year)
        _, week = np.unique(mondays(self.slice.days[columns]), return_inverse=True)
        weeks = int(week.max()) + 1 if week.size else 0
        belongs = np.zeros((week.size, weeks), np.float32)
        belongs[np.arange(week.size), week] = 1
        return (
            self.absent[:, columns].astype(np.float32) @ belongs,
            self.possible[:, columns].astype(np.float32) @ belongs,
        )

    def rate_where(self, chosen: NDArray[np.bool_]) -> Floats:
        """Return this year's absence rate over chosen sessions, e.g. the Fridays."""
        columns = chosen & (self.slice.days >= np.datetime64(self.this_year))
        return share(self.absent[:, columns].sum(axis=1), self.possible[:, columns].sum(axis=1))

    @cached_property
    def weekday(self) -> NDArray[np.int64]:
        """Return the weekday of each session, 0 Monday."""
        return (self.slice.days.astype(np.int64) + 3) % 7

    @cached_property
    def beside_break(self) -> NDArray[np.bool_]:
        """Tell which sessions lie on the first or last school day beside a break of a week or more."""
        days = np.unique(self.slice.days)
        gap = np.diff(days).astype(np.int64) > 6
        beside = np.zeros(len(days), bool)
        beside[1:] |= gap
        beside[:-1] |= gap
        found: NDArray[np.bool_] = np.isin(self.slice.days, days[beside])
        return found

    @cached_property
    def spells(self) -> Spells:
        """Sweep this year's sessions once, for all pupils together."""
        first = int(np.searchsorted(self.slice.days, np.datetime64(self.this_year)))
        number, longest, current, since = (np.zeros(self.pupils, np.int32) for _ in range(4))
        for absent, possible in zip(self.absent.T[first:], self.possible.T[first:], strict=True):
            number += absent & (current == 0)
            current = np.where(possible, np.where(absent, current + 1, 0), current)
            since = np.where(possible, np.where(absent, 0, since + 1), since)
            np.maximum(longest, current, out=longest)
        return Spells(number, longest, current, since)

    def absent_first_days(self, days: int) -> Floats:
        """Return sessions missed in the year's first school days; NaN before they are over."""
        mine = np.unique(self.slice.days[self.slice.days >= np.datetime64(self.this_year)])
        if len(mine) < days:
            return np.full(self.pupils, np.nan, np.float32)
        until: date = (mine[days - 1] + np.timedelta64(1, "D")).astype(object)
        return self.count("absent", self.this_year, until).astype(np.float32)


def share(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """Return part over whole; NaN where the whole is nothing.

    >>> share(np.array([1, 0]), np.array([4, 0])).tolist()
    [0.25, nan]
    """
    wholes: Floats = whole.astype(np.float32)
    return np.divide(part.astype(np.float32), wholes, out=np.full(len(wholes), np.nan, np.float32), where=wholes > 0)
