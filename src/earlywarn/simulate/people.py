"""What pupils are: free meals, special needs, language and the like, and for whom it is not recorded.

In:  the roster and the schools.
Out: `People`, one entry per pupil, the same in every school and year.

Shares are England's (January 2025, state-funded schools); special needs are about
twice as common among pupils on free meals, and every pupil of a special school has a plan.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earlywarn.simulate.schools import School

Bools = NDArray[np.bool_]

NOT_RECORDED = 0.0095  # share with nothing on free meals or needs; they are absent far more
SEN_IF_FSM, SEN_IF_NOT = 0.255, 0.133
EHC_SHARE_OF_SEN = 0.19
SEN = ("N", "K", "E")  # none, support, a plan
FEMALE, FEMALE_IN_SPECIAL = 0.49, 0.28
EVER_FSM = 0.045  # share of the others who were on free meals in the last six years
LOOKED_AFTER = 0.007
EAL_SHARE = 0.26  # before the factors by ethnicity
ETHNICITY = {"White British": 0.63, "White other": 0.08, "Mixed": 0.07, "Asian": 0.13, "Black": 0.06, "Other": 0.03}
EAL_FACTOR = {"White British": 0.05, "White other": 3.0, "Mixed": 0.8, "Asian": 2.6, "Black": 1.7, "Other": 3.0}


@dataclass(frozen=True)
class People:
    """One entry per pupil; all arrays have shape (n_people,).

    sen       : place in `SEN`.
    ethnicity : place in `ETHNICITY`.
    recorded  : False where free meals, needs and the rest were never recorded.
    """

    female: Bools
    fsm: Bools
    sen: NDArray[np.int8]
    pupil_premium: Bools
    eal: Bools
    ethnicity: NDArray[np.int8]
    looked_after: Bools
    recorded: Bools

    def __len__(self) -> int:
        return len(self.fsm)

    def member(self, group: str) -> Bools:
        """Return (n_people,) bool: recorded as on free meals, on pupil premium, with special needs, or EAL."""
        flags = self.sen > 0 if group == "sen" else getattr(self, group)
        return np.asarray(flags & self.recorded)


def make_people(home: NDArray[np.int64], schools: Sequence[School], rng: np.random.Generator) -> People:
    """Return the pupils' characteristics; a school's share of free meals is that of its intake."""
    n = len(home)
    fsm = rng.random(n) < np.array([school.fsm_share for school in schools])[home]
    special = np.array([school.phase == "special" for school in schools])[home]
    has_sen = rng.random(n) < np.where(fsm, SEN_IF_FSM, SEN_IF_NOT)
    has_plan = rng.random(n) < EHC_SHARE_OF_SEN
    looked_after = rng.random(n) < LOOKED_AFTER
    ethnicity = rng.choice(len(ETHNICITY), n, p=list(ETHNICITY.values())).astype(np.int8)
    eal = rng.random(n) < EAL_SHARE * np.array([EAL_FACTOR[name] for name in ETHNICITY])[ethnicity]
    return People(
        female=rng.random(n) < np.where(special, FEMALE_IN_SPECIAL, FEMALE),
        fsm=fsm,
        sen=np.where(special | (has_sen & has_plan), 2, has_sen).astype(np.int8),
        pupil_premium=fsm | looked_after | (rng.random(n) < EVER_FSM),
        eal=eal,
        ethnicity=ethnicity,
        looked_after=looked_after,
        recorded=rng.random(n) >= NOT_RECORDED,
    )
