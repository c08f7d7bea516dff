"""The school year on one line: surveys, data collections, lists, terms and the dates by which teachers give notice.

In:  the config's as-of dates, the published calendar, the waves and the days on which judgements were collected.
Out: `Entry`s in order of time, and warnings where a survey comes too late for the list that it should inform.

This looks at plans only: no mark, answer or outcome is read. What a list may know is settled elsewhere (`features`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

import numpy as np

from earlywarn.config import Population
from earlywarn.surveys.instrument import Audience
from earlywarn.terms import SchoolCalendar, notice_dates, school_year

Kind = Literal["half-term", "survey", "data collection", "list", "notice"]
# Which surveys a model of each population looks at.
INFORMS: dict[Population, tuple[Audience, ...]] = {"pupils": ("pupil", "parent"), "staff": ("staff",)}
# Staff are asked at least this long before the notice date: less leaves no time to act.
NOTICE_LEAD = timedelta(weeks=4)


@dataclass(frozen=True)
class AskedWave:
    """A survey wave as planned: open on both of its days."""

    name: str
    audience: Audience
    opens_on: date
    closes_on: date


@dataclass(frozen=True)
class Entry:
    """Something in the year, from its first to its last day."""

    starts: date
    ends: date
    kind: Kind
    words: str


def year_calendar(
    population: Population,
    year: int,
    calendar: SchoolCalendar,
    lists: Sequence[date],
    waves: Sequence[AskedWave],
    collections: Sequence[date] = (),
) -> tuple[Entry, ...]:
    """Return the entries of one school year, in order of time.

    lists       : as-of dates: the mornings on which lists are made.
    collections : days on which judgements were collected.
    """
    entries = [
        *_half_terms(calendar, year),
        *(Entry(one.opens_on, one.closes_on, "survey", f"{one.name}: asks {_WHOM[one.audience]}") for one in waves),
        *(Entry(day, day, "data collection", "judgements collected") for day in sorted(set(collections))),
        *(Entry(day, day, "list", "a list is made") for day in lists),
        *(Entry(day, day, "notice", "teachers give notice by this day") for day in notice_dates(year)),
    ]
    shown = [one for one in entries if school_year(one.starts) == year and _matters(one, population)]
    return tuple(sorted(shown, key=lambda one: (one.starts, one.ends, one.kind, one.words)))


_WHOM: dict[Audience, str] = {"pupil": "pupils", "parent": "parents", "staff": "staff"}


def _matters(entry: Entry, population: Population) -> bool:
    return entry.kind != "notice" or population == "staff"


def _half_terms(calendar: SchoolCalendar, year: int) -> Iterator[Entry]:
    """Yield the half-terms that have names."""
    days = [
        (day.astype(object), name)
        for day, name in zip(calendar.days, calendar.half_term.tolist(), strict=True)
        if name and school_year(day.astype(object)) == year
    ]
    for name, several in groupby(days, key=lambda each: each[1]):
        members = [day for day, _ in several]
        yield Entry(members[0], members[-1], "half-term", name)


def too_late(population: Population, lists: Sequence[date], waves: Sequence[AskedWave]) -> tuple[str, ...]:
    """Say which surveys come too late for the list, or the day of notice, that they should inform."""
    mine = [wave for wave in waves if wave.audience in INFORMS[population]]
    found = [_while_open(wave, day) for day in sorted(lists) for wave in mine if wave.opens_on < day <= wave.closes_on]
    found += [_unused(wave) for wave in mine if not any(wave.closes_on < day for day in lists)]
    if population == "staff":
        found += [_near_notice(wave, day) for wave in mine for day in notice_dates(school_year(wave.closes_on))
                  if day - NOTICE_LEAD < wave.closes_on <= day]  # fmt: skip
    return tuple(found)


def _while_open(wave: AskedWave, day: date) -> str:
    return (
        f"{wave.name} is open until {wave.closes_on}: the list of {day} is made without its answers. "
        f"Close it before that day, or make the list from {wave.closes_on + timedelta(days=1)} on."
    )


def _unused(wave: AskedWave) -> str:
    return f"{wave.name} closes on {wave.closes_on}, after the last list: no list hears of it."


def _near_notice(wave: AskedWave, day: date) -> str:
    weeks = int(np.ceil((day - wave.closes_on).days / 7))
    return (
        f"{wave.name} closes on {wave.closes_on}, {weeks} week{'' if weeks == 1 else 's'} before teachers give notice "
        f"({day}): there is no time to act on it."
    )
