"""Who is on roll where, and when: a trust's pupils as they come, move up and leave.

In:  the schools and the plan.
Out: `Roster`, one row per pupil, school and school year, ordered by school, year and year group, and
     `home`, the school at which each pupil is first met.

A pupil who moves from a primary to the secondary that it feeds keeps its number, so
that history follows. Two or three in a hundred leave during a year, and others join.
One in a thousand is registered at two schools at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import YearPlan, year_plan
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.schools import School
from earlywarn.terms import Days

Ints = NDArray[np.int64]

MOVES_IN_YEAR = 0.025  # share of pupils who leave, and are replaced, during a year
FOLLOWS_TO_SECONDARY = 0.75  # share of Year 6 who go to the trust's own secondary
FORM_SIZE = 30
DUAL_REGISTERED = 0.001  # share of pupils of mainstream schools who are registered at a special school as well
DAYS_AT_SECOND_SCHOOL = (0b00011, 0b00110, 0b01100, 0b11000, 0b10101)  # Monday is the lowest bit
ALL_WEEK = np.uint8(0b11111)
FIRST_MOVE, LAST_MOVE = 25, 165  # planned days of the year between which pupils move


@dataclass(frozen=True)
class Roster:
    """One row per pupil, school and school year.

    person     : number of the pupil.
    school     : number of the school.
    year       : index into the plan's school years.
    year_group : 0 to 11.
    form       : number of the form in the year group, from 0.
    joined_on  : first day of the enrolment, perhaps years ago.
    first, last: first and last day on roll in this school year.
    left_on    : last day of the enrolment, if it is in this school year; otherwise NaT.
    moved_in   : joined from a school elsewhere after reception.
    elsewhere  : weekdays on which the pupil, registered at two schools, is expected at the other one, as bits: 1 for
                 Monday, 2 for Tuesday, 4, 8, 16; 0 for everyone registered once.
    """

    person: Ints
    school: Ints
    year: Ints
    year_group: Ints
    form: Ints
    joined_on: Days
    first: Days
    last: Days
    left_on: Days
    moved_in: NDArray[np.bool_]
    elsewhere: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.person)

    def rows(self, chosen: NDArray[np.bool_] | Ints | slice) -> "Roster":
        """Return the chosen rows."""
        return Roster(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})


@dataclass(frozen=True)
class _Class:
    """The pupils of one year group of one school at the start of a year."""

    person: Ints
    joined_on: Days
    moved_in: NDArray[np.bool_]


class _Newcomers:
    """Hands out numbers for pupils who are met for the first time, and remembers where."""

    def __init__(self) -> None:
        self.home: list[Ints] = []
        self.met = 0

    def take(self, count: int, school: School) -> Ints:
        self.home.append(np.full(count, school.number))
        self.met += count
        return np.arange(self.met - count, self.met)


def make_roster(schools: Sequence[School], plan: Plan, rng: np.random.Generator) -> tuple[Roster, Ints]:
    """Return the roster, and (n_people,) the school at which each pupil was first met."""
    newcomers = _Newcomers()
    parts: list[Roster] = []
    classes: dict[tuple[int, int], _Class] = {}
    for year, began in enumerate(plan.school_years):
        from_primary = _leavers_to_secondary(classes, schools, rng)
        classes = {
            (school.number, group): _class_of(school, group, began, classes, from_primary, newcomers)
            for school in schools
            for group in school.year_groups
        }
        for school in schools:
            for group in school.year_groups:
                start = classes[school.number, group]
                rows, stays = _year_of_class(start, school, group, year, year_plan(began), newcomers, rng)
                parts.append(rows)
                classes[school.number, group] = stays
    roster = _together(parts)
    roster = _together([roster, _second_schools(roster, schools, plan, rng)])
    order = np.lexsort((roster.person, roster.year_group, roster.year, roster.school))
    return roster.rows(order), np.concatenate(newcomers.home)


def _second_schools(roster: Roster, schools: Sequence[School], plan: Plan, rng: np.random.Generator) -> Roster:
    """Return rows of a few pupils who are registered, for a year, at a special school as well.

    Each is expected there on two or three days of the week, and on the others at the first school.
    """
    special = [school.number for school in schools if school.phase == "special"]
    starts, ends = (np.array([year_plan(began).days[at] for began in plan.school_years]) for at in (0, -1))
    stays = (roster.first == starts[roster.year]) & np.isnat(roster.left_on) & ~np.isin(roster.school, special)
    chosen = np.flatnonzero(stays & (roster.year_group > 0) & (rng.random(len(roster)) < DUAL_REGISTERED))
    if not special:
        return roster.rows(chosen[:0])
    there = rng.choice(np.array(DAYS_AT_SECOND_SCHOOL, np.uint8), len(chosen))
    roster.elsewhere[chosen] = there
    rows = roster.rows(chosen)
    return replace(
        rows,
        school=rng.choice(special, len(chosen)),
        form=np.zeros(len(chosen), np.int64),
        joined_on=rows.first,
        left_on=ends[rows.year],
        moved_in=np.zeros(len(chosen), bool),
        elsewhere=ALL_WEEK - there,
    )


def _together(parts: Sequence[Roster]) -> Roster:
    """Return the rows of all parts."""
    names = [field.name for field in fields(Roster)]
    return Roster(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def of_school(roster: Roster, school: int) -> Roster:
    """Return the rows of one school, in order of years."""
    first, last = np.searchsorted(roster.school, [school, school + 1])
    return roster.rows(slice(int(first), int(last)))


def of_school_year(roster: Roster, school: int, year: int) -> Roster:
    """Return the rows of one school in one year."""
    here = of_school(roster, school)
    first, last = np.searchsorted(here.year, [year, year + 1])
    return here.rows(slice(int(first), int(last)))


def _leavers_to_secondary(
    classes: dict[tuple[int, int], _Class], schools: Sequence[School], rng: np.random.Generator
) -> dict[int, Ints]:
    """Return, for each secondary, last year's Year 6 of its feeders who follow to it."""
    following: dict[int, list[Ints]] = {}
    for school in schools:
        if school.feeds is not None and (school.number, 6) in classes:
            pupils = classes[school.number, 6].person
            follows = rng.random(len(pupils)) < FOLLOWS_TO_SECONDARY
            following.setdefault(school.feeds, []).append(pupils[follows])
    return {number: np.concatenate(found) for number, found in following.items()}


