"""Who misses which sessions: from a year's share to weekly rates to spells.

In:  a school's roster of one year with its pupils' hidden state.
Out: `SchoolYear`: the school's open days, and every spell of absence as row, first session and length.

1. A pupil's annual share is the quantile of England's distribution for its group at its propensity.
2. Weekly rates drift around it, rise and fall with the half-term, and fall with engagement;
   they are levelled so that the year's mean is the annual share.
3. Spells of one session to several weeks are laid along the accumulated rate, each within the stretch
   of it that its own length takes up. So what a year misses follows its share closely, while
   where the spells fall is chance, more often on a Friday.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from earlywarn.simulate.calendar import YearPlan, training_days, year_plan
from earlywarn.simulate.latent import EFFECT, Latent, engaged_propensity, wave_in_force
from earlywarn.simulate.mixture import annual_share, group_of
from earlywarn.simulate.people import People
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.roster import Ints, Roster, of_school_year
from earlywarn.simulate.schools import SCHOOL_EFFECT, School
from earlywarn.terms import Days

Floats = NDArray[np.float64]

# Persistent absence by year group, 2022/23, on the normal scale, less the phase's mean
# (reception is taken from overall absence); facts as for the mixture.
YEAR_GROUP_SHIFT = np.array([0.15, 0.115, 0.005, -0.04, -0.036, -0.024, -0.019, -0.222, -0.04, 0.065, 0.088, 0.108])
SHIFT_SD = {"primary": 0.056, "secondary": 0.121}

# Absence in each half-term over the year's mean: indicative daily series 2023/24 and 2024/25.
HALF_TERM_LEVEL = {
    "primary": np.array([0.87, 1.10, 1.00, 1.03, 0.96, 1.05]),
    "secondary": np.array([0.84, 1.02, 1.00, 1.03, 1.05, 1.12]),
}
RISE_WITHIN_HALF_TERM = 0.25  # of log absence, from its first week to its last

DRIFT_SD = 1.0  # of a pupil's weekly logit rate around its year
DRIFT_PERSISTENCE = 0.93  # from week to week

# Chance that a spell begins, by weekday; later days of spells level it to about +15% on Fridays.
START_BY_WEEKDAY = {
    "primary": np.array([0.95, 0.88, 0.84, 0.96, 1.53]),
    "secondary": np.array([0.78, 0.92, 0.91, 1.02, 1.53]),
}

# Lengths of spells in sessions: half are of one or two days.
SPELL_LENGTHS = np.array([1, 2, 4, 6, 8, 10, 14, 20, 30])
SPELL_SHARES = np.array([0.27, 0.33, 0.17, 0.09, 0.05, 0.05, 0.02, 0.015, 0.005])


@dataclass(frozen=True)
class Spells:
    """Spells of absence: row of the roster, first session of the year and length in sessions, (n_spells,) each."""

    row: Ints
    begins: Ints
    length: Ints


@dataclass(frozen=True)
class SchoolYear:
    """One school in one school year, before codes are given.

    roster   : n rows, one a pupil.
    open_days: the school's own days, without its training days.
    group    : (n,) row of the mixture.
    share    : (n,) share of the year's sessions that is missed, before joining or leaving is allowed for.
    closed   : (195,) bool, the plan's days on which the school trains.
    """

    school: School
    year: int
    plan: YearPlan
    roster: Roster
    closed: NDArray[np.bool_]
    group: Ints
    share: Floats
    spells: Spells

    @cached_property
    def open_days(self) -> Days:
        """Return (n_days,) the school's own days."""
        return self.plan.days[~self.closed]

    @cached_property
    def on_roll(self) -> NDArray[np.bool_]:
        """Return (n, n_sessions) bool: the pupil is on roll."""
        days = self.open_days
        inside = (days >= self.roster.first[:, None]) & (days <= self.roster.last[:, None])
        return np.repeat(inside, 2, axis=1)

    @cached_property
    def spell_of(self) -> NDArray[np.int32]:
        """Return (n, n_sessions) the number of the spell in which a session falls, -1 where there is none."""
        spells, sessions = self.spells, 2 * len(self.open_days)
        painted = np.full((len(self.roster), sessions), -1, np.int32)
        number = np.repeat(np.arange(len(spells.row)), spells.length)
        ends = np.cumsum(spells.length)
        session = np.arange(len(number)) - np.repeat(ends - spells.length - spells.begins, spells.length)
        inside = session < sessions
        painted[spells.row[number[inside]], session[inside]] = number[inside]
        return painted

    @property
    def absent(self) -> NDArray[np.bool_]:
        """Return (n, n_sessions) bool: on roll and absent."""
        return (self.spell_of >= 0) & self.on_roll


def simulate_years(
    plan: Plan, school: School, roster: Roster, people: People, latent: Latent, rng: np.random.Generator
) -> Iterator[SchoolYear]:
    """Yield one school's years, in order."""
    for year, began in enumerate(plan.school_years):
        days = year_plan(began)
        here = of_school_year(roster, school.number, year)
        closed = training_days(days, rng)
        effect = plan.engagement_effect
        group = _groups(school, here, people)
        share = annual_share(_propensity(school, year, here, latent, days, effect), group)
        rates = weekly_rates(school, share, latent.during(here.person, year), days, effect, rng)
        spells = lay_spells(school, rates, share, days, closed, rng)
        yield SchoolYear(school, year, days, here, closed, group, share, spells)


