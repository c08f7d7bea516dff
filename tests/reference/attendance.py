"""Features of session marks, slowly and plainly: one pupil, one mark at a time.

In:  a pupil's marks in order of time, the days on which the school was open, the as-of date.
Out: the features by name; NaN where nothing can be said. Nothing here is shared with the package
     but the table of codes. `beside_others` does the same for what compares pupils with one another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import isnan, nan, sqrt

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


def features(marks: list[Mark], as_of: date, half_term: date, sessions_left: int) -> dict[str, float]:
    """Return every feature of one pupil; `marks` has an entry for every session the school held before `as_of`.

    half_term : the day on which the running half-term began, or the year where that is not known.
    """
    started = date(as_of.year if as_of.month >= 8 else as_of.year - 1, 8, 1)
    mine = [mark for mark in marks if mark.day >= started]
    before = [mark for mark in marks if mark.day < started]
    weeks = by_week(mine)
    every_week = sorted({monday(mark.day) for mark in marks})

    def last_weeks(count: int) -> list[Mark]:
        return [mark for mark in marks if monday(mark.day) in every_week[-count:]]

    def earlier_than_weeks(count: int) -> list[Mark]:
        return [mark for mark in mine if monday(mark.day) not in every_week[-count:]]

    this_half_term = [mark for mark in mine if mark.day >= half_term]
    same_time = [mark for mark in before if mark.day < as_of - timedelta(days=364)]
    found = {
        "absence_rate_this_year": rate(mine),
        "absence_rate_half_term": rate(this_half_term),
        "absence_change_half_term": rate(this_half_term) - rate([m for m in mine if m.day < half_term]),
        "absence_change_4w": rate(last_weeks(4)) - rate(earlier_than_weeks(4)),
        "absence_change_on_last_year": rate(mine) - rate(same_time),
        **{f"absence_rate_{count}w": rate(last_weeks(count)) for count in (2, 4, 6, 12)},
        "possible_sessions_this_year": float(sum(mark.possible for mark in mine)),
        "absence_rate_last_year": rate(before),
        "absence_rate_same_time_last_year": rate(same_time),
        "authorised_rate_this_year": rate_if(mine, lambda m: m.category == "authorised_absence"),
        "unauthorised_rate_this_year": rate_if(mine, lambda m: m.category == "unauthorised_absence"),
        "illness_rate_this_year": rate_if(mine, lambda m: m.carries("I", "I01", "I02")),
        "holiday_rate_this_year": rate_if(mine, lambda m: m.carries("F", "G", "H")),
        "suspension_rate_this_year": rate_if(mine, lambda m: m.carries("E")),
        "part_time_rate_this_year": rate_if(mine, lambda m: m.carries("C2")),
        "no_reason_yet_rate_this_year": rate_if(mine, lambda m: m.carries("N")),
        "late_rate_this_year": rate_if(mine, late),
        "late_rate_4w": rate_if(last_weeks(4), late),
        "late_change_4w": rate_if(last_weeks(4), late) - rate_if(earlier_than_weeks(4), late),
        "late_trend": trend([share_late(week) for week in weeks[-8:]]),
        "unauthorised_sessions_10w": sum(m.category == "unauthorised_absence" for m in last_weeks(10)),
        "friday_excess": excess(mine, lambda m: m.day.weekday() == 4),
        "monday_excess": excess(mine, lambda m: m.day.weekday() == 0),
        "afternoon_excess": excess(mine, lambda m: m.session == 1),
        "weekday_spread": weekday_spread(mine),
        "absence_beside_breaks": rate([m for m in mine if m.day in beside_breaks(marks)]),
        "full_weeks_share": full_weeks_share(weeks),
        "full_weeks_running": runs_of_full_weeks(weeks)[-1] if was_possible(mine) else nan,
        "longest_full_weeks": max(runs_of_full_weeks(weeks)) if was_possible(mine) else nan,
        "days_since_absence": min(((as_of - m.day).days for m in marks if m.absent), default=nan),
        "weekly_volatility": volatility(weeks),
        "weekly_trend": trend([rate(week) for week in weeks[-8:]]),
        "absent_first_20_days": absent_first_days(mine, 20),
        **year(mine, sessions_left),
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


def late(mark: Mark) -> bool:
    return mark.carries("L", "U")


def share_late(marks: list[Mark]) -> float:
    return rate_if(marks, late)


def was_possible(marks: list[Mark]) -> bool:
    return any(mark.possible for mark in marks)


def excess(marks: list[Mark], holds: Callable[[Mark], bool]) -> float:
    return rate([mark for mark in marks if holds(mark)]) - rate([mark for mark in marks if not holds(mark)])


def weekday_spread(marks: list[Mark]) -> float:
    rates = [rate([mark for mark in marks if mark.day.weekday() == weekday]) for weekday in range(7)]
    known = [value for value in rates if not isnan(value)]
    return max(known) - min(known) if known else nan


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
    mine = [week for week in weeks if was_possible(week)]
    return sum(not any(mark.absent for mark in week) for week in mine) / len(mine) if mine else nan


def runs_of_full_weeks(weeks: list[list[Mark]]) -> list[int]:
    """Return how many full weeks there had been in a row at the end of each week; weeks without school do not count."""
    runs = [0]
    for week in weeks:
        if any(mark.absent for mark in week):
            runs.append(0)
        else:
            runs.append(runs[-1] + was_possible(week))
    return runs


def volatility(weeks: list[list[Mark]]) -> float:
    rates = [rate(week) for week in weeks if was_possible(week)]
    if len(rates) < 3:
        return nan
    mean = sum(rates) / len(rates)
    return sqrt(sum((value - mean) ** 2 for value in rates) / len(rates))


def trend(values: list[float]) -> float:
    points = [(place, value) for place, value in enumerate(values) if not isnan(value)]
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


def year(marks: list[Mark], left: int) -> dict[str, float]:
    """Walk to the end of the year twice: with every session to come attended, and with every one missed."""
    possible, absent = sum(mark.possible for mark in marks), sum(mark.absent for mark in marks)
    whole = possible + left
    return {
        "year_still_to_come": left / whole if whole else 0,
        "needed_to_cross_10": (whole / 10 - absent) / left if left else nan,
        "sure_to_cross_10": float(bool(whole) and Fraction(absent, whole) >= Fraction(1, 10)),
        "safe_below_10": float(bool(whole) and Fraction(absent + left, whole) < Fraction(1, 10)),
    }


def beside_others(rates: list[float], years: list[int], forms: list[tuple[int, str | None]]) -> dict[str, list[float]]:
    """Return the features that hold each pupil's rate against the others', one value a pupil."""
    found: dict[str, list[float]] = {}
    groups = {"school": [0] * len(rates), "year_group": years, "form": forms}
    for name, group in groups.items():
        means = [mean_of_others(rates, list(group), at) for at in range(len(rates))]
        found[f"{name}_absence_rate"] = means
        found[f"gap_to_{name}"] = [mine - mean for mine, mean in zip(rates, means, strict=True)]
    found["percentile_in_year_group"] = [percentile(rates, years, at) for at in range(len(rates))]
    return found


def mean_of_others(rates: list[float], group: list[object], at: int) -> float:
    others = [rate for place, rate in enumerate(rates) if place != at and group[place] == group[at] and not isnan(rate)]
    return sum(others) / len(others) if others else nan


def percentile(rates: list[float], group: list[int], at: int) -> float:
    mine = [rate for place, rate in enumerate(rates) if group[place] == group[at] and not isnan(rate)]
    if isnan(rates[at]):
        return nan
    return (sum(rate < rates[at] for rate in mine) + sum(rate == rates[at] for rate in mine) / 2) / len(mine)
