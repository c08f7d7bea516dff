"""How much was missed: over the year, its last weeks and last year, and for which reasons."""

from datetime import date, timedelta
from typing import Literal

import numpy as np

from earlywarn.features.attendance.of_marks import NEVER, of_marks
from earlywarn.features.feature import Feature, Floats
from earlywarn.features.history import History, share
from earlywarn.features.tallies import Kind


def _rate_weeks(weeks: int) -> Feature:
    return of_marks(
        f"absence_rate_{weeks}w", "absence this year", "share",
        f"Share of possible sessions missed in the last {weeks} school weeks",
        lambda h: h.rate("absent", h.weeks_back(weeks)),
    )  # fmt: skip


def _rate_of(kind: Kind, words: str, risk: Literal[0, 1] = 0) -> Feature:
    return of_marks(
        f"{kind}_rate_this_year", "pattern of absence", "share",
        f"Share of possible sessions this year missed with {words}",
        lambda h: h.rate(kind, h.this_year), risk=risk,
    )  # fmt: skip


def _last_year_began(h: History) -> date:
    return h.this_year.replace(year=h.this_year.year - 1)


def _last_year(h: History) -> Floats:
    absent = h.count("absent", _last_year_began(h), h.this_year) + h.last_year_absent
    return share(absent, h.possible(_last_year_began(h), h.this_year) + h.last_year_possible)


def _same_time_last_year(h: History) -> Floats:
    return h.rate("absent", _last_year_began(h), h.as_of - timedelta(weeks=52))


def _first_days(h: History, days: int) -> Floats:
    """Return sessions missed in the year's first school days; NaN before they are over."""
    if len(h.days) < days:
        return np.full(h.pupils, np.nan, np.float32)
    until: date = (h.days[days - 1] + np.timedelta64(1, "D")).astype(object)
    return h.count("absent", h.this_year, until).astype(np.float32)


def _change_since(h: History, since: date) -> Floats:
    """Return the absence rate since a day less that of this year before it."""
    return h.rate("absent", since) - h.rate("absent", h.this_year, since)


RATES: tuple[Feature, ...] = (
    of_marks(
        "absence_rate_this_year", "absence this year", "share",
        "Share of possible sessions missed since the start of the school year", lambda h: h.rate_so_far,
    ),
    *(_rate_weeks(weeks) for weeks in (2, 4, 6, 12)),
    of_marks(
        "absence_rate_half_term", "absence this year", "share",
        "Share of possible sessions missed since the half-term began",
        lambda h: h.rate("absent", h.half_term_start),
    ),
    of_marks(
        "absent_first_20_days", "absence this year", "sessions",
        "Sessions missed in the first 20 school days of the year", lambda h: _first_days(h, 20),
        empty="the first 20 days are not over",
    ),
    of_marks(
        "absence_rate_last_year", "absence last year", "share",
        "Share of possible sessions missed last school year, at any school", _last_year,
        empty="nothing is known of last year",
    ),
    of_marks(
        "absence_rate_same_time_last_year", "absence last year", "share",
        "Share of possible sessions missed by this time last year", _same_time_last_year,
        empty="nothing is known of last year",
    ),
    of_marks(
        "absence_change_on_last_year", "absence last year", "share points",
        "Absence rate so far this year less that of the same time last year",
        lambda h: h.rate_so_far - _same_time_last_year(h), risk=0, empty="one of the two years is not known",
    ),
    of_marks(
        "absence_change_4w", "pattern of absence", "share points",
        "Absence rate of the last 4 school weeks less that of the year before them",
        lambda h: _change_since(h, h.weeks_back(4)), risk=0,
    ),
    of_marks(
        "absence_change_half_term", "pattern of absence", "share points",
        "Absence rate of this half-term less that of the year before it",
        lambda h: _change_since(h, h.half_term_start), risk=0,
        empty="the year has no earlier half-term, or no session of one of the two was possible",
    ),
    _rate_of("authorised", "leave from the school"),
    _rate_of("unauthorised", "no leave from the school", risk=1),
    _rate_of("illness", "illness"),
    _rate_of("holiday", "a holiday in term time"),
    _rate_of("suspension", "a suspension"),
    _rate_of("part_time", "a part-time timetable"),
    _rate_of("no_reason_yet", "no reason given yet"),
    of_marks(
        "unauthorised_sessions_10w", "pattern of absence", "sessions",
        "Sessions missed without leave in the last 10 school weeks; 10 of them can bring a penalty notice",
        lambda h: h.count("unauthorised", h.weeks_back(10)), empty=NEVER,
    ),
)  # fmt: skip
