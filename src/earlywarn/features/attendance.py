"""Features of session marks, as plain data: what each is called, means and says when empty."""

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np

from earlywarn.features.feature import Feature, Floats, Theme
from earlywarn.features.history import Counts, History, share
from earlywarn.features.seen import Seen, mean_of_others, percentile_in_group

NO_SESSION = "no session was possible in this time"
PERSISTENT = 0.10  # DfE's line of persistent absence


def _from_history(measure: Callable[[History], Floats | Counts]) -> Callable[[Seen], Floats]:
    """Wrap a measure of marks; people of a school without any mark get NaN."""

    def value(seen: Seen) -> Floats:
        if seen.history is None:
            return np.full(seen.size, np.nan, np.float32)
        return np.asarray(measure(seen.history), np.float32)

    return value


def _feature(
    name: str, theme: Theme, unit: str, means: str, measure: Callable[[History], Floats | Counts],
    *, risk: int = 1, empty: str = NO_SESSION, block: str = "attendance",
) -> Feature:  # fmt: skip
    assert risk in (-1, 0, 1)
    return Feature(name, theme, block, unit, means, empty, _from_history(measure), risk)  # type: ignore[arg-type]


def _rate_weeks(weeks: int) -> Feature:
    return _feature(
        f"absence_rate_{weeks}w", "absence this year", "share",
        f"Share of possible sessions missed in the last {weeks} school weeks",
        lambda h: h.rate("absent", h.weeks_back(weeks)),
    )  # fmt: skip


def _rate_of(kind: str, words: str, *, risk: int = 0) -> Feature:
    return _feature(
        f"{kind}_rate_this_year", "pattern of absence", "share",
        f"Share of possible sessions this year missed with {words}",
        lambda h: h.rate(kind, h.this_year), risk=risk,
    )  # fmt: skip


def _last_year(h: History) -> Floats:
    start, end = _last_year_days(h)
    absent = h.count("absent", start, end) + h.last_year_absent
    return share(absent, h.count("possible", start, end) + h.last_year_possible)


def _last_year_days(h: History) -> tuple[date, date]:
    return h.this_year.replace(year=h.this_year.year - 1), h.this_year


def _same_time_last_year(h: History) -> Floats:
    start, _ = _last_year_days(h)
    return h.rate("absent", start, h.as_of - timedelta(weeks=52))


def _needed_to_cross(h: History) -> Floats:
    """Return the share of the sessions still to come that, if missed, brings the year to 10%."""
    left = h.calendar.sessions_left(h.as_of)
    if not left:
        return np.full(h.pupils, np.nan, np.float32)
    possible = h.count("possible", h.this_year).astype(np.float32)
    needed = (PERSISTENT * (possible + left) - h.count("absent", h.this_year)) / left
    return needed.astype(np.float32)


def _still_to_come(h: History) -> Floats:
    left = h.calendar.sessions_left(h.as_of)
    if left is None:
        return np.full(h.pupils, np.nan, np.float32)
    possible = h.count("possible", h.this_year).astype(np.float32)
    return (left / np.maximum(left + possible, 1)).astype(np.float32)


def _full_weeks(h: History) -> Floats:
    absent, possible = h.weekly
    return share(((absent == 0) & (possible > 0)).sum(axis=1), (possible > 0).sum(axis=1))


def _weekly_rates(h: History) -> Floats:
    absent, possible = h.weekly
    return np.divide(absent, possible, out=np.full(absent.shape, np.nan, np.float32), where=possible > 0)


def _volatility(h: History) -> Floats:
    rates = _weekly_rates(h)
    known = ~np.isnan(rates)
    count = known.sum(axis=1)
    filled = np.where(known, rates, 0)
    mean = share(filled.sum(axis=1), count)
    spread = share((np.where(known, rates - mean[:, None], 0) ** 2).sum(axis=1), count)
    return np.where(count >= 3, np.sqrt(spread), np.nan).astype(np.float32)