def _class_of(
    school: School,
    group: int,
    began: int,
    before: dict[tuple[int, int], _Class],
    from_primary: dict[int, Ints],
    newcomers: _Newcomers,
) -> _Class:
    """Return a year group as it stands on the first day of a year."""
    entry = school.year_groups[0]
    if group > entry and (school.number, group - 1) in before:
        return before[school.number, group - 1]
    size = max(1, round(school.capacity / len(school.year_groups)))
    known = np.empty(0, np.int64)
    if group == entry:
        known = from_primary.get(school.number, known)[:size]
    person = np.concatenate([known, newcomers.take(size - len(known), school)])
    # In the first simulated year everyone is taken to have come when the school admits.
    joined = year_plan(began - (group - entry)).days[0]
    from_elsewhere = (np.arange(size) >= len(known)) & (group == entry > 0)
    return _Class(person, np.full(size, joined), from_elsewhere)


def _year_of_class(
    start: _Class,
    school: School,
    group: int,
    year: int,
    days: YearPlan,
    newcomers: _Newcomers,
    rng: np.random.Generator,
) -> tuple[Roster, _Class]:
    """Return a year group's rows of one year, and who of it is there at the end."""
    size = len(start.person)
    end = _last_day_of(group, days)
    leaves = rng.random(size) < MOVES_IN_YEAR
    left = np.where(leaves, days.days[rng.integers(FIRST_MOVE, LAST_MOVE, size)], np.datetime64("NaT"))
    ends_here = group == school.year_groups[-1]
    left = np.where(np.isnat(left) & ends_here, end, left)

    joiners = newcomers.take(int(leaves.sum()), school)
    came = days.days[rng.integers(FIRST_MOVE, LAST_MOVE, len(joiners))]
    stays = np.full(len(joiners), end if ends_here else np.datetime64("NaT"))
    person = np.concatenate([start.person, joiners])
    left_on = np.concatenate([left, stays])
    joined_on = np.concatenate([start.joined_on, came])
    moved_in = np.concatenate([start.moved_in, np.ones(len(joiners), bool)])
    rows = Roster(
        person=person,
        school=np.full(len(person), school.number),
        year=np.full(len(person), year),
        year_group=np.full(len(person), group),
        form=person % max(1, round(size / FORM_SIZE)),
        joined_on=joined_on,
        first=np.maximum(joined_on, days.days[0]),
        last=np.where(np.isnat(left_on), days.days[-1], left_on),
        left_on=left_on,
        moved_in=moved_in & (joined_on >= days.days[0]),
        elsewhere=np.zeros(len(person), np.uint8),
    )
    remains = np.isnat(left_on) | (left_on >= end)
    return rows, _Class(person[remains], joined_on[remains], moved_in[remains])


def _last_day_of(group: int, days: YearPlan) -> np.datetime64:
    """Return the last day of a year group that leaves: the end of June for Year 11, otherwise the year's."""
    if group < 11:
        last: np.datetime64 = days.days[-1]
        return last
    june = np.datetime64(f"{days.year + 1}-07-01")
    before_july: np.datetime64 = days.days[days.days < june][-1]
    return before_july
