"""The schools of a made-up trust: names, phases, sizes, feeders and how they differ.

In:  a plan.
Out: a tuple of `School`, primaries first, numbered in the order in which their tables are written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.plan import Plan

Phase = Literal["primary", "secondary", "special"]

YEAR_GROUPS: dict[Phase, tuple[int, ...]] = {
    "primary": tuple(range(7)),
    "secondary": tuple(range(7, 12)),
    "special": tuple(range(12)),
}
KIND = {"primary": "Primary", "secondary": "Academy", "special": "School"}  # last word of a school's name
SHARE_SECONDARY, SHARE_SPECIAL = 0.3, 0.05
SIZE = {"primary": 1.0, "secondary": 3.0, "special": 0.4}  # about 250, 750 and 100 pupils
SIZE_SPREAD = 0.18  # SD of log size among schools of a phase
FSM_SHARE = {"primary": 0.25, "secondary": 0.23, "special": 0.46}  # January 2023
FSM_SPREAD = 0.55  # SD of a school's logit share of pupils on free meals
TRUST_NAME = "Elmfield Learning Trust"

# The rest of schools' spread in absence, once intake is allowed for, on the normal scale of a pupil's
# propensity; with intake it gives the published true SD of persistent absence on the logit scale.
SCHOOL_EFFECT = {"primary": 0.355, "secondary": 0.33, "special": 0.48}
# Of an effect with the year before: with chance on top, shares of persistent absence correlate by .78, .85 and .92.
SCHOOL_PERSISTENCE = {"primary": 0.88, "secondary": 0.92, "special": 0.98}

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
    """Return the trust's schools: how each differs is drawn, so that another trust's schools differ otherwise."""
    phases = _phases(plan.schools)
    weights = np.array([SIZE[phase] for phase in phases]) * np.exp(SIZE_SPREAD * rng.standard_normal(len(phases)))
    capacity = np.maximum(np.round(plan.pupils * weights / weights.sum()), 20).astype(int)
    names = rng.permutation([f"{tree} {place}" for tree in _TREES for place in _PLACES])
    fsm = _fsm_shares(phases, plan, rng)
    secondaries = [number for number, phase in enumerate(phases) if phase == "secondary"]
    return tuple(
        School(
            number=number,
            name=f"{names[number % len(names)]} {KIND[phase]}",
            phase=phase,
            capacity=int(capacity[number]),
            fsm_share=float(fsm[number]),
            effect=_effects(len(plan.school_years), SCHOOL_PERSISTENCE[phase], rng),
            feeds=secondaries[number % len(secondaries)] if phase == "primary" and secondaries else None,
        )
        for number, phase in enumerate(phases)
    )


def _phases(schools: int) -> list[Phase]:
    """Return the phase of each school: primaries first, then secondaries, then special schools."""
    secondary, special = round(SHARE_SECONDARY * schools), round(SHARE_SPECIAL * schools)
    counts: dict[Phase, int] = {"primary": schools - secondary - special, "secondary": secondary, "special": special}
    return [phase for phase, count in counts.items() for _ in range(count)]


def _fsm_shares(phases: Sequence[Phase], plan: Plan, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return each school's share of pupils on free meals; all are alike where groups are to be equal."""
    if plan.shock(0).equal_groups:
        return np.full(len(phases), FSM_SHARE["primary"])
    share = np.array([FSM_SHARE[phase] for phase in phases])
    odds = share / (1 - share) * np.exp(FSM_SPREAD * rng.standard_normal(len(phases)) - FSM_SPREAD**2 / 4)
    return np.asarray(odds / (1 + odds))


def _effects(years: int, persistence: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (years,) a school's effects, correlated by `persistence` from year to year."""
    effects = rng.standard_normal(years)
    for year in range(1, years):
        effects[year] = persistence * effects[year - 1] + np.sqrt(1 - persistence**2) * effects[year]
    return effects