def _trend(h: History) -> Floats:
    """Return the least-squares slope of the weekly rates of the last eight weeks, a week."""
    rates = _weekly_rates(h)[:, -8:]
    known = ~np.isnan(rates)
    week = np.broadcast_to(np.arange(rates.shape[1], dtype=np.float32), rates.shape)
    count = known.sum(axis=1)
    centred = week - share(np.where(known, week, 0).sum(axis=1), count)[:, None]
    above = np.where(known, centred * np.where(known, rates, 0), 0).sum(axis=1)
    below = np.where(known, centred**2, 0).sum(axis=1)
    return np.where(count >= 4, share(above, below), np.nan).astype(np.float32)


def _longest_run_of_full_weeks(h: History) -> Floats:
    """Return the full weeks attended up to the date without a break."""
    absent, possible = h.weekly
    broken = (absent > 0)[:, ::-1]
    weeks = np.where(broken.any(axis=1), broken.argmax(axis=1), absent.shape[1]) if absent.shape[1] else 0
    return np.where(possible.sum(axis=1) > 0, weeks, np.nan).astype(np.float32)


ATTENDANCE: tuple[Feature, ...] = (
    _feature(
        "absence_rate_this_year", "absence this year", "share",
        "Share of possible sessions missed since the start of the school year",
        lambda h: h.rate("absent", h.this_year),
    ),
    *(_rate_weeks(weeks) for weeks in (2, 4, 6, 12)),
    _feature(
        "absence_rate_half_term", "absence this year", "share",
        "Share of possible sessions missed since the half-term began",
        lambda h: h.rate("absent", h.half_term_start),
    ),
    _feature(
        "possible_sessions_this_year", "movement", "sessions",
        "Possible sessions since the start of the school year",
        lambda h: h.count("possible", h.this_year), risk=0,
    ),
    _feature(
        "absence_rate_last_year", "absence last year", "share",
        "Share of possible sessions missed last school year, at any school", _last_year,
        empty="nothing is known of last year",
    ),
    _feature(
        "absence_rate_same_time_last_year", "absence last year", "share",
        "Share of possible sessions missed by this time last year", _same_time_last_year,
        empty="nothing is known of last year",
    ),
    _feature(
        "absence_change_on_last_year", "absence last year", "share points",
        "Absence rate so far this year less that of the same time last year",
        lambda h: h.rate("absent", h.this_year) - _same_time_last_year(h), risk=0,
        empty="one of the two years is not known",
    ),
    _feature(
        "absence_change_4w", "pattern of absence", "share points",
        "Absence rate of the last 4 school weeks less that of the year before them",
        lambda h: h.rate("absent", h.weeks_back(4)) - h.rate("absent", h.this_year, h.weeks_back(4)), risk=0,
    ),
    _rate_of("authorised", "leave from the school", risk=0),
    _rate_of("unauthorised", "no leave from the school", risk=1),
    _rate_of("illness", "illness"),
    _rate_of("holiday", "a holiday in term time"),
    _rate_of("suspension", "a suspension"),
    _rate_of("part_time", "a part-time timetable"),
    _rate_of("no_reason_yet", "no reason given yet"),
    _feature(
        "late_rate_this_year", "pattern of absence", "share", "Share of possible sessions this year with a late mark",
        lambda h: h.rate("late", h.this_year),
    ),
    _feature(
        "late_change_4w", "pattern of absence", "share points",
        "Share of late marks in the last 4 school weeks less that of the year before them",
        lambda h: h.rate("late", h.weeks_back(4)) - h.rate("late", h.this_year, h.weeks_back(4)), risk=0,
    ),
    _feature(
        "spells_this_year", "pattern of absence", "spells", "Separate spells of absence this year",
        lambda h: h.spells.number, empty="never",
    ),
    _feature(
        "longest_spell", "pattern of absence", "sessions", "Sessions of the longest spell of absence this year",
        lambda h: h.spells.longest, empty="never",
    ),
    _feature(
        "current_spell", "pattern of absence", "sessions", "Sessions missed up to now without coming back",
        lambda h: h.spells.current, empty="never",
    ),
    _feature(
        "mean_spell", "pattern of absence", "sessions", "Mean length of this year's spells of absence",
        lambda h: share(h.count("absent", h.this_year), h.spells.number), risk=0, empty="no absence this year",
    ),
    _feature(
        "sessions_since_absence", "pattern of absence", "sessions",
        "Possible sessions attended since the last absence this year", lambda h: h.spells.since_last, risk=-1,
        empty="never",
    ),
    _feature(
        "full_weeks_share", "pattern of absence", "share", "Share of this year's weeks attended in full",
        _full_weeks, risk=-1,
    ),
    _feature(
        "full_weeks_running", "pattern of absence", "weeks", "Full weeks attended up to now without a break",
        _longest_run_of_full_weeks, risk=-1,
    ),
    _feature(
        "friday_excess", "pattern of absence", "share points", "Absence rate on Fridays less that on other days",
        lambda h: h.rate_where(h.weekday == 4) - h.rate_where(h.weekday != 4), risk=0,
    ),
    _feature(
        "monday_excess", "pattern of absence", "share points", "Absence rate on Mondays less that on other days",
        lambda h: h.rate_where(h.weekday == 0) - h.rate_where(h.weekday != 0), risk=0,
    ),
    _feature(
        "afternoon_excess", "pattern of absence", "share points", "Absence rate in afternoons less that in mornings",
        lambda h: h.rate_where(h.slice.session == 1) - h.rate_where(h.slice.session == 0), risk=0,
    ),
    _feature(
        "absence_beside_breaks", "pattern of absence", "share",
        "Absence rate on the days just before and after a holiday", lambda h: h.rate_where(h.beside_break),
    ),
    _feature(
        "weekly_volatility", "pattern of absence", "share points",
        "Standard deviation of this year's weekly absence rates", _volatility, risk=0,
        empty="fewer than three weeks this year",
    ),
    _feature(
        "weekly_trend", "pattern of absence", "share points",
        "Slope of the weekly absence rate over the last 8 weeks, a week", _trend, risk=0,
        empty="fewer than four weeks this year",
    ),
    _feature(
        "absent_first_20_days", "absence this year", "sessions",
        "Sessions missed in the first 20 school days of the year", lambda h: h.absent_first_days(20),
        empty="the first 20 days are not over",
    ),
    _feature(
        "year_still_to_come", "movement", "share", "Share of the year's sessions that are still to come",
        _still_to_come, risk=0, empty="no calendar says what is to come",
    ),
    _feature(
        "needed_to_cross_10", "absence this year", "share",
        "Share of the sessions still to come that, if missed, brings the whole year to 10%", _needed_to_cross, risk=-1,
        empty="no calendar says what is to come",
    ),
)  # fmt: skip


