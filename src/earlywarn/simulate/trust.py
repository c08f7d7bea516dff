"""A made-up trust in memory: its schools, pupils and what nobody sees of them.

In:  a plan.
Out: `Trust`, small enough to hold whole; and, one school at a time, its years of absence.

Every part draws from a stream of its own, and every school from another, so that
a change in one part leaves the others' draws as they were.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from earlywarn.simulate.absence import SchoolYear, SharedYear, shared_years, simulate_years
from earlywarn.simulate.latent import Latent, make_latent
from earlywarn.simulate.people import People, make_people
from earlywarn.simulate.plan import Plan
from earlywarn.simulate.roster import Roster, make_roster
from earlywarn.simulate.schools import School, make_schools

Stream = Literal[
    "schools", "roster", "people", "latent", "weather", "absence", "marks", "surveys", "events", "staff", "summaries",
    "truth",
]  # fmt: skip
_STREAMS: tuple[Stream, ...] = get_args(Stream)


@dataclass(frozen=True)
class Trust:
    """Everything that is drawn before the first mark."""

    plan: Plan
    schools: tuple[School, ...]
    roster: Roster
    people: People
    latent: Latent
    shared: tuple[SharedYear, ...]


def make_trust(plan: Plan) -> Trust:
    """Return the trust of a plan."""
    schools = make_schools(plan, stream(plan, "schools"))
    roster, home = make_roster(schools, plan, stream(plan, "roster"))
    people = make_people(home, schools, stream(plan, "people"))
    latent = make_latent(len(home), len(plan.school_years), stream(plan, "latent"))
    return Trust(plan, schools, roster, people, latent, shared_years(plan, stream(plan, "weather")))


def years_of(trust: Trust, school: School) -> Iterator[SchoolYear]:
    """Yield one school's years of absence, in order."""
    rng = stream(trust.plan, "absence", school.number)
    return simulate_years(trust.plan, school, trust.roster, trust.people, trust.latent, trust.shared, rng)


def stream(plan: Plan, part: Stream, school: int = 0) -> np.random.Generator:
    """Return the generator of one part of the simulation, in one school where it goes by school."""
    shared = part == "weather" and plan.years_seed is not None
    seed = plan.years_seed if shared else plan.seed
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAMS.index(part), school)))
