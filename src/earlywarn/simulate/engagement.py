"""Engagement as pupils feel it: what is hidden, and the gaps between groups.

In:  the hidden state and who the pupils are.
Out: where each pupil stands in each domain at a wave, in SDs.

Pupils on free meals, with special needs, and Black pupils say on average that they are less engaged; girls' and boys'
sense of safety falls alike. These gaps tell of absence more than past marks do, so they scale
with the engagement effect and are gone at zero.
"""

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.latent import Latent
from earlywarn.simulate.people import ETHNICITY, People
from earlywarn.simulate.plan import DOMAINS, Domain, Plan

Floats = NDArray[np.float64]

GAP = 0.25  # SDs by which each of the groups stands lower at an effect of 1


def felt(plan: Plan, latent: Latent, people: People, person: NDArray[np.int64], step: int, domain: Domain) -> Floats:
    """Return (n,) where pupils stand in a domain at a wave: near standard normal, lower in some groups."""
    own = latent.acting(person, np.array([step]), (domain,))[:, 0]
    return np.asarray(own - gaps(plan, people, person), np.float64)


def felt_overall(plan: Plan, latent: Latent, people: People, person: NDArray[np.int64], step: int) -> Floats:
    """Return (n,) the same for all domains together."""
    return np.asarray(latent.acting(person, np.array([step]), DOMAINS)[:, 0] - gaps(plan, people, person), np.float64)


def gaps(plan: Plan, people: People, person: NDArray[np.int64]) -> Floats:
    """Return (n,) SDs by which pupils stand lower for the groups they are in."""
    if plan.shock(0).equal_groups:
        return np.zeros(len(person))
    black = people.ethnicity == list(ETHNICITY).index("Black")
    groups = (people.member("fsm") * 1.0 + people.member("sen") + (black & people.recorded))[person]
    return np.asarray(GAP * min(plan.engagement_effect, 1.0) * groups, np.float64)
