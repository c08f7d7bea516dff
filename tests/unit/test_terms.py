"""School years, weeks, windows and as-of dates."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from earlywarn.config import AsOf, Config, Outcome, Term
from earlywarn.errors import ConfigError
from earlywarn.labels import closes_on
from earlywarn.terms import (
    Days,
    SchoolCalendar,
    Window,
    as_of_dates,
    from_days,
    from_terms,
    outcome_window,
    trust_calendar,
)

# Weeks from Mondays: autumn 2, 9, 16, 23, 30 Sept, 14, 21 Oct (a week's half-term from 7 Oct);
# spring 6, 13, 20 Jan 2025, of which the last ends on a Wednesday.
HOLIDAY = (date(2024, 10, 7), date(2024, 10, 11))
TERMS = (
    Term(name="autumn", starts=date(2024, 9, 4), ends=date(2024, 10, 25), half_term=HOLIDAY),
    Term(name="spring", starts=date(2025, 1, 6), ends=date(2025, 1, 22)),
)
CALENDAR = from_terms(TERMS)


def test_term_dates_make_a_calendar() -> None:
    assert len(CALENDAR.days) == 3 + 4 * 5 + 2 * 5 + 2 * 5 + 3
    assert np.datetime64("2024-10-09") not in CALENDAR.days
    assert sorted(set(CALENDAR.half_term)) == ["autumn 1", "autumn 2", "spring 1"]


def test_a_week_is_one_with_a_session() -> None:
    assert [str(week) for week in CALENDAR.weeks_of(2024)][4:8] == [
        "2024-09-30",
        "2024-10-14",
        "2024-10-21",
        "2025-01-06",
    ]


@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2024, 8, 20), 1),
        (date(2024, 9, 4), 1),
        (date(2024, 9, 9), 2),
        (date(2024, 10, 9), 6),  # the half-term holiday: as the Monday after it
        (date(2024, 10, 14), 6),
        (date(2025, 1, 6), 8),
        (date(2025, 9, 8), None),
    ],
)
def test_the_place_of_a_day_in_its_year(day: date, place: int | None) -> None:
    assert CALENDAR.place_in_year(day) == place


@pytest.mark.parametrize(
    ("outcome", "window"),
    [
        (Outcome(window="rest_of_year"), (date(2024, 9, 30), date(2025, 1, 23))),
        (Outcome(window="rest_of_year", lead_weeks=2), (date(2024, 10, 21), date(2025, 1, 23))),
        (Outcome(window="weeks", weeks=1), (date(2024, 9, 30), date(2024, 10, 7))),
        (Outcome(window="weeks", weeks=2), (date(2024, 9, 30), date(2024, 10, 21))),  # over the holiday
        (Outcome(window="weeks", weeks=2, lead_weeks=1), (date(2024, 10, 14), date(2024, 10, 28))),
        (Outcome(window="weeks", weeks=6), (date(2024, 9, 30), date(2025, 1, 27))),
        (Outcome(window="weeks", weeks=7), None),
        (Outcome(window="rest_of_year", lead_weeks=9), None),
        (Outcome(window="next_half_term"), (date(2024, 10, 14), date(2024, 10, 26))),
        (Outcome(window="next_half_term", lead_weeks=1), (date(2024, 10, 21), date(2024, 10, 26))),
        (Outcome(window="next_term"), (date(2025, 1, 6), date(2025, 1, 23))),
        (Outcome(window="next_term", lead_weeks=2), (date(2025, 1, 20), date(2025, 1, 23))),
    ],
)
def test_windows(outcome: Outcome, window: tuple[date, date] | None) -> None:
    assert outcome_window(outcome, CALENDAR, date(2024, 9, 30)) == (Window(*window) if window else None)


def test_nothing_comes_after_the_last_term() -> None:
    assert outcome_window(Outcome(window="next_term"), CALENDAR, date(2025, 1, 13)) is None


def test_school_days_are_counted_and_weekdays_where_the_calendar_ends() -> None:
    friday = date(2024, 10, 4)
    assert CALENDAR.after_school_days(friday, 0) == friday
    assert CALENDAR.after_school_days(friday, 1) == date(2024, 10, 14)
    assert CALENDAR.after_school_days(friday, 11) == date(2025, 1, 6)
    assert CALENDAR.after_school_days(date(2025, 1, 20), 2) == date(2025, 1, 22)
    assert CALENDAR.after_school_days(date(2025, 1, 20), 5) == date(2025, 1, 27)  # Thu, Fri, Mon


def config(**given: object) -> Config:
    return Config(name="test", as_of=AsOf(weeks_of_year=(2,)), **given)


def test_a_window_closes_ten_school_days_after_its_last_day_at_the_last_school() -> None:
    one_week = config(outcome=Outcome(window="weeks", weeks=1))
    # A school that has no half-term holiday would settle on 18 October.
    open_all_along = from_terms([TERMS[0].model_copy(update={"half_term": None}), TERMS[1]])
    assert closes_on(one_week, {"a": open_all_along}, date(2024, 9, 30)) == date(2024, 10, 18)
    assert closes_on(one_week, {"a": open_all_along, "b": CALENDAR}, date(2024, 9, 30)) == date(2024, 10, 25)
    assert closes_on(config(settle_days=0, outcome=one_week.outcome), {"b": CALENDAR}, date(2024, 9, 30)) == date(
        2024, 10, 6
    )


def test_a_school_whose_calendar_ends_early_keeps_no_other_waiting() -> None:
    six_weeks = config(outcome=Outcome(window="weeks", weeks=6))
    short = from_terms(TERMS[:1])
    assert closes_on(six_weeks, {"a": CALENDAR, "b": short}, date(2024, 9, 30)) == date(2025, 2, 7)
    assert closes_on(six_weeks, {"b": short}, date(2024, 9, 30)) is None


def test_as_of_rules() -> None:
    today = date(2025, 1, 22)
    assert as_of_dates(AsOf(weeks_of_year=(2, 6)), CALENDAR, today) == (date(2024, 9, 9), date(2024, 10, 14))
    assert as_of_dates(AsOf(every_weeks=3), CALENDAR, today) == (
        date(2024, 9, 23),
        date(2024, 10, 21),
        date(2025, 1, 20),
    )
    assert as_of_dates(AsOf(dates=(date(2025, 2, 1), date(2024, 9, 9))), CALENDAR, today)[0] == date(2024, 9, 9)


def test_as_of_dates_reach_to_the_week_after_today() -> None:
    weekly = AsOf(every_weeks=1)
    assert as_of_dates(weekly, CALENDAR, date(2024, 9, 18))[-1] == date(2024, 9, 23)


def test_no_date_is_an_error() -> None:
    with pytest.raises(ConfigError, match="no date lies in the data's school years"):
        as_of_dates(AsOf(weeks_of_year=(30,)), CALENDAR, date(2025, 1, 22))


def without(closed: date, known_on: Days | None = None) -> SchoolCalendar:
    """Return the calendar without one day."""
    keep = CALENDAR.days != np.datetime64(closed)
    names = (CALENDAR.days, CALENDAR.sessions, CALENDAR.term, CALENDAR.half_term)
    return SchoolCalendar(*(column[keep] for column in names), known_on=None if known_on is None else known_on[keep])


def test_a_snow_day_in_an_undated_calendar_was_not_foreseen() -> None:
    snow, as_of = date(2025, 1, 14), date(2025, 1, 6)
    assert CALENDAR.sessions_left(as_of) == 26
    assert without(snow).sessions_left(as_of) == 26
    assert without(snow, known_on=CALENDAR.days - 365).sessions_left(as_of) == 24


def test_a_day_that_was_added_to_the_plan_later_does_not_count_yet() -> None:
    added = np.where(CALENDAR.days == np.datetime64("2025-01-14"), np.datetime64("2025-01-06"), CALENDAR.days[0])
    plan = replace(CALENDAR, known_on=added)
    assert plan.sessions_left(date(2025, 1, 6)) == 24
    assert plan.sessions_left(date(2025, 1, 7)) == 24  # a day of two sessions is over, the added one counts


def test_sessions_left_ends_with_the_year_and_needs_a_plan() -> None:
    assert CALENDAR.sessions_left(date(2024, 10, 21)) == 2 * (5 + 13)
    assert CALENDAR.sessions_left(date(2025, 1, 23)) == 0
    assert replace(CALENDAR, planned=False).sessions_left(date(2024, 10, 21)) is None
    assert from_days([date(2024, 9, 4), date(2024, 9, 5)]).sessions_left(date(2024, 9, 4)) is None


def test_half_terms_that_are_called_alike_do_not_swallow_the_holiday_between_them() -> None:
    alike = replace(CALENDAR, half_term=np.array([name[-1:] for name in CALENDAR.half_term]))
    assert set(alike.half_term) == {"1", "2"}
    assert alike.sessions_left(date(2024, 9, 2)) == CALENDAR.sessions_left(date(2024, 9, 2))


def test_the_trust_is_open_when_half_of_its_schools_are() -> None:
    days = [date(2024, 9, 2), date(2024, 9, 3), date(2024, 9, 4), date(2024, 9, 5)]
    schools = {"a": from_days(days[:2]), "b": from_days(days[1:3]), "c": from_days(days[1:])}
    assert trust_calendar(schools).days.astype(object).tolist() == days[1:3]