def _groups(school: School, roster: Roster, people: People) -> Ints:
    """Return each row's group in the mixture."""
    who = roster.person
    secondary = np.full(len(who), school.phase == "secondary")
    return group_of(secondary, people.fsm[who], people.sen[who] != "N", people.recorded[who])


def _propensity(school: School, year: int, roster: Roster, latent: Latent, days: YearPlan, effect: float) -> Floats:
    """Return (n,) standard normal propensity: the pupil's own, its school's and its year group's."""
    own = engaged_propensity(latent, roster.person, year, days, effect)
    weight = SCHOOL_EFFECT[school.phase]
    shared = np.sqrt(1 - weight**2) * own + weight * school.effect[year]
    shifted = shared + YEAR_GROUP_SHIFT[roster.year_group]
    return np.asarray(shifted / np.sqrt(1 + SHIFT_SD[school.phase] ** 2))


def weekly_rates(
    school: School,
    share: Floats,
    engagement: NDArray[np.float32],
    days: YearPlan,
    effect: float,
    rng: np.random.Generator,
) -> Floats:
    """Return (n, weeks) chance to be absent from a session, whose mean over the year's sessions is `share`."""
    weeks = int(days.week[-1])
    drift = rng.standard_normal((len(share), weeks))
    for week in range(1, weeks):
        drift[:, week] = DRIFT_PERSISTENCE * drift[:, week - 1] + np.sqrt(1 - DRIFT_PERSISTENCE**2) * drift[:, week]
    moved = EFFECT * effect * engagement[:, wave_in_force(np.arange(1, weeks + 1))]
    shape = DRIFT_SD * drift + season(school, days) - moved
    weights = np.bincount(days.week - 1) / len(days.week)
    wanted = logit(np.clip(share, 1e-5, 0.995))
    level = wanted.copy()
    for _ in range(12):  # each step halves the error or better
        level += wanted - logit(expit(level[:, None] + shape) @ weights)
    return np.asarray(expit(level[:, None] + shape))


def season(school: School, days: YearPlan) -> Floats:
    """Return (weeks,) log of a week's absence over the year's mean."""
    first_days = np.unique(days.week, return_index=True)[1]
    half_term = days.half_term[first_days]
    values = np.log(HALF_TERM_LEVEL[school.phase])[half_term]
    for number in range(6):
        here = half_term == number
        values[here] += RISE_WITHIN_HALF_TERM * np.linspace(-0.5, 0.5, int(here.sum()))
    return np.asarray(values)


def lay_spells(
    school: School, rates: Floats, share: Floats, days: YearPlan, closed: NDArray[np.bool_], rng: np.random.Generator
) -> Spells:
    """Return spells whose sessions add up to the rates, near enough, for every pupil."""
    open_days = np.repeat(days.days[~closed], 2)
    weekday = (open_days.astype(np.int64) + 3) % 7
    rate = rates[:, np.repeat(days.week[~closed], 2) - 1]
    passed = np.cumsum(rate * START_BY_WEEKDAY[school.phase][weekday], axis=1)
    passed *= (rate.sum(axis=1) / passed[:, -1])[:, None]
    total = passed[:, -1]

    length = _lengths(share, total, rng)
    reached = np.cumsum(length, axis=1)
    row, place = np.nonzero(reached - length < total[:, None])
    length, opens = length[row, place], (reached - length)[row, place]
    left = np.floor(total[row] - opens + rng.random(len(row))).astype(np.int64)
    length = np.minimum(length, left)  # the last spell is cut, so that the year's total is met
    here = np.minimum(_first_past(passed, row, opens.astype(np.float64)), passed.shape[1] - 1)
    room = length * np.maximum(1 - rate[row, here], 0)  # the stretch in which a spell may begin and still end
    begins = _first_past(passed, row, opens + room * rng.random(len(row)))
    begins = np.where(length > 1, begins - begins % 2, begins)  # whole days, from the morning
    inside = (begins < passed.shape[1]) & (length > 0)
    return Spells(row[inside], begins[inside], length[inside])


def _lengths(share: Floats, total: Floats, rng: np.random.Generator) -> Ints:
    """Return (n, k) lengths, enough of them that each row's sum is past its total."""
    mean = float(SPELL_LENGTHS @ SPELL_SHARES)
    count = int(total.max() / mean * 1.5) + 12
    drawn = rng.choice(SPELL_LENGTHS, (len(share), count), p=SPELL_SHARES / SPELL_SHARES.sum())
    often_away = rng.random(drawn.shape) < np.maximum(share - 0.2, 0)[:, None]
    return np.where(often_away, np.maximum(drawn, 10), drawn)


def _first_past(passed: Floats, row: Ints, value: Floats) -> Ints:
    """Return, for each value, the first session at which its row's accumulated rate is past it."""
    sessions = passed.shape[1]
    step = passed[:, -1].max() + 1  # rows laid end to end stay in order
    flat = (passed + step * np.arange(len(passed))[:, None]).ravel()
    at = np.searchsorted(flat, value + step * row, side="right") - row * sessions
    return np.asarray(np.clip(at, 0, sessions), np.int64)
