"""School years, terms, weeks and windows: dates only, no people.

A *school week* is one in which the school has a session; a window is `[start, end)`.
The school year starts on 1 August, as in DfE's absence statistics.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from earlywarn.config import AsOf, Outcome, Term
from earlywarn.errors import ConfigError

Days = NDArray[np.datetime64]
_FIRST_MONTH = 8  # August
SERVED_WEEKS = 2  # how far, in school weeks, a model may score from a place in the year that it was trained for


def school_year(day: date) -> int:
    """Return the calendar year in which the school year of `day` began.

    >>> school_year(date(2025, 7, 31)), school_year(date(2025, 8, 1))
    (2024, 2025)
    """
    return day.year - (day.month < _FIRST_MONTH)


def year_start(year: int) -> date:
    """Return the first day of the school year that begins in `year`."""
    return date(year, _FIRST_MONTH, 1)


def notice_dates(year: int) -> tuple[date, date, date]:
    """Return the days by which teachers who leave after autumn, spring and summer of a school year give notice.

    source : the Burgundy Book (conditions of service for school teachers in England and Wales), section 4.

    >>> [str(day) for day in notice_dates(2025)]
    ['2025-10-31', '2026-02-28', '2026-05-31']
    """
    return date(year, 10, 31), date(year + 1, 3, 1) - timedelta(days=1), date(year + 1, 5, 31)


def year_name(year: int) -> str:
    """Return the year as schools write it.

    >>> year_name(2025)
    '2025/26'
    """
    return f"{year}/{(year + 1) % 100:02d}"


def monday(day: date) -> date:
    """Return the Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def mondays(days: Days) -> Days:
    """Return the Monday of each day (1970-01-01 was a Thursday)."""
    number = days.astype("datetime64[D]").astype(np.int64)
    shifted: Days = (number - (number + 3) % 7).astype("datetime64[D]")
    return shifted


@dataclass(frozen=True)
class Window:
    """The days `[start, end)` in which an outcome may happen."""

    start: date
    end: date


@dataclass(frozen=True)
class SchoolCalendar:
    """The days on which a school is open, in order.

    days      : (n,) school days, each once.
    sessions  : (n,) sessions of the day, 1 or 2.
    half_term : (n,) name of the half-term, "" where it is not known.
    term      : (n,) name of the term, "" where it is not known.
    planned   : whether it is the published plan, which may be read ahead, or was worked
                out from the marks, which ends where the marks end.
    known_on  : (n,) when each day was known to be planned; None where not every one says so.
    """

    days: Days
    sessions: NDArray[np.int8]
    term: NDArray[np.str_]
    half_term: NDArray[np.str_]
    planned: bool = True
    known_on: Days | None = None

    @cached_property
    def weeks(self) -> Days:
        """Return the Mondays of the school weeks, in order."""
        found: Days = np.unique(mondays(self.days))
        return found

    def weeks_of(self, year: int) -> Days:
        """Return the Mondays of one school year's weeks."""
        first, last = np.datetime64(year_start(year)), np.datetime64(year_start(year + 1))
        found: Days = self.weeks[(self.weeks >= mondays(np.array([first]))[0]) & (self.weeks < last)]
        return found

    def place_in_year(self, day: date) -> int | None:
        """Return the number of the school week of `day` in its year, counted from 1.

        A day in a holiday takes the place of the week that follows.
        """
        weeks = self.weeks_of(school_year(day))
        if not len(weeks):
            return None
        return int(np.searchsorted(weeks, np.datetime64(monday(day)))) + 1

    def last_day_of_year(self, year: int) -> date | None:
        """Return the last school day of a year; None without one."""
        inside = self.days[
            (self.days >= np.datetime64(year_start(year))) & (self.days < np.datetime64(year_start(year + 1)))
        ]
        return _as_date(inside[-1]) if len(inside) else None

    def after_school_days(self, day: date, count: int) -> date:
        """Return the `count`-th school day after `day`; weekdays stand in where the calendar ends."""
        if count == 0:
            return day
        later = self.days[self.days > np.datetime64(day)]
        if len(later) >= count:
            return _as_date(later[count - 1])
        last = _as_date(later[-1]) if len(later) else day
        return _as_date(np.busday_offset(np.datetime64(last), count - len(later), roll="backward"))

    def sessions_left(self, as_of: date) -> int | None:
        """Return the sessions planned from `as_of` to the end of its school year; None without a plan.

        A plan that does not say when it was known may have been exported afterwards, without
        the day that snow closed the school: then only the first and last days of the half-terms
        are used, and the weekdays between them count.
        """
        if not self.planned:
            return None
        end = np.datetime64(year_start(school_year(as_of) + 1))
        ahead = (self.days >= np.datetime64(as_of)) & (self.days < end)
        if self.known_on is not None:
            return int(self.sessions[ahead & (self.known_on < np.datetime64(as_of))].sum())
        days, names = self.days[ahead], self.half_term[ahead]
        if not len(days):
            return 0
        # A half-term is a run of days with one name: "1" may come again in the next term, after a holiday.
        begins = np.concatenate([[True], names[1:] != names[:-1]])
        first, last = days[begins], days[np.concatenate([begins[1:], [True]])]
        return 2 * int(np.busday_count(first, last + np.timedelta64(1, "D")).sum())


