"""The year on one line, and which surveys come too late."""

from datetime import date

import numpy as np

from earlywarn.study.year_calendar import AskedWave, too_late, year_calendar
from earlywarn.terms import SchoolCalendar, notice_dates

AUTUMN = np.arange(np.datetime64("2025-09-03"), np.datetime64("2025-10-25"))
AFTER = np.arange(np.datetime64("2025-11-03"), np.datetime64("2025-12-20"))
DAYS = np.concatenate([AUTUMN, AFTER])
HALVES = np.array(["Autumn 1"] * len(AUTUMN) + ["Autumn 2"] * len(AFTER))
CALENDAR = SchoolCalendar(DAYS, np.full(len(DAYS), 2, np.int8), np.full(len(DAYS), "Autumn"), HALVES)
PUPILS = AskedWave("autumn pupils", "pupil", date(2025, 9, 22), date(2025, 10, 3))
STAFF = AskedWave("autumn staff", "staff", date(2025, 10, 6), date(2025, 10, 17))


def test_everything_stands_in_order_of_time_and_notice_matters_to_staff_alone() -> None:
    lists = (date(2025, 10, 13), date(2026, 11, 2))
    found = year_calendar("pupils", 2025, CALENDAR, lists, (PUPILS, STAFF), (date(2025, 11, 28), date(2025, 11, 28)))
    assert [(one.kind, str(one.starts)) for one in found] == [
        ("half-term", "2025-09-03"), ("survey", "2025-09-22"), ("survey", "2025-10-06"), ("list", "2025-10-13"),
        ("half-term", "2025-11-03"), ("data collection", "2025-11-28"),
    ]  # fmt: skip
    assert found[0].ends == date(2025, 10, 24)
    staff = year_calendar("staff", 2025, CALENDAR, lists, ())
    assert [one.starts for one in staff if one.kind == "notice"] == list(notice_dates(2025))


def test_a_survey_that_is_open_on_the_morning_of_the_list_is_too_late_for_it() -> None:
    (said,) = too_late("pupils", (date(2025, 10, 3), date(2025, 11, 3)), (PUPILS, STAFF))
    assert said.startswith("autumn pupils is open until 2025-10-03: the list of 2025-10-03 is made without its answers")
    assert "from 2025-10-04 on" in said
    assert too_late("pupils", (date(2025, 10, 4),), (PUPILS,)) == ()


def test_a_survey_after_the_last_list_informs_none() -> None:
    assert "no list hears of it" in too_late("pupils", (date(2025, 9, 15),), (PUPILS,))[0]


def test_staff_asked_shortly_before_the_day_of_notice_are_asked_too_late_to_act() -> None:
    (said,) = too_late("staff", (date(2025, 10, 20),), (PUPILS, STAFF))
    assert said == (
        "autumn staff closes on 2025-10-17, 2 weeks before teachers give notice (2025-10-31): "
        "there is no time to act on it."
    )
    early = AskedWave("early staff", "staff", date(2025, 9, 15), date(2025, 9, 26))
    assert too_late("staff", (date(2025, 10, 20),), (early,)) == ()


def test_february_has_29_days_in_a_leap_year() -> None:
    assert notice_dates(2027)[1] == date(2028, 2, 29)
