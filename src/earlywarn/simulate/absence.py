"""Who misses which sessions: from hidden propensity to spells of absence.

In:  a school's roster of one year with its pupils' hidden state.
Out: `SchoolYear`: the school's open days, what is hidden, and every spell of absence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import YearPlan, training_days, year_plan
from earlywarn.simulate.latent import Latent
from earlywarn.simulate.mixture import group_of
from earlywarn.simulate.people import People
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.propensity import Hidden, hidden_state
from earlywarn.simulate.roster import Ints, Roster, of_school_year
from earlywarn.simulate.scenarios import Scenario
from earlywarn.simulate.schools import School
from earlywarn.simulate.season import Illness, season, trust_wave
from earlywarn.simulate.spells import OpenDays, Spells, going_on, lay_spells, open_days, sessions_missed
from earlywarn.terms import Days

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

SNOW_DAYS = 0.8  # mean a year
CLOSES_IN_SNOW = 0.6  # share of schools that close when it snows


@dataclass(frozen=True)
class SharedYear:
    """What one school year brings to the whole trust.

    plan  : the planned days.
    wave  : (1, weeks) the trust's wave of illness.
    snow  : (195,) bool, planned days on which snow lies.
    """

    plan: YearPlan
    wave: NDArray[np.float32]
    snow: Bools


@dataclass(frozen=True)
class SchoolYear:
    """One school in one school year, before codes are given.

    roster   : n rows, one a pupil.
    plan     : the trust's planned days; `closed` of them, (195,) bool, are this school's training days.
    shut     : (n_days,) bool, open days on which the whole site was closed by snow.
    open     : the school's own days, n_days of them, without its training days.
    hidden   : what nobody sees.
    illness  : its waves of illness.
    shock    : what is out of the ordinary.
    season   : (weeks,) a week's absence over the year's mean.
    tends    : (n, weeks) each week's tendency to be absent, before season and illness.
    """

    school: School
    year: int
    plan: YearPlan
    roster: Roster
    closed: Bools
    shut: Bools
    open: OpenDays
    hidden: Hidden
    illness: Illness
    shock: Scenario
    season: Floats
    tends: Floats
    spells: Spells

    @property
    def open_days(self) -> Days:
        """Return (n_days,) the school's own days."""
        return self.open.days

    @property
    def group(self) -> Ints:
        """Return (n,) each pupil's place in the mixture's groups."""
        return self.hidden.group

    def tends_at(self, row: Ints, session: Ints) -> Floats:
        """Return each row's tendency in the week of a session; sessions after the last one count as the last."""
        day = np.minimum(session // 2, len(self.open_days) - 1)
        return np.asarray(self.tends[row, self.open.week[day]], np.float64)

    @cached_property
    def on_roll(self) -> Bools:
        """Return (n, n_sessions) bool: the pupil is on roll."""
        days = self.open_days
        inside = (days >= self.roster.first[:, None]) & (days <= self.roster.last[:, None])
        return np.repeat(inside, 2, axis=1)

    @cached_property
    def elsewhere(self) -> Bools:
        """Return (n, n_sessions) bool: registered at two schools, and expected at the other one."""
        weekday = (self.open_days.astype("datetime64[D]").astype(np.int64) + 3) % 7
        there = (self.roster.elsewhere[:, None] >> weekday) & 1
        return np.repeat(there.astype(bool), 2, axis=1)

    @property
    def second_registration(self) -> Bools:
        """Return (n,) bool: this school is the pupil's second one, which asks for no answers."""
        return (self.roster.elsewhere > 0) & (self.school.phase == "special")

    @cached_property
    def expected(self) -> Bools:
        """Return (n, n_sessions) bool: the session is possible, since the pupil is on roll and expected here."""
        return self.on_roll & ~self.elsewhere & ~np.repeat(self.shut, 2)

    @cached_property
    def spell_of(self) -> NDArray[np.int32]:
        """Return (n, n_sessions) the number of the spell in which a session falls, -1 where there is none."""
        return sessions_missed(self.spells, len(self.roster), 2 * len(self.open_days))

    @property
    def absent(self) -> Bools:
        """Return (n, n_sessions) bool: expected and absent."""
        return (self.spell_of >= 0) & self.expected


def simulate_years(
    plan: Plan,
    school: School,
    roster: Roster,
    people: People,
    latent: Latent,
    shared: Sequence[SharedYear],
    rng: np.random.Generator,
) -> Iterator[SchoolYear]:
    """Yield one school's years, in order."""
    for year, common in enumerate(shared):
        here = of_school_year(roster, school.number, year)
        yield _simulate_year(plan, school, year, here, people, latent, common, rng)


def _simulate_year(
    plan: Plan,
    school: School,
    year: int,
    roster: Roster,
    people: People,
    latent: Latent,
    shared: SharedYear,
    rng: np.random.Generator,
) -> SchoolYear:
    days = shared.plan
    closed = training_days(days, rng)
    opened = open_days(school.phase, days.days[~closed], days.week[~closed] - 1)
    illness = Illness.of_school(shared.wave, rng)
    levels = season(school.phase, plan.reference_year, days)
    hidden = hidden_state(plan, school, year, roster, _groups(school, roster, people), people, latent, days, rng)
    tends = hidden.tends()
    before = going_on(tends[:, 0] * levels[0], school.phase, rng)
    spells = before.beside(lay_spells(tends, levels * illness.factor, school.phase, opened, rng))
    shut = shared.snow[~closed] & (rng.random() < CLOSES_IN_SNOW)
    return SchoolYear(
        school, year, days, roster, closed, shut, opened, hidden, illness, plan.shock(year), levels, tends, spells
    )


def _groups(school: School, roster: Roster, people: People) -> Ints:
    """Return each row's group in the mixture."""
    who = roster.person
    return group_of(school.phase, people.fsm[who], people.sen[who] > 0, people.recorded[who])


def shared_years(plan: Plan, rng: np.random.Generator) -> tuple[SharedYear, ...]:
    """Return what the school years bring to the whole trust."""
    days = [year_plan(began) for began in plan.school_years]
    return tuple(SharedYear(one, trust_wave(int(one.week[-1]), rng), _snow(one, rng)) for one in days)


def _snow(plan: YearPlan, rng: np.random.Generator) -> Bools:
    """Return (195,) bool: days of snow in a row between December and March; none in half of all years."""
    month = plan.days.astype("datetime64[M]").astype(np.int64) % 12 + 1
    first = int(rng.choice(np.flatnonzero(np.isin(month, (12, 1, 2, 3)))))
    snow = np.zeros(len(plan.days), bool)
    snow[first : first + min(int(rng.poisson(SNOW_DAYS)), 3)] = True
    return snow
