"""What an audit is made of: a row for each group and measure, and a row for each gap.

`value`, `low` and `high` (95% interval) are None where they cannot be estimated or may not be shown;
`status` says which, `why` says the reason in a few words.
"""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from earlywarn.evaluate.measures import Floats

Status = Literal["ok", "not estimable", "suppressed"]
NOT_ESTIMABLE: Status = "not estimable"


@dataclass(frozen=True)
class Key:
    """What a row is about: whose measure, on which list, of which group."""

    population: str
    group_by: str
    group: str
    contender: str
    measure: str


@dataclass(frozen=True)
class AuditRow:
    """A measure of one group.

    n           : rows (people on as-of dates) of the group; None if suppressed.
    numerator, denominator : value = numerator / denominator, added up over dates; people, with
                  fractions from ties, or for `auc` pairs of people. None for `calibration_slope`.
    """

    key: Key
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    numerator: float | None
    denominator: float | None
    status: Status
    why: str = ""


@dataclass(frozen=True)
class GapRow:
    """By how much a group's measure exceeds that of the group `against`.

    family_low, family_high : the interval that allows for all comparisons of the family; None outside it.
    smallest_shown : the smallest true gap that these data would have shown four times in five, taken alone.
    alarm          : the family-wise interval leaves out 0. It stays where the numbers are suppressed: it counts nobody.
    worse          : whether an alarm is to the group's disadvantage: more missed, or more listed in vain. It stays too.
    error, freedom : the standard error and its degrees of freedom; never written.
    differences    : (1 + clusters,) the gap with everyone, then without each cluster; never written.
    """

    key: Key
    against: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    smallest_shown: float | None
    status: Status
    why: str = ""
    family_low: float | None = None
    family_high: float | None = None
    alarm: bool = False
    worse: bool | None = None
    error: float | None = field(default=None, repr=False, compare=False)
    freedom: float = field(default=np.inf, repr=False, compare=False)
    differences: Floats = field(default_factory=lambda: np.empty(0), repr=False, compare=False)
