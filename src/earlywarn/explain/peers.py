"""What is usual among a person's like: medians of the scored cohort itself.

In:  the values of everyone scored, who is in which school and year group.
Out: for each listed person and feature the median of the nearest group with at least ten
     known values, and that group's name. From fewer people no median is shown.

A pupil stands beside the year group of the school, then the school, then all schools
scored; staff beside all staff scored, since a team or a school is too few.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from earlywarn.config import Population
from earlywarn.disclosure import RESPONDENTS_FROM

Group = Literal["year group", "school", "everyone"]
Against = Literal["peers", "school", "everyone", "itself"]
# Which groups a feature may be compared with, by where its wording starts.
_ALLOWED: dict[Against, tuple[Group, ...]] = {
    "peers": ("year group", "school", "everyone"),
    "school": ("school", "everyone"),
    "everyone": ("everyone",),
    "itself": (),
}


@dataclass(frozen=True)
class Usual:
    """What is usual for each listed person's like.

    median : (listed, features), NaN where nothing is shown.
    group  : (listed, features) place in `groups`, -1 where nothing is shown.
    """

    median: NDArray[np.float64]
    group: NDArray[np.int8]
    groups: tuple[Group, ...]


def usual(
    values: NDArray[np.float32],
    against: Sequence[Against],
    people: pd.DataFrame,
    listed: NDArray[np.int64],
    population: Population,
) -> Usual:
    """Return the medians to compare listed people with.

    values  : (people, features), NaN where not known.
    against : for each feature, the nearest group its wording allows.
    listed  : rows of the people who are explained.
    """
    groups: tuple[Group, ...] = ("year group", "school", "everyone") if population == "pupils" else ("everyone",)
    median = np.full((len(listed), len(against)), np.nan)
    group = np.full(median.shape, -1, np.int8)
    for place, name in enumerate(groups):
        found = _medians(values, MEMBERS[name](people))[listed]
        allowed = np.array([name in _ALLOWED[start] for start in against])
        fills = np.isnan(median) & ~np.isnan(found) & allowed
        median[fills] = found[fills]
        group[fills] = place
    return Usual(median, group, groups)


def _medians(values: NDArray[np.float32], member: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return everyone's group medians, (people, features); NaN where fewer than ten values are known."""
    grouped = pd.DataFrame(values.astype(np.float64)).groupby(member)
    enough = grouped.median().where(grouped.count() >= RESPONDENTS_FROM)
    return enough.loc[member].to_numpy(np.float64)


def _number_of(columns: Sequence[str]) -> Callable[[pd.DataFrame], NDArray[np.int64]]:
    return lambda people: people.groupby(list(columns), dropna=False).ngroup().to_numpy().astype(np.int64)


# The number of each person's group.
MEMBERS: dict[Group, Callable[[pd.DataFrame], NDArray[np.int64]]] = {
    "year group": _number_of(("school_id", "year_group")),
    "school": _number_of(("school_id",)),
    "everyone": lambda people: np.zeros(len(people), np.int64),
}
