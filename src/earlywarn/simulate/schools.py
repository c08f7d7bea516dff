"""The schools of a made-up trust: names, phases, sizes, feeders and how they differ.

In:  a plan.
Out: a tuple of `School`, primaries first, numbered in the order in which their tables are written.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from earlywarn.simulate.plan import Plan

Phase = Literal["primary", "secondary"]

YEAR_GROUPS: dict[Phase, tuple[int, ...]] = {"primary": tuple(range(7)), "secondary": tuple(range(7, 12))}
SHARE_SECONDARY = 0.3
SECONDARY_TO_PRIMARY_SIZE = 3.0  # about 750 pupils to 250
SIZE_SPREAD = 0.18  # SD of log size among schools of a phase
FSM_SHARE = {"primary": 0.25, "secondary": 0.23}  # facts: January 2023
FSM_SPREAD = 0.55  # SD of a school's logit share of pupils on free meals
TRUST_NAME = "Elmfield Learning Trust"

# The rest of schools' spread in absence, once intake is allowed for, on the normal scale of a
# pupil's propensity; with intake it gives the published true SD of about 4 and 6 points.
SCHOOL_EFFECT = {"primary": 0.22, "secondary": 0.24}
SCHOOL_PERSISTENCE = {"primary": 0.78, "secondary": 0.85}  # correlation with the year before

_TREES = ("Ash", "Beech", "Birch", "Cedar", "Elder", "Hazel", "Holly", "Juniper", "Larch", "Lime", "Maple", "Oak",
          "Pine", "Rowan", "Willow", "Yew")  # fmt: skip
_PLACES = ("Tree", "Bank", "Brook", "Croft", "Field", "Green", "Grove", "Hill", "Lane", "Mead", "Park", "Vale")


@dataclass(frozen=True)
class School:
    """One school.

    number    : 0, 1, ..; also the place of its rows in every file.
    capacity  : pupils on roll, all year groups together.
    fsm_share : share of its intake on free meals.
    effect    : (years,) its own effect on absence in each simulated year, standard normal.
    feeds     : for a primary, the number of the secondary to which its Year 6 go; otherwise None.
    """

    number: int
    name: str
    phase: Phase
    capacity: int
    fsm_share: float
    effect: NDArray[np.float64]
    feeds: int | None

    @property
    def school_id(self) -> str:
        """Return an identifier that looks like a URN and is none: real ones begin with 1."""
        return f"{900001 + self.number}"

    @property
    def year_groups(self) -> tuple[int, ...]:
        """Return the year groups taught here."""
        return YEAR_GROUPS[self.phase]


def make_schools(plan: Plan, rng: np.random.Generator) -> tuple[School, ...]:
    """Return the trust's schools.

    Effects are spread evenly over the normal curve rather than drawn, so that even
    a small trust stands at the national average and schools differ as published.
    """
    secondaries = round(SHARE_SECONDARY * plan.schools)
    primaries = plan.schools - secondaries
    weights = np.array([1.0] * primaries + [SECONDARY_TO_PRIMARY_SIZE] * secondaries)
    weights *= np.exp(SIZE_SPREAD * rng.standard_normal(plan.schools))
    capacity = np.maximum(np.round(plan.pupils * weights / weights.sum()), 20).astype(int)
    names = rng.permutation([f"{tree} {place}" for tree in _TREES for place in _PLACES])
    schools: list[School] = []
    counts: dict[Phase, int] = {"primary": primaries, "secondary": secondaries}
    for phase, count in counts.items():
        effects = _effects(count, len(plan.school_years), SCHOOL_PERSISTENCE[phase], rng)
        share = FSM_SHARE[phase] / (1 - FSM_SHARE[phase])
        odds = share * np.exp(FSM_SPREAD * evenly_spread(count, rng) - FSM_SPREAD**2 / 4)
        for i in range(count):
            number = len(schools)
            feeds = primaries + number % secondaries if phase == "primary" and secondaries else None
            name = f"{names[number % len(names)]} {'Primary' if phase == 'primary' else 'Academy'}"
            schools.append(
                School(number, name, phase, int(capacity[number]), float(odds[i] / (1 + odds[i])), effects[i], feeds)
            )
    return tuple(schools)


def evenly_spread(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (count,) values at even steps of the normal curve, in random order."""
    values: NDArray[np.float64] = ndtri((rng.permutation(count) + 0.5) / count)
    return values


def _effects(count: int, years: int, persistence: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (count, years) school effects with a correlation of `persistence` from year to year."""
    effects = np.empty((count, years))
    for year in range(years):
        new = evenly_spread(count, rng)
        effects[:, year] = new if year == 0 else persistence * effects[:, year - 1] + np.sqrt(1 - persistence**2) * new
    return effects
