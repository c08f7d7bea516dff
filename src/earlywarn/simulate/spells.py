"""Spells of absence: when they begin, how long they last, and which sessions they cover.

In:  each pupil's tendency to be absent, week by week.
Out: `Spells`, and the sessions that they cover.

Spells begin by chance, a Poisson stream for each pupil, and may overlap. If they begin at a rate r a session and
last E[L] sessions, a session is missed with chance 1 - exp(-r E[L]) (the busy probability of an M/G/infinity queue);
so a tendency p asks for r = -log(1 - p) / E[L]. Nothing that happens later depends on how often a pupil was away so
far, only on what is hidden and on spells that still go on: the future can be drawn anew from any day.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.england import Phase
from earlywarn.terms import Days

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Chance that a spell begins, by weekday; later days of spells level it.
START_BY_WEEKDAY: dict[Phase, Floats] = {
    "primary": np.array([0.873, 0.829, 0.829, 0.988, 1.481]),
    "secondary": np.array([0.669, 0.9, 0.902, 1.032, 1.497]),
    "special": np.array([0.727, 0.876, 0.935, 1.028, 1.433]),
}
# Lengths of spells in sessions: half are of one or two days.
LENGTHS = np.array([1, 2, 4, 6, 8, 10, 14, 20])
SHARES = np.array([0.25, 0.34, 0.20, 0.10, 0.05, 0.035, 0.015, 0.01])
LONG = 10  # sessions that a spell of someone often away lasts at least
LONG_ABOVE = 0.2  # tendency from which on spells may be long; the share of them is what lies above it
PART_TIME: dict[Phase, float] = {"primary": 0.10, "secondary": 0.08, "special": 0.41}  # share of long spells
MORNING = 0.62  # share of half-day spells that are mornings

_MEAN = float(LENGTHS @ SHARES)
_MEAN_IF_LONG = float(np.maximum(LENGTHS, LONG) @ SHARES)


@dataclass(frozen=True)
class OpenDays:
    """The days on which a school is open in a year, and how readily spells begin on each.

    days : (n_days,) in order.
    week : (n_days,) number of the school week, from 0.
    begin: (n_days,) chance that a spell begins, over that of a mean day.
    """

    days: Days
    week: Ints
    begin: Floats

    @cached_property
    def begun(self) -> Floats:
        """Return (n_days + 1,) running total of `begin`."""
        return np.concatenate([[0.0], np.cumsum(self.begin)])

    def week_starts(self, weeks: int, from_day: int) -> Ints:
        """Return (weeks + 1,) first day of each week, none before `from_day`."""
        return np.maximum(np.searchsorted(self.week, np.arange(weeks + 1)), from_day)


@dataclass(frozen=True)
class Spells:
    """Spells of absence, (n_spells,) each.

    row       : whose.
    begins    : first session of the year.
    length    : sessions missed.
    part_time : a part-time timetable: afternoons only, so it lasts as many days as it has sessions.
    """

    row: Ints
    begins: Ints
    length: Ints
    part_time: Bools

    def since(self, session: int) -> "Spells":
        """Return what is left of the spells that have begun before a session and go on."""
        step = 1 + self.part_time
        missed = np.minimum(-(-np.maximum(session - self.begins, 0) // step), self.length)
        going = (self.begins < session) & (missed < self.length)
        begins = self.begins + missed * step
        return Spells(self.row[going], begins[going], (self.length - missed)[going], self.part_time[going])

    def beside(self, other: "Spells") -> "Spells":
        """Return these spells and others."""
        pairs = zip(self._columns, other._columns, strict=True)
        return Spells(*(np.concatenate(pair) for pair in pairs))

    @property
    def _columns(self) -> tuple[Ints, Ints, Ints, Bools]:
        return self.row, self.begins, self.length, self.part_time


def open_days(phase: Phase, days: Days, week: Ints) -> OpenDays:
    """Return the open days of a school of some phase; `week` counts from 0."""
    weekday = (days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    begin = START_BY_WEEKDAY[phase]
    return OpenDays(days, week, (begin / begin.mean())[weekday])


def lay_spells(
    tends: Floats, raised: Floats, phase: Phase, days: OpenDays, rng: np.random.Generator, from_day: int = 0
) -> Spells:
    """Return the spells that begin on `from_day` or later.

    tends  : (n, weeks) tendency to be absent, from the week of `from_day` on.
    raised : (n, weeks) or (1, weeks) by how much season and illness multiply it.
    """
    first_week = int(days.week[from_day])
    starts = days.week_starts(first_week + tends.shape[1], from_day)[first_week:]
    room = days.begun[starts[1:]] - days.begun[starts[:-1]]
    expected = _rate(tends) * raised * 2 * room
    count = rng.poisson(expected)
    row, week = np.nonzero(count)
    row, week = (np.repeat(at, count[row, week]) for at in (row, week))
    place = days.begun[starts[week]] + rng.random(len(row)) * room[week]
    day = np.minimum(np.searchsorted(days.begun, place, side="right") - 1, len(days.days) - 1)
    return _drawn(row, 2 * day, tends[row, week], phase, rng)


def going_on(tends: Floats, phase: Phase, rng: np.random.Generator) -> Spells:
    """Return spells that go on as the year begins: (n,) tendencies in, their rest from session 0 on.

    The number of spells that go on at any moment is Poisson, and how long one has still to go is
    uniform over a length that is drawn in proportion to itself.
    """
    count = rng.poisson(_rate(tends) * _mean_length(tends))
    row = np.repeat(np.arange(len(tends)), count)
    long = rng.random(len(row)) < _share_long(tends[row])
    length = np.where(long, _draw(np.maximum(LENGTHS, LONG), len(row), rng), _draw(LENGTHS, len(row), rng))
    left = np.ceil(length * rng.random(len(row))).astype(np.int64)
    return Spells(row, np.zeros(len(row), np.int64), left, long & (rng.random(len(row)) < PART_TIME[phase]))


def sessions_missed(spells: Spells, rows: int, sessions: int) -> NDArray[np.int32]:
    """Return (rows, sessions) the number of the spell that covers a session, -1 where there is none."""
    painted = np.full((rows, sessions), -1, np.int32)
    number = np.repeat(np.arange(len(spells.row)), spells.length)
    ends = np.cumsum(spells.length)
    nth = np.arange(len(number)) - np.repeat(ends - spells.length, spells.length)
    half = spells.part_time[number]
    session = spells.begins[number] + nth * (1 + half) + (half & (spells.begins[number] % 2 == 0))
    inside = session < sessions
    painted[spells.row[number[inside]], session[inside]] = number[inside]
    return painted


def _drawn(row: Ints, morning: Ints, tends: Floats, phase: Phase, rng: np.random.Generator) -> Spells:
    """Return spells that begin on given mornings, their lengths drawn."""
    n = len(row)
    long = rng.random(n) < _share_long(tends)
    length = LENGTHS[np.searchsorted(np.cumsum(SHARES)[:-1], rng.random(n))]
    length = np.where(long, np.maximum(length, LONG), length)
    afternoon = (length == 1) & (rng.random(n) >= MORNING)
    return Spells(row, morning + afternoon, length, long & (rng.random(n) < PART_TIME[phase]))


def _draw(lengths: Ints, count: int, rng: np.random.Generator) -> Ints:
    """Return lengths drawn in proportion to themselves."""
    chance = np.cumsum(lengths * SHARES)
    return lengths[np.searchsorted(chance[:-1] / chance[-1], rng.random(count))]


def _rate(tends: Floats) -> Floats:
    """Return at what rate spells begin, a session."""
    return -np.log1p(-np.minimum(tends, 0.99)) / _mean_length(tends)


def _mean_length(tends: Floats) -> Floats:
    """Return the mean length of the spells of pupils with some tendency, in sessions."""
    long = _share_long(tends)
    return (1 - long) * _MEAN + long * _MEAN_IF_LONG


def _share_long(tends: Floats) -> Floats:
    return np.clip(tends - LONG_ABOVE, 0, 1)
