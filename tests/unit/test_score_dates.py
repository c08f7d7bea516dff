"""Which mornings can be scored: the remedy that a refusal names must itself work."""

from datetime import date

import numpy as np
import pytest

from earlywarn.config import Term
from earlywarn.errors import ConfigError
from earlywarn.score.people import check_date
from earlywarn.terms import from_days, from_terms

AUTUMN = from_terms([Term(name="autumn", starts=date(2026, 9, 1), ends=date(2026, 12, 18))])
FRIDAY, MONDAY = date(2026, 11, 6), date(2026, 11, 9)
SERVES = (11,)
EVERY_FOUR_WEEKS = (5, 9, 13)


def test_the_next_school_morning_is_the_last_that_can_be_scored() -> None:
    check_date(MONDAY, SERVES, AUTUMN, FRIDAY)
    with pytest.raises(ConfigError) as refused:
        check_date(date(2026, 11, 10), SERVES, AUTUMN, FRIDAY)
    assert refused.value.fix == "give newer data, or an as_of of 2026-11-09 or before"


def test_without_a_plan_a_week_after_the_data_can_be_scored() -> None:
    marked = from_days(AUTUMN.days[AUTUMN.days <= np.datetime64(FRIDAY)].astype(object))
    check_date(date(2026, 11, 13), SERVES, marked, FRIDAY)
    with pytest.raises(ConfigError) as refused:
        check_date(date(2026, 11, 14), SERVES, marked, FRIDAY)
    assert refused.value.fix == "give newer data, or an as_of of 2026-11-13 or before"


def test_a_model_of_every_four_weeks_serves_the_weeks_between() -> None:
    for week in AUTUMN.weeks[2:15]:
        check_date(week.astype(object), EVERY_FOUR_WEEKS, AUTUMN, date(2026, 12, 18))
    with pytest.raises(ConfigError, match="lies in school week 2; this model serves"):
        check_date(AUTUMN.weeks[1].astype(object), EVERY_FOUR_WEEKS, AUTUMN, date(2026, 12, 18))
