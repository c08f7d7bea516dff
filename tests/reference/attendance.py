"""Features of session marks, slowly and plainly: one pupil, one mark at a time.

In:  a pupil's marks in order of time, the days on which the school was open, the as-of date.
Out: the features by name; NaN where nothing can be said. Nothing here is shared with the package
     but the table of codes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import nan, sqrt

from earlywarn.codes.attendance import Code, load_codes


@dataclass(frozen=True)
class Mark:
    """What stands in the register for one session; `code` is None where nothing does."""

    day: date
    session: int
    code: Code | None

    @property
    def possible(self) -> bool:
        return self.code is not None and self.code.possible

    @property
    def absent(self) -> bool:
        return self.code is not None and self.code.absence

    @property
    def category(self) -> str:
        return self.code.category if self.code else ""

    def carries(self, *codes: str) -> bool:
        return self.code is not None and self.code.code in codes


def codes_on(day: date) -> list[Code]:
    """Return the codes in force on a day."""
    return [code for code in load_codes().rows if code.valid_on(day)]


def features(marks: list[Mark], as_of: date, sessions_left: int) -> dict[str, float]:
    """Return the main features of one pupil; `marks` has an entry for every session the school held before `as_of`."""
    started = date(as_of.year if as_of.month >= 8 else as_of.year - 1, 8, 1)
    mine = [mark for mark in marks if mark.day >= started]
    before = [mark for mark in marks if mark.day < started]
    weeks = by_week(mine)
    every_week = sorted({monday(mark.day) for mark in marks})

    def last_weeks(count: int) -> list[Mark]:
        return [mark for mark in marks if monday(mark.day) in every_week[-count:]]

    found = {
        "absence_rate_this_year": rate(mine),
        **{f"absence_rate_{count}w": rate(last_weeks(count)) for count in (2, 4, 6, 12)},
        "possible_sessions_this_year": float(sum(mark.possible for mark in mine)),
        "absence_rate_last_year": rate(before),
        "absence_rate_same_time_last_year": rate([m for m in before if m.day < as_of - timedelta(days=364)]),
        "authorised_rate_this_year": rate_if(mine, lambda m: m.category == "authorised_absence"),
        "unauthorised_rate_this_year": rate_if(mine, lambda m: m.category == "unauthorised_absence"),
        "illness_rate_this_year": rate_if(mine, lambda m: m.carries("I", "I01", "I02")),
        "holiday_rate_this_year": rate_if(mine, lambda m: m.carries("F", "G", "H")),
        "suspension_rate_this_year": rate_if(mine, lambda m: m.carries("E")),
        "part_time_rate_this_year": rate_if(mine, lambda m: m.carries("C2")),
        "no_reason_yet_rate_this_year": rate_if(mine, lambda m: m.carries("N")),
        "late_rate_this_year": rate_if(mine, lambda m: m.carries("L", "U")),
        "friday_excess": excess(mine, lambda m: m.day.weekday() == 4),
        "monday_excess": excess(mine, lambda m: m.day.weekday() == 0),
        "afternoon_excess": excess(mine, lambda m: m.session == 1),
        "absence_beside_breaks": rate([m for m in mine if m.day in beside_breaks(marks)]),
        "full_weeks_share": full_weeks_share(weeks),
        "full_weeks_running": full_weeks_running(weeks),
        "weekly_volatility": volatility(weeks),
        "weekly_trend": trend(weeks[-8:]),
        "absent_first_20_days": absent_first_days(mine, 20),
        "needed_to_cross_10": needed(mine, sessions_left),
    }  # fmt: skip
    return found | spells(mine)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def rate(marks: list[Mark]) -> float:
    possible = sum(mark.possible for mark in marks)
    return sum(mark.absent for mark in marks) / possible if possible else nan


def rate_if(marks: list[Mark], holds: Callable[[Mark], bool]) -> float:
    possible = sum(mark.possible for mark in marks)
    return sum(holds(mark) for mark in marks) / possible if possible else nan


def excess(marks: list[Mark], holds: Callable[[Mark], bool]) -> float:
    return rate([mark for mark in marks if holds(mark)]) - rate([mark for mark in marks if not holds(mark)])


def by_week(marks: list[Mark]) -> list[list[Mark]]:
    weeks = sorted({monday(mark.day) for mark in marks})
    return [[mark for mark in marks if monday(mark.day) == week] for week in weeks]


def beside_breaks(marks: list[Mark]) -> set[date]:
    """Return the last day before, and the first after, a week or more without school."""
    days = sorted({mark.day for mark in marks})
    found: set[date] = set()
    for earlier, later in pairwise(days):
        if (later - earlier).days >= 7:
            found |= {earlier, later}
    return found


def spells(marks: list[Mark]) -> dict[str, float]:
    """Walk through the year; a session that was not possible neither ends nor prolongs a spell."""
    lengths: list[int] = []
    running = since = 0
    for mark in marks:
        if mark.absent and running:
            lengths[-1] += 1
        elif mark.absent:
            lengths.append(1)
        if mark.possible:
            running = running + 1 if mark.absent else 0
            since = 0 if mark.absent else since + 1
    return {
        "spells_this_year": len(lengths),
        "longest_spell": max(lengths, default=0),
        "current_spell": running,
        "mean_spell": sum(lengths) / len(lengths) if lengths else nan,
        "sessions_since_absence": since,
    }


def full_weeks_share(weeks: list[list[Mark]]) -> float:
    mine = [week for week in weeks if any(mark.possible for mark in week)]
    return sum(not any(mark.absent for mark in week) for week in mine) / len(mine) if mine else nan


def full_weeks_running(weeks: list[list[Mark]]) -> float:
    if not any(mark.possible for week in weeks for mark in week):
        return nan
    count = 0
    for week in reversed(weeks):
        if any(mark.absent for mark in week):
            break
        count += 1
    return count


def volatility(weeks: list[list[Mark]]) -> float:
    rates = [rate(week) for week in weeks if any(mark.possible for mark in week)]
    if len(rates) < 3:
        return nan
    mean = sum(rates) / len(rates)
    return sqrt(sum((value - mean) ** 2 for value in rates) / len(rates))


def trend(weeks: list[list[Mark]]) -> float:
    points = [(place, rate(week)) for place, week in enumerate(weeks) if any(mark.possible for mark in week)]
    if len(points) < 4:
        return nan
    middle = sum(place for place, _ in points) / len(points)
    above = sum((place - middle) * value for place, value in points)
    return above / sum((place - middle) ** 2 for place, _ in points)


def absent_first_days(marks: list[Mark], count: int) -> float:
    days = sorted({mark.day for mark in marks})
    if len(days) < count:
        return nan
    return sum(mark.absent for mark in marks if mark.day <= days[count - 1])


def needed(marks: list[Mark], left: int) -> float:
    if not left:
        return nan
    possible = sum(mark.possible for mark in marks)
    return (0.1 * (possible + left) - sum(mark.absent for mark in marks)) / left
