"""When a person crossed the line, slowly and plainly: one session at a time."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from reference.attendance import Mark


def first_over(marks: Sequence[Mark], morning: date, threshold: Fraction, fewest: int) -> tuple[date | None, bool]:
    """Return the first day at whose end the line is reached, and whether it was on the morning already.

    marks : one person's sessions of a school year, in order of time.
    """
    yesterday = [mark for mark in marks if mark.day < morning]
    if _over(yesterday, threshold, fewest):
        return None, True
    for day in sorted({mark.day for mark in marks if mark.day >= morning}):
        if _over([mark for mark in marks if mark.day <= day], threshold, fewest):
            return day, False
    return None, False


def _over(marks: Sequence[Mark], threshold: Fraction, fewest: int) -> bool:
    possible, absent = sum(mark.possible for mark in marks), sum(mark.absent for mark in marks)
    return possible >= fewest and possible > 0 and Fraction(absent, possible) >= threshold


def weeks_between(days: Sequence[date], morning: date, day: date) -> int:
    """Return how many school weeks begin after that of the morning, up to that of the day.

    days : the school days; a week without one does not count, a morning in it belongs to the next.
    """
    weeks = sorted({each - timedelta(days=each.weekday()) for each in days})
    now = min(week for week in weeks if week + timedelta(days=6) >= morning)
    return sum(now < week <= day for week in weeks)
