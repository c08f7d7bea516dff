"""How readily each pupil is absent, week by week: the hidden state of one school in one year.

In:  a school's roster of one year with its pupils' hidden state.
Out: `Hidden`: what is so far, from which the weeks ahead can be drawn anew; and each week's tendency to be absent.

On the normal scale a pupil's propensity is made of its own, which lasts the year; a drift from week to
week; engagement, by the knob; its school's; and what year group, sex and ethnicity add. Weights are such that
it stays standard normal in every group, whatever the knob, so that England's distribution holds.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.calendar import YearPlan
from earlywarn.simulate.england import Phase
from earlywarn.simulate.latent import WAVE_TO_WAVE, Latent, path, step_in_force
from earlywarn.simulate.mixture import EVERYONE, tendency
from earlywarn.simulate.people import People
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.roster import Ints, Roster
from earlywarn.simulate.schools import SCHOOL_EFFECT, School
from earlywarn.simulate.shifts import SPREAD_OF_SHIFTS, shifts

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]

DRIFT = 0.40  # weight of the drift from week to week; the square of the rest is the year's own
DRIFT_PERSISTENCE = 0.93
# Weight of engagement at an effect of 1: its partial correlation with next term's absence, given absence to the close
# of the first wave, is -0.10.
EFFECT = 0.38
# What leads from 2022/23 to another reference year, on the normal scale: what is added, and by how much it spreads
# further. Persistent absence has fallen since, and severe absence has risen; `benchmarks/calibrate_simulator.py years`.
REFERENCE: dict[int, dict[Phase, tuple[float, float]]] = {
    2022: {"primary": (0.0, 1.0), "secondary": (0.0, 1.0), "special": (0.0, 1.0)},
    2023: {"primary": (-0.169, 1.092), "secondary": (-0.100, 1.097), "special": (-0.057, 1.067)},
    2024: {"primary": (-0.356, 1.186), "secondary": (-0.265, 1.204), "special": (-0.150, 1.147)},
}
SHOWS = 0.5  # in the scenarios of a late warning: correlation, before it shows, of what shows with the year's own
SHOWS_FROM_HALF_TERM = 3  # it shows from the half-term after the one in February


@dataclass(frozen=True)
class Hidden:
    """The hidden state of one school in one year, n pupils and w weeks.

    own    : (n, w) propensity of the year; it changes only in the scenarios of a late warning.
    drift  : (n, w) from week to week, standard normal.
    engaged: (n, steps) engagement that acts, at every wave of the plan so far.
    step   : (w,) the column of `engaged` that acts in each week.
    closed : (w,) the column of the last wave that has closed before each week; it may act later.
    common : (n,) what the school, year group, sex and ethnicity add.
    group  : (n,) place in the mixture's groups.
    effect : weight of engagement.
    school_weight, spread : weight of the school's effect, and SD of what year group, sex and ethnicity add.
    reference : what leads to the reference year, see `REFERENCE`.
    """

    own: Singles
    drift: Singles
    engaged: Singles
    step: Ints
    closed: Ints
    common: Floats
    group: Ints
    effect: float
    school_weight: float
    spread: float
    reference: tuple[float, float]

    def tends(self) -> Floats:
        """Return (n, w) each week's tendency to be absent."""
        z = np.sqrt(1 - DRIFT**2) * self.own + DRIFT * self.drift
        if self.effect:
            z = (z - self.effect * self.engaged[:, self.step]) / np.sqrt(1 + self.effect**2)
        z = np.sqrt(1 - self.school_weight**2) * z + self.common[:, None]
        added, spreads = self.reference
        return tendency(added + spreads * z / np.sqrt(1 + self.spread**2), self.group)

    def ahead(self, week: int, rng: np.random.Generator) -> "Hidden":
        """Return the weeks from one on, what comes after it drawn anew.

        A wave that has closed is known, even where it does not act yet: it has been answered.
        """
        engaged = self.engaged.copy()
        known = min(int(self.closed[week]), engaged.shape[1] - 1)
        engaged[:, known:] = path(len(engaged), engaged.shape[1] - known, WAVE_TO_WAVE, rng, engaged[:, known])
        drift = path(len(engaged), self.drift.shape[1] - week, DRIFT_PERSISTENCE, rng, self.drift[:, week])
        step, closed = self.step[week:], self.closed[week:]
        return replace(self, own=self.own[:, week:], drift=drift, engaged=engaged, step=step, closed=closed)

    def rows(self, chosen: Ints) -> "Hidden":
        """Return the state of some pupils, each as often as it is named."""
        per_pupil = ("own", "drift", "engaged", "common", "group")
        return replace(self, **{name: getattr(self, name)[chosen] for name in per_pupil})


def _hidden_so_far(own: Singles, rng: np.random.Generator) -> Singles:
    """Return a propensity, standard normal like the year's own, that tells of it only in part."""
    other = rng.standard_normal(len(own), np.float32)
    return np.asarray(SHOWS * own + np.sqrt(1 - SHOWS**2) * other, np.float32)


def hidden_state(
    plan: Plan, school: School, year: int, roster: Roster, group: Ints, people: People, latent: Latent,
    days: YearPlan, rng: np.random.Generator,
) -> Hidden:  # fmt: skip
    """Return the hidden state of a school in a year."""
    shock = plan.shock(year)
    weeks = int(days.week[-1])
    own = np.repeat(latent.propensity[roster.person, year + 1][:, None], weeks, axis=1)
    if shock.late_for:
        late = people.member(shock.late_for)[roster.person]
        hides = days.half_term[np.searchsorted(days.week, np.arange(1, weeks + 1))] < SHOWS_FROM_HALF_TERM
        own[np.ix_(late, hides)] = _hidden_so_far(latent.propensity[roster.person[late], year + 1], rng)[:, None]
    step = step_in_force(year, np.arange(1, weeks + 1), plan.effect_lead_weeks)
    last = int(step[-1]) + 1
    weight = SCHOOL_EFFECT[school.phase]
    common = weight * school.effect[year] + shock.absence + shifts(school.phase, roster, people)
    spread = SPREAD_OF_SHIFTS[school.phase]
    if shock.equal_groups:
        group, common, spread = np.full(len(group), EVERYONE), np.full(len(group), weight * school.effect[year]), 0.0
    return Hidden(
        own=own,
        drift=path(len(roster), weeks, DRIFT_PERSISTENCE, rng),
        engaged=latent.acting(roster.person, np.arange(last), plan.effect_domains),
        step=step,
        closed=step_in_force(year, np.arange(1, weeks + 1), 0),
        common=common,
        group=group,
        effect=EFFECT * plan.engagement_effect,
        school_weight=weight,
        spread=spread,
        reference=REFERENCE[plan.reference_year][school.phase],
    )