def _rate_so_far(seen: Seen) -> Floats:
    if seen.history is None:
        return np.full(seen.size, np.nan, np.float32)
    return seen.history.rate("absent", seen.history.this_year)


def _beside_others(name: str, means: str, value: Callable[[Seen], Floats], risk: int, unit: str = "share") -> Feature:
    return Feature(name, "compared with others", "context", unit, means, "nobody to compare with", value, risk)  # type: ignore[arg-type]


CONTEXT: tuple[Feature, ...] = (
    _beside_others(
        "school_absence_rate", "Mean absence rate so far of the school's other pupils",
        lambda seen: mean_of_others(_rate_so_far(seen), seen.everyone), 0,
    ),
    _beside_others(
        "year_group_absence_rate", "Mean absence rate so far of the other pupils of the year group",
        lambda seen: mean_of_others(_rate_so_far(seen), seen.group("year_group")), 0,
    ),
    _beside_others(
        "form_absence_rate", "Mean absence rate so far of the other pupils of the form",
        lambda seen: mean_of_others(_rate_so_far(seen), seen.group("year_group", "form")), 0,
    ),
    _beside_others(
        "gap_to_year_group", "Absence rate so far less the mean of the year group's other pupils",
        lambda seen: _rate_so_far(seen) - mean_of_others(_rate_so_far(seen), seen.group("year_group")), 1,
        "share points",
    ),
    _beside_others(
        "percentile_in_year_group", "Share of the year group with a lower absence rate so far",
        lambda seen: percentile_in_group(_rate_so_far(seen), seen.group("year_group")), 1, "percentile",
    ),
)  # fmt: skip