def from_days(days: Iterable[date]) -> SchoolCalendar:
    """Return the calendar that marks show: the days with a mark, two sessions each, no plan ahead."""
    found = np.unique(np.array(sorted(days), dtype="datetime64[D]"))
    blank = np.full(len(found), "")
    return SchoolCalendar(found, np.full(len(found), 2, np.int8), blank, blank, planned=False)


def from_terms(terms: Sequence[Term]) -> SchoolCalendar:
    """Return the calendar of term dates alone: every weekday of a term outside its half-term holiday."""
    days: list[np.datetime64] = []
    names: list[tuple[str, str]] = []
    for term in sorted(terms, key=lambda term: term.starts):
        span = np.arange(np.datetime64(term.starts), np.datetime64(term.ends) + np.timedelta64(1, "D"))
        for day in span[np.is_busday(span)]:
            half = 1
            if term.half_term:
                first, last = (np.datetime64(d) for d in term.half_term)
                if first <= day <= last:
                    continue
                half = 1 + int(day > last)
            days.append(day)
            names.append((term.name, f"{term.name} {half}"))
    term_names, half_names = (np.array(column) for column in zip(*names, strict=True))
    return SchoolCalendar(np.array(days), np.full(len(days), 2, np.int8), term_names, half_names)


def trust_calendar(calendars: Mapping[str, SchoolCalendar]) -> SchoolCalendar:
    """Return the calendar of the trust: the days on which at least half of its schools are open."""
    every = np.concatenate([calendar.days for calendar in calendars.values()])
    days, schools_open = np.unique(every, return_counts=True)
    days = days[schools_open * 2 >= len(calendars)]
    longest = max(calendars.values(), key=lambda calendar: (len(calendar.days), calendar.days[0]))
    at = np.clip(np.searchsorted(longest.days, days), 0, len(longest.days) - 1)
    known_on = None if longest.known_on is None else longest.known_on[at]
    return SchoolCalendar(
        days, longest.sessions[at], longest.term[at], longest.half_term[at], longest.planned, known_on
    )


def as_of_dates(rule: AsOf, calendar: SchoolCalendar, today: date) -> tuple[date, ...]:
    """Return the as-of dates that a rule means on a calendar, up to the day after `today`'s week.

    Fixed dates are returned as they are: whether they can be served is the caller's question.
    """
    if rule.dates:
        return tuple(sorted(rule.dates))
    limit = np.datetime64(monday(today) + timedelta(days=7))
    first, last = _as_date(calendar.days[0]), _as_date(calendar.days[-1])
    found: list[date] = []
    for year in range(school_year(first), school_year(last) + 1):
        weeks = calendar.weeks_of(year)
        step = rule.every_weeks
        places = rule.weeks_of_year or (tuple(range(1 + (step or 1), len(weeks) + 1, step or 1)))
        found += [_as_date(weeks[place - 1]) for place in places if place <= len(weeks) and weeks[place - 1] <= limit]
    if not found:
        raise ConfigError(
            "as_of: no date lies in the data's school years", fix="check weeks_of_year and the calendar table"
        )
    return tuple(sorted(found))


def outcome_window(outcome: Outcome, calendar: SchoolCalendar, as_of: date) -> Window | None:
    """Return the outcome window of an as-of date in one school; None where the calendar does not reach."""
    year = school_year(as_of)
    if outcome.window in ("next_term", "next_half_term"):
        names = calendar.term if outcome.window == "next_term" else calendar.half_term
        return _next_period(calendar, names, as_of, outcome.lead_weeks)
    start = _weeks_later(calendar, as_of, outcome.lead_weeks)
    if start is None:
        return None
    if outcome.window == "rest_of_year":
        last = calendar.last_day_of_year(year)
        return Window(start, last + timedelta(days=1)) if last is not None and last >= start else None
    weeks = calendar.weeks[calendar.weeks >= np.datetime64(monday(start))]
    length = outcome.weeks or 0
    if len(weeks) < length:
        return None
    return Window(start, _as_date(weeks[length - 1]) + timedelta(days=7))


def _weeks_later(calendar: SchoolCalendar, as_of: date, count: int) -> date | None:
    """Return `as_of`, or the Monday `count` school weeks after its week."""
    if count == 0:
        return as_of
    later = calendar.weeks[calendar.weeks > np.datetime64(monday(as_of))]
    return _as_date(later[count - 1]) if len(later) >= count else None


def _next_period(calendar: SchoolCalendar, names: NDArray[np.str_], as_of: date, lead: int) -> Window | None:
    """Return the span of the first term (or half-term) that begins after `as_of`."""
    years = np.array([school_year(_as_date(day)) for day in calendar.days])
    keys = np.char.add(np.char.add(years.astype(str), " "), names.astype(str))
    now = keys[np.searchsorted(calendar.days, np.datetime64(as_of), side="right") - 1]
    ahead = (calendar.days > np.datetime64(as_of)) & (keys != now) & (names != "")
    if not ahead.any():
        return None
    period = calendar.days[keys == keys[ahead.argmax()]]
    start = _weeks_later(calendar, _as_date(period[0]), lead) if lead else _as_date(period[0])
    end = _as_date(period[-1]) + timedelta(days=1)
    return Window(start, end) if start is not None and start < end else None


def _as_date(day: np.datetime64) -> date:
    found: date = day.astype("datetime64[D]").astype(object)
    return found
