"""What pupils are: free meals, special needs, language and the like, and for whom it is not recorded.

In:  the roster and the schools.
Out: `People`, one entry per pupil, the same in every school and year.

Shares are England's (January 2025, state-funded schools); special needs are about
twice as common among pupils on free meals.
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
EVER_FSM = 0.045  # share of the others who were on free meals in the last six years
LOOKED_AFTER = 0.007
EAL_SHARE = 0.26  # before the factors by ethnicity
ETHNICITY = {"White British": 0.63, "White other": 0.08, "Mixed": 0.07, "Asian": 0.13, "Black": 0.06, "Other": 0.03}
EAL_FACTOR = {"White British": 0.05, "White other": 3.0, "Mixed": 0.8, "Asian": 2.6, "Black": 1.7, "Other": 3.0}


@dataclass(frozen=True)
class People:
    """One entry per pupil; all arrays have shape (n_people,).

    sen       : "N", "K" or "E".
    recorded  : False where free meals, needs and the rest were never recorded.
    """

    female: Bools
    fsm: Bools
    sen: NDArray[np.str_]
    pupil_premium: Bools
    eal: Bools
    ethnicity: NDArray[np.str_]
    looked_after: Bools
    recorded: Bools

    def __len__(self) -> int:
        return len(self.fsm)


def make_people(home: NDArray[np.int64], schools: Sequence[School], rng: np.random.Generator) -> People:
    """Return the pupils' characteristics; a school's share of free meals is that of its intake."""
    n = len(home)
    fsm = rng.random(n) < np.array([school.fsm_share for school in schools])[home]
    has_sen = rng.random(n) < np.where(fsm, SEN_IF_FSM, SEN_IF_NOT)
    sen = np.where(has_sen, np.where(rng.random(n) < EHC_SHARE_OF_SEN, "E", "K"), "N")
    looked_after = rng.random(n) < LOOKED_AFTER
    ethnicity = rng.choice(list(ETHNICITY), n, p=list(ETHNICITY.values()))
    eal = rng.random(n) < EAL_SHARE * np.array([EAL_FACTOR[name] for name in ETHNICITY])[_code(ethnicity)]
    return People(
        female=rng.random(n) < 0.49,
        fsm=fsm,
        sen=sen,
        pupil_premium=fsm | looked_after | (rng.random(n) < EVER_FSM),
        eal=eal,
        ethnicity=ethnicity,
        looked_after=looked_after,
        recorded=rng.random(n) >= NOT_RECORDED,
    )


def _code(ethnicity: NDArray[np.str_]) -> NDArray[np.int64]:
    """Return each pupil's place in `ETHNICITY`."""
    names = list(ETHNICITY)
    order = np.argsort(names)
    return order[np.searchsorted(names, ethnicity, sorter=order)]
