"""How much of a year a pupil tends to miss: England's distribution by group, as a two-part mixture, and its quantiles.

A pupil's tendency, the chance to be absent from any one session, follows
(1 - w) Beta(m1 k1, (1 - m1) k1) + w Beta(m2 k2, (1 - m2) k2), by phase, free meals and
special needs; pupils for whom these are not recorded are a group of their own.

What a year's marks then add up to spreads wider, since spells of absence come by chance.
The parameters are those with which the simulated years, spells and all, fall into the published bands:
`benchmarks/calibrate_simulator.py` finds them, from the enrolments of 2022/23 in `england/bands.csv`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, ndtr

from earlywarn.simulate import england
from earlywarn.simulate.england import Phase

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PHASES: tuple[Phase, ...] = ("primary", "secondary", "special")
# (phase, free meals, special needs); None is "not recorded". All pupils of special schools have needs.
GROUPS: tuple[tuple[Phase, bool | None, bool | None], ...] = (
    *((phase, fsm, sen) for phase in PHASES[:2] for fsm in (False, True) for sen in (False, True)),
    ("special", False, True),
    ("special", True, True),
    *((phase, None, None) for phase in PHASES),
)
EVERYONE = len(GROUPS)  # the distribution over all groups together
#                         w      m1      k1      m2     k2
PARAMETERS = np.array([
    (0.0607, 0.0442, 54.05, 0.1076, 2.87),  # primary, neither
    (0.0803, 0.0559, 41.02, 0.2286, 1.59),  # primary, special needs
    (0.1274, 0.0668, 36.59, 0.1820, 3.90),  # primary, free meals
    (0.1638, 0.0781, 29.63, 0.2595, 3.02),  # primary, both
    (0.1041, 0.0527, 42.97, 0.2196, 1.76),  # secondary, neither
    (0.1796, 0.0623, 33.19, 0.3534, 1.26),  # secondary, special needs
    (0.2138, 0.0804, 25.67, 0.3505, 2.02),  # secondary, free meals
    (0.3089, 0.0912, 21.08, 0.4331, 1.93),  # secondary, both
    (0.1456, 0.0685, 29.50, 0.4328, 1.28),  # special
    (0.2000, 0.0866, 20.80, 0.4630, 1.42),  # special, free meals
    (0.2712, 0.0871, 4.42, 0.9200, 0.8000),  # primary, not recorded
    (0.3737, 0.1514, 2.56, 0.9200, 0.8097),  # secondary, not recorded
    (0.3737, 0.1514, 2.56, 0.9200, 0.8097),  # special, not recorded
])  # fmt: skip

PROPENSITY = np.linspace(-5, 5, 1001)
_SHARE = np.concatenate([np.linspace(0, 0.3, 1500, endpoint=False), np.linspace(0.3, 1, 1501)])


def group_of(phase: Phase, fsm: Bools, sen: Bools, recorded: Bools) -> Ints:
    """Return each pupil's place in `GROUPS`."""
    number = PHASES.index(phase)
    first = GROUPS.index((phase, False, phase == "special"))
    known = first + (1 * fsm if phase == "special" else 2 * fsm + 1 * sen)
    return np.where(recorded, known, GROUPS.index((PHASES[number], None, None)))


def tendency(propensity: NDArray[np.floating], group: Ints) -> Floats:
    """Return the chance to be absent from a session.

    propensity : (n, ...) standard normal over the pupils of a group; higher is more absence.
    group      : (n,) place in `GROUPS`, or `EVERYONE`.
    returns    : (n, ...) 0 to 1, with the group's distribution.

    >>> neither, both = tendency(np.zeros(2), np.array([0, 7]))
    >>> bool(0.03 < neither < 0.05), bool(0.08 < both < 0.13)
    (True, True)
    """
    steps = len(PROPENSITY) - 1  # of equal width, so that a value's place among them is arithmetic, not a search
    place = np.clip((propensity - PROPENSITY[0]) * (steps / np.ptp(PROPENSITY)), 0, steps)
    step = np.minimum(place.astype(np.int32), steps - 1)
    beyond = place - step
    shares = np.empty(propensity.shape)
    for one in np.unique(group):
        here = group == one
        at, values = step[here], _quantiles(int(one))
        shares[here] = values[at] + beyond[here] * np.diff(values)[at]
    return shares


def quantiles(parameters: Floats) -> Floats:
    """Return the tendency at each step of `PROPENSITY`, for one mixture's w, m1, k1, m2, k2."""
    return _inverse(_below(parameters))


@cache
def _quantiles(group: int) -> Floats:
    if group < EVERYONE:
        return quantiles(PARAMETERS[group])
    enrolments = [england.bands(phase, fsm, sen).sum() if fsm is not None else 0 for phase, fsm, sen in GROUPS]
    below = np.average([_below(row) for row in PARAMETERS], axis=0, weights=enrolments)
    return _inverse(below)


def _below(parameters: Floats) -> Floats:
    """Return the share of pupils below each step of `_SHARE`."""
    w, m1, k1, m2, k2 = parameters
    below = (1 - w) * betainc(m1 * k1, (1 - m1) * k1, _SHARE) + w * betainc(m2 * k2, (1 - m2) * k2, _SHARE)
    return np.asarray(below, np.float64)


def _inverse(below: Floats) -> Floats:
    return np.asarray(np.interp(ndtr(PROPENSITY), below, _SHARE), np.float64)
